/** The keys of a test chain's validator, with a list of all that they sign. */
import { hex } from '../../src/core/base/bytes.ts'
import type { BlsBackend } from '../../src/core/crypto/bls.ts'
import { testKeys } from '../../src/core/ledger/testChain.fixture.ts'
import type { EpochKey, Signer } from '../../src/ports/signer.ts'
import { testSigner } from './testSigner.ts'

export interface SpiedSigner {
  readonly signer: Signer
  /** What signed, in order: `identity`, `vrf`, `possession`, `epoch key`, `ml-dsa`. */
  readonly signed: string[]
}

/** `secrets`: BLS keys that this device has besides, as a checkpoint key. */
export function spiedSigner(
  bls: BlsBackend,
  index: number,
  secrets: readonly Uint8Array[] = [],
): SpiedSigner {
  const signed: string[] = []
  const plain = testSigner(bls, testKeys(bls, index), { index, epochs: [0] })
  const spied = <T>(what: string, value: T): T => {
    signed.push(what)
    return value
  }
  const keyOf = (key: EpochKey): EpochKey => ({
    ...key,
    sign: (message) => spied('epoch key', key.sign(message)),
    postQuantum: () => {
      const pair = key.postQuantum()
      return { ...pair, sign: (message) => spied('ml-dsa', pair.sign(message)) }
    },
  })
  const others = secrets.map((secret) => {
    const publicKey = bls.publicKey(secret)
    const sign = (message: Uint8Array): Uint8Array => bls.sign(secret, message)
    const none = (): never => {
      throw new Error('this key signs with BLS alone')
    }
    const possession = bls.provePossession(secret)
    return { slot: hex(publicKey), publicKey, possession, sign, postQuantum: none, sharing: none }
  })
  const signer: Signer = {
    ...plain,
    signIdentity: (message) => spied('identity', plain.signIdentity(message)),
    signVrf: (message) => spied('vrf', plain.signVrf(message)),
    proveVrfPossession: () => spied('possession', plain.proveVrfPossession()),
    createEpochKey: async () => keyOf(await plain.createEpochKey()),
    openEpochKey: async (slot) => {
      const other = others.find((one) => one.slot === slot)
      const opened = await plain.openEpochKey(slot)
      if (other !== undefined) return { ok: true, value: keyOf(other) }
      return opened.ok ? { ok: true, value: keyOf(opened.value) } : opened
    },
  }
  return { signer, signed }
}
