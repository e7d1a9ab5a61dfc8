/**
 * What the ceremony takes from snarkjs, which ships no types (ZK-9). Files stay in memory, so that
 * nothing half-written or secret reaches a disk; an exception becomes its reason.
 */

// @ts-expect-error snarkjs ships no types.
import { zKey as untyped } from 'snarkjs'
import { err, ok, type Result } from '../../src/core/base/result.ts'
import { buildCurve, type Curve, type Logger } from '../setup/curve.ts'

interface Memory {
  readonly type: 'mem'
  data?: Uint8Array
}

type Source = Uint8Array | Memory

interface ZKey {
  newZKey(r1cs: Source, ptau: Source, zkey: Memory, logger?: Logger): Promise<Uint8Array | -1>
  contribute(source: Source, target: Memory, name: string, entropy: string): Promise<Uint8Array>
  beacon(
    source: Source,
    target: Memory,
    name: string,
    hash: string,
    iterationsExponent: number,
    logger: Logger,
  ): Promise<Uint8Array | false>
  verifyFromInit(first: Source, ptau: Source, zkey: Source, logger: Logger): Promise<boolean>
  exportVerificationKey(zkey: Source): Promise<Readonly<Record<string, unknown>>>
}

const zKey = untyped as unknown as ZKey

/** A reason in the words of snarkjs. */
type Made<T> = Result<T, string>

/** The first key of a circuit, before any contribution. */
export function firstKey(r1cs: Uint8Array, ptau: Uint8Array): Promise<Made<Uint8Array>> {
  return written((target) => zKey.newZKey(r1cs, ptau, target))
}

/** `entropy` comes on top of what snarkjs draws from the platform itself. */
export function contributed(
  source: Uint8Array,
  name: string,
  entropy: string,
): Promise<Made<Uint8Array>> {
  return written((target) => zKey.contribute(source, target, name, entropy))
}

export function closed(
  source: Uint8Array,
  name: string,
  hash: string,
  iterationsExponent: number,
): Promise<Made<Uint8Array>> {
  const { logger } = heard()
  return written((target) => zKey.beacon(source, target, name, hash, iterationsExponent, logger))
}

/** Whether `key` follows from the first key by the contributions that it tells of. */
export async function follows(
  first: Uint8Array,
  ptau: Uint8Array,
  key: Uint8Array,
): Promise<Made<void>> {
  const { logger, lines } = heard()
  try {
    if (await zKey.verifyFromInit(first, ptau, key, logger)) return ok(undefined)
    return err(lines.at(-1) ?? 'a contribution does not follow from the one before')
  } catch (error) {
    return err(String(error))
  }
}

export async function verificationKey(key: Uint8Array): Promise<Made<Uint8Array>> {
  try {
    const json = await zKey.exportVerificationKey(key)
    return ok(new Uint8Array(Buffer.from(`${JSON.stringify(json, null, 1)}\n`)))
  } catch (error) {
    return err(String(error))
  }
}

interface Wiped {
  readonly curve: Curve
  /** Scalars that were drawn or inverted: among them the secret. */
  readonly scalars: Uint8Array[]
}

/**
 * Runs `work` on a curve of its own, in one WebAssembly memory on this thread, and overwrites that
 * memory and each scalar that was drawn. What JavaScript copied besides lasts until the process
 * ends: contribute in one that ends at once.
 */
export async function onErasedCurve<T>(work: () => Promise<T>): Promise<T> {
  const { curve, scalars } = await watchedCurve()
  const global = globalThis as { curve_bn128?: unknown }
  const before = global.curve_bn128
  global.curve_bn128 = curve
  try {
    return await work()
  } finally {
    global.curve_bn128 = before
    for (const scalar of scalars) scalar.fill(0)
    new Uint8Array(curve.tm.memory.buffer).fill(0)
  }
}

interface ScalarField {
  fromRng(rng: unknown): Uint8Array
  inv(element: Uint8Array): Uint8Array
}

async function watchedCurve(): Promise<Wiped> {
  const curve = await buildCurve(true)
  const scalars: Uint8Array[] = []
  const field = curve.Fr as unknown as ScalarField
  const [fromRng, inv] = [field.fromRng.bind(field), field.inv.bind(field)]
  const kept = (scalar: Uint8Array): Uint8Array => {
    scalars.push(scalar)
    return scalar
  }
  Object.assign(field, {
    fromRng: (rng: unknown) => kept(fromRng(rng)),
    inv: (element: Uint8Array) => kept(inv(element)),
  })
  return { curve, scalars }
}

async function written(
  write: (target: Memory) => Promise<Uint8Array | false | -1>,
): Promise<Made<Uint8Array>> {
  const target: Memory = { type: 'mem' }
  try {
    const outcome = await write(target)
    if (outcome === false || outcome === -1) return err('snarkjs refused its input')
    return target.data === undefined ? err('snarkjs wrote nothing') : ok(target.data)
  } catch (error) {
    return err(String(error))
  }
}

/** What snarkjs says is wrong. */
function heard(): { readonly logger: Logger; readonly lines: string[] } {
  const lines: string[] = []
  const ignore = (): void => undefined
  const error = (message: string): void => void lines.push(message)
  return { logger: { debug: ignore, info: ignore, warn: error, error }, lines }
}
