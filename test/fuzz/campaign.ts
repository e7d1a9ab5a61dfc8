/** Feeds every target changes of good messages until it is told to stop; the same for a seed. */
import { seededRandom } from '../../sim/base/random.ts'
import { readCorpus, seedsOf, type CorpusEntry } from './corpus.ts'
import { mutated } from './mutate.ts'
import { mutatedJson } from './mutateJson.ts'
import { targets, type Target } from './targets.ts'

export interface Finding {
  readonly target: string
  readonly bytes: Uint8Array
  readonly what: string
}

export interface CampaignResult {
  readonly executions: number
  /** Of them: the bytes were good all the same. */
  readonly taken: number
  readonly findings: readonly Finding[]
}

/** Rounds of one execution for each target; one finding a target is enough. */
export function campaign(start: number, goesOn: (rounds: number) => boolean): CampaignResult {
  const random = seededRandom(start)
  const corpus = readCorpus()
  const lanes = [...targets()].map(([name, target]) => ({
    name,
    target,
    seeds: seedsOf(name, corpus),
  }))
  const all = lanes.flatMap(({ seeds }) => seeds)
  const findings = new Map<string, Finding>()
  let executions = 0
  let taken = 0
  for (let rounds = 0; goesOn(rounds); rounds += 1) {
    for (const { name, target, seeds } of lanes) {
      const seed = random.pick(seeds)
      const isText = name.startsWith('text-')
      const bytes = isText ? mutatedJson(random, seed) : mutated(random, seed, all)
      executions += 1
      const { isTaken, what } = tried(target, bytes)
      if (isTaken) taken += 1
      if (what === undefined || findings.has(name)) continue
      findings.set(name, { target: name, what, bytes: smallest(target, bytes) })
    }
  }
  return { executions, taken, findings: [...findings.values()] }
}

/** What a target says to bytes, a throw included. */
export function tried(
  target: Target,
  bytes: Uint8Array,
): { readonly isTaken: boolean; readonly what: string | undefined } {
  const before = Uint8Array.from(bytes)
  try {
    const isTaken = target(bytes)
    const isSame = before.every((byte, index) => byte === bytes[index])
    return { isTaken, what: isSame ? undefined : 'the bytes were changed' }
  } catch (thrown) {
    return { isTaken: false, what: String(thrown) }
  }
}

/** Fewer bytes that still fail: pieces are left out, large ones first. */
export function smallest(target: Target, failing: Uint8Array): Uint8Array {
  let bytes = failing
  for (let piece = bytes.length >> 1; piece >= 1; piece >>= 1) {
    for (let at = 0; at < bytes.length;) {
      const less = Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(at + piece)])
      if (tried(target, less).what === undefined) at += piece
      else bytes = less
    }
  }
  return bytes
}

export function entryOf({ target, bytes }: Finding, seed: number): CorpusEntry {
  return { target, name: `found-by-seed-${String(seed)}.bin`, bytes }
}
