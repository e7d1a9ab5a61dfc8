/**
 * The steps that a signature and its check consist of (SIG-1), on points that were decoded before:
 * the library's own `sign` and `verify` hash the message to the curve at each call.
 *
 * These are functions of the same module (mcl, `bls.h` and `bn.h`) that its classes call and its
 * declarations leave out: `blsSign` is `hashAndMapTo` and `mulCT`, `blsVerify` is `hashAndMapTo`
 * and `blsVerifyPairing`. Curve points are as the library holds them; none is infinity here.
 */

import library from 'bls-eth-wasm'
import { assert } from '../../core/base/assert.ts'
import { utf8 } from '../../core/base/bytes.ts'

type PublicPoint = InstanceType<typeof library.PublicKey>
type SecretScalar = InstanceType<typeof library.SecretKey>
type SignaturePoint = InstanceType<typeof library.Signature>

/** An address in the module's memory. */
type Pointer = number

interface Module {
  stackSave(): Pointer
  stackRestore(stack: Pointer): void
  /** Copies a value onto the stack. */
  sallocCopy(value: Uint32Array): Pointer
  callSetInput(call: unknown, out: Uint32Array, input: Uint8Array): void
  callOp2(call: unknown, out: Uint32Array, left: Uint32Array, right: Uint32Array): void
  readonly _blsHashToSignature: unknown
  /** In constant time: the scalar is secret. */
  readonly _mclBnG2_mulCT: unknown
  /** Whether e(G, signature) = e(key, message); 1 for yes. */
  _blsVerifyPairing(signature: Pointer, message: Pointer, key: Pointer): number
}

/** What the library's own declarations leave out. */
interface Undeclared {
  readonly mod: Module
  /** The domain of hashing to G2, one for the whole instance. */
  setDstG2(domain: string): void
}

/** A value as the module's memory holds it. */
interface Held {
  readonly a_: Uint32Array
}

const undeclared = library as unknown as Undeclared

function words(value: PublicPoint | SecretScalar | SignaturePoint): Uint32Array {
  return (value as unknown as Held).a_
}

/** The module reads this many bytes of a domain, whatever its length: as many as ours have. */
const domainBytes = 43

export function setDomain(domain: string): void {
  assert(utf8(domain).length === domainBytes, 'a domain of this module has 43 bytes')
  undeclared.setDstG2(domain)
}

/** RFC 9380, BLS12381G2_XMD:SHA-256_SSWU_RO_ in the domain that is set. */
export function hashToPoint(message: Uint8Array): SignaturePoint {
  const { mod } = undeclared
  const point = new library.Signature()
  mod.callSetInput(mod._blsHashToSignature, words(point), message)
  return point
}

export function signPoint(secret: SecretScalar, message: SignaturePoint): SignaturePoint {
  const { mod } = undeclared
  const signature = new library.Signature()
  mod.callOp2(mod._mclBnG2_mulCT, words(signature), words(message), words(secret))
  return signature
}

export function pairingHolds(
  key: PublicPoint,
  message: SignaturePoint,
  signature: SignaturePoint,
): boolean {
  const { mod } = undeclared
  const stack = mod.stackSave()
  try {
    const [left, right] = [mod.sallocCopy(words(signature)), mod.sallocCopy(words(message))]
    return mod._blsVerifyPairing(left, right, mod.sallocCopy(words(key))) === 1
  } finally {
    mod.stackRestore(stack)
  }
}
