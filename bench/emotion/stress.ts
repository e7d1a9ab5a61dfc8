/**
 * What heart rate against own rest separates in wrist data (Stress-Predict: rest, Stroop,
 * interview, hyperventilation): per person, with a bootstrap interval over people.
 *
 * Windows of 60 s each 30 s that lie within one label and hold at least fifteen intervals. A
 * person's own rest is the first half of the rest windows; the other half is what stress is told
 * from. The index is z of the heart rate with the floor of FIT-2. RMSSD is not used: the wrist
 * misses most beats of a minute.
 */

import { meanOf, namesIn, rowsOf, textOf } from './recordings.ts'

export interface StressPerson {
  readonly name: string
  readonly restWindows: number
  readonly stressWindows: number
  /** Heart rate in stress less that of the held-out rest, bpm. */
  readonly hrRise: number
  /** Chance that a stress window has the lower index than a rest window. */
  readonly auc: number
}

export interface StressSummary {
  readonly people: readonly StressPerson[]
  readonly meanAuc: number
  readonly aucInterval: readonly [number, number]
  readonly pooledAuc: number
  readonly pooledInterval: readonly [number, number]
  readonly risen: number
  /** Median share of a minute that intervals cover. */
  readonly medianCoverage: number
}

interface Sample {
  readonly z: number
  readonly isStress: boolean
}

const windowMs = 60_000
const stepMs = 30_000
const intervalsMin = 15
const windowsMin = 3
const hrSigmaMin = 3
const draws = 2000

export function stressSummary(): StressSummary {
  const coverages: number[] = []
  const people = namesIn('stress-predict/labels').flatMap((file) => {
    const name = file.replace('.csv', '')
    const person = personOf(name, coverages)
    return person === undefined ? [] : [person]
  })
  const random = generator(1)
  const drawn = Array.from({ length: draws }, () =>
    people
      .map(() => people[Math.floor(random() * people.length)])
      .filter((one) => one !== undefined),
  )
  const meanAuc = (some: typeof people): number => meanOf(some.map(({ row }) => row.auc))
  const pooled = (some: typeof people): number => aucOf(some.flatMap(({ samples }) => samples))
  coverages.sort((one, other) => one - other)
  return {
    people: people.map(({ row }) => row),
    meanAuc: meanAuc(people),
    aucInterval: interval(drawn.map(meanAuc)),
    pooledAuc: pooled(people),
    pooledInterval: interval(drawn.map(pooled)),
    risen: people.filter(({ row }) => row.hrRise > 0).length,
    medianCoverage: coverages[coverages.length >> 1] ?? NaN,
  }
}

function personOf(
  name: string,
  coverages: number[],
): { readonly row: StressPerson; readonly samples: readonly Sample[] } | undefined {
  const start = Number(textOf(`stress-predict/${name}/IBI.csv`).split(',')[0])
  const beats = rowsOf(`stress-predict/${name}/IBI.csv`).map(([at, ibi]) => ({
    timeMs: 1000 * (start + Number(at)),
    rrMs: 1000 * Number(ibi),
  }))
  const rest: number[] = []
  const stress: number[] = []
  for (const [from, to, label] of rowsOf(`stress-predict/labels/${name}.csv`)) {
    const end = 1000 * Number(to)
    for (let ms = 1000 * Number(from); ms + windowMs <= end; ms += stepMs) {
      const inside = beats.filter(({ timeMs }) => timeMs > ms && timeMs <= ms + windowMs)
      const coveredMs = inside.reduce((sum, { rrMs }) => sum + rrMs, 0)
      coverages.push(coveredMs / windowMs)
      if (inside.length < intervalsMin) continue
      const hr = (60_000 * inside.length) / coveredMs
      if (label?.trim() === '1') stress.push(hr)
      else rest.push(hr)
    }
  }
  const own = rest.slice(0, rest.length >> 1)
  const held = rest.slice(rest.length >> 1)
  if (own.length < windowsMin || held.length < windowsMin || stress.length < windowsMin) {
    return undefined
  }
  const centre = meanOf(own)
  const spread = Math.sqrt(own.reduce((sum, hr) => sum + (hr - centre) ** 2, 0) / (own.length - 1))
  const zOf = (hr: number): number => (centre - hr) / Math.max(hrSigmaMin, spread)
  const samples = [
    ...held.map((hr) => ({ z: zOf(hr), isStress: false })),
    ...stress.map((hr) => ({ z: zOf(hr), isStress: true })),
  ]
  const counts = { restWindows: held.length, stressWindows: stress.length }
  const hrRise = meanOf(stress) - meanOf(held)
  return { row: { name, ...counts, hrRise, auc: aucOf(samples) }, samples }
}

/** Ties count half. */
function aucOf(samples: readonly Sample[]): number {
  const rest = samples.filter(({ isStress }) => !isStress)
  const stress = samples.filter(({ isStress }) => isStress)
  let below = 0
  for (const one of stress) {
    for (const other of rest) below += one.z < other.z ? 1 : one.z === other.z ? 0.5 : 0
  }
  return below / (rest.length * stress.length)
}

/** The middle 95 %. */
function interval(values: readonly number[]): readonly [number, number] {
  const sorted = [...values].sort((one, other) => one - other)
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? NaN
  return [at(0.025), at(0.975)]
}

/** Park and Miller's: the same draws on every machine. */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 16_807) % 2_147_483_647
    return state / 2_147_483_647
  }
}
