/**
 * What a worker does before its first proof: a key from its file, and from the copy in the kernel's
 * form that the worker before it kept (ZK-6), hashes and witness generator included. In Node; where
 * the bytes come from is not measured.
 */

import { Groth16Prover } from '../../workers/prover/groth16/groth16Prover.ts'
import { measured, medianOf, type Measured } from '../measure.ts'
import { fileOf, namesOf, type Circuit } from './statements.ts'

const sides = ['file', 'copy'] as const

export interface LoadingFigures {
  readonly circuit: Circuit
  readonly imageBytes: number
  readonly rows: readonly {
    readonly name: (typeof sides)[number]
    readonly runs: readonly Measured[]
    readonly medianWallMs: number
    readonly medianCpuMs: number
  }[]
}

export async function measureLoading(circuit: Circuit, runs: number): Promise<LoadingFigures> {
  const [wasm, zkey] = namesOf(circuit).map((name) => new Uint8Array(fileOf(name))) as [
    Uint8Array<ArrayBuffer>,
    Uint8Array<ArrayBuffer>,
  ]
  const first = await Groth16Prover.load(wasm, zkey)
  if (!first.ok) throw new Error(first.error.code)
  const image = await first.value.image()
  const load = {
    file: async () => {
      // As it is checked before it is read.
      await crypto.subtle.digest('SHA-256', zkey)
      const loaded = await Groth16Prover.load(wasm, zkey)
      if (!loaded.ok) throw new Error(loaded.error.code)
    },
    copy: async () => {
      const loaded = await Groth16Prover.loadImage(wasm, image)
      if (!loaded.ok) throw new Error(loaded.error.code)
    },
  }
  const later: Readonly<Record<(typeof sides)[number], Measured[]>> = { file: [], copy: [] }
  for (let run = 0; run < runs; run += 1) {
    for (const side of sides) later[side].push(await measured(load[side]))
  }
  const rows = sides.map((name) => ({
    name,
    runs: later[name],
    medianWallMs: medianOf(later[name].map(({ wallMs }) => wallMs)),
    medianCpuMs: medianOf(later[name].map(({ cpuMs }) => cpuMs)),
  }))
  return { circuit, imageBytes: image.length, rows }
}

export function loadingTable({ circuit, imageBytes, rows }: LoadingFigures): readonly string[] {
  return [
    `${circuit}: a key to load, kept in ${(imageBytes / 1e6).toFixed(1)} MB`,
    ...rows.map(({ name, medianWallMs, medianCpuMs }) => {
      const figures = [medianWallMs, medianCpuMs].map((ms) => `${ms.toFixed(0)} ms`.padStart(13))
      return `${`from its ${name}`.padEnd(16)}${figures.join('')}`
    }),
  ]
}
