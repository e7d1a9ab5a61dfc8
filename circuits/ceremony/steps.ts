/** The three steps that make a key of a ceremony from the one before it (ZK-9). */

import { randomBytes } from 'node:crypto'
import { err, ok, type Result } from '../../src/core/base/result.ts'
import type { CircuitFile } from './circuitFile.ts'
import { beaconBytes, beaconExponents, isName, type Contribution } from './contributions.ts'
import type { CeremonyError } from './errors.ts'
import { isClosed, readCeremonyKey, type CeremonyKey } from './keyFile.ts'
import type { PowersOfTau } from './powersOfTauFile.ts'
import { closed, contributed, firstKey, onErasedCurve } from './snarkjs.ts'

type Step = Result<CeremonyKey, CeremonyError>

const beaconName = 'beacon'

/** The key before any contribution: the same for everybody who has the circuit and the powers. */
export async function startCeremony(circuit: CircuitFile, ptau: PowersOfTau): Promise<Step> {
  const { power } = ptau
  if (power < circuit.power) {
    return err({ code: 'CEREMONY_PTAU_SMALL', power, needed: circuit.power })
  }
  const made = await firstKey(circuit.bytes, ptau.bytes)
  return made.ok ? written(made.value) : invalid(made.error)
}

/**
 * `text` is what somebody typed, as much as they like: it can only add to 128 bytes from the
 * platform's generator (RAND-1), 64 drawn here and 64 by snarkjs.
 */
export async function contributeTo(
  key: CeremonyKey,
  options: { readonly name: string; readonly text: string },
): Promise<Step> {
  const { name, text } = options
  if (isClosed(key)) return err({ code: 'CEREMONY_CLOSED' })
  if (!isName(name)) return err({ code: 'CEREMONY_NAME' })
  const drawn = randomBytes(64)
  const made = await onErasedCurve(() =>
    contributed(key.bytes, name, `${drawn.toString('hex')} ${text}`),
  )
  drawn.fill(0)
  return made.ok ? grown(key, made.value) : invalid(made.error)
}

/** The value is hashed 2^`iterationsExponent` times: whoever chose it late could not try many. */
export async function closeCeremony(
  key: CeremonyKey,
  beacon: { readonly hash: string; readonly iterationsExponent: number },
): Promise<Step> {
  const { hash, iterationsExponent } = beacon
  if (isClosed(key)) return err({ code: 'CEREMONY_CLOSED' })
  const byteCount = hash.length / 2
  const isValue =
    /^([\da-f]{2})+$/.test(hash) && byteCount >= beaconBytes.least && byteCount <= beaconBytes.most
  if (!isValue) return err({ code: 'CEREMONY_BEACON_VALUE', part: 'hash' })
  const { least, most } = beaconExponents
  const isExponent =
    Number.isInteger(iterationsExponent) &&
    iterationsExponent >= least &&
    iterationsExponent <= most
  if (!isExponent) return err({ code: 'CEREMONY_BEACON_VALUE', part: 'iterations' })
  const made = await closed(key.bytes, beaconName, hash, iterationsExponent)
  return made.ok ? grown(key, made.value) : invalid(made.error)
}

/** The contribution that a step has just added. */
export function lastOf({ list }: CeremonyKey): Contribution | undefined {
  return list.at(-1)
}

/** Read back as everybody else will: one contribution more, and the others as they were. */
function grown(before: CeremonyKey, bytes: Uint8Array): Step {
  const after = written(bytes)
  if (!after.ok) return after
  const isOneMore = after.value.list.length === before.list.length + 1
  const isAfter = before.list.every(({ hash }, index) => after.value.list[index]?.hash === hash)
  return isOneMore && isAfter ? after : invalid('snarkjs wrote another history')
}

function written(bytes: Uint8Array): Step {
  const read = readCeremonyKey({ file: 'the new key', bytes })
  return read.ok ? ok(read.value) : read
}

function invalid(reason: string): Step {
  return err({ code: 'CEREMONY_CHAIN_INVALID', reason })
}
