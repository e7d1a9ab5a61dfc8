/**
 * What a checkpoint costs who verifies it (CKPT-1): sets of 100, 1000 and 10,000 voters of equal
 * stake, of whom 2/3 signed, with blst (Node) and mcl in WebAssembly (tabs). Processor time of one
 * thread. The first run decodes the keys, on cold code; it stands by itself. The others are what a
 * node pays whose backend holds the keys of the set. The last rows are what gathering the votes of
 * the largest set costs one node, one by one and by subnets, once each.
 */

import { blsBlst } from '../src/adapters/crypto/blsBlst.ts'
import { loadBlsWasm } from '../src/adapters/crypto/blsWasm.ts'
import { defaultParams as params } from '../src/core/params.ts'
import { aggregatorsOf, subnetsOf } from '../src/core/checkpoint/subnets.ts'
import { verifyCheckpoint } from '../src/core/checkpoint/verifyCheckpoint.ts'
import { readVoterSet } from '../src/core/checkpoint/voterSet.ts'
import type { BlsBackend } from '../src/core/crypto/bls.ts'
import type { Bench } from './bench.ts'
import { measureGathering, type GatheringRow } from './checkpoint/gathering.ts'
import { makeWorld, type World } from './checkpoint/world.ts'
import { machineNow } from './machine.ts'
import { measured, medianOf } from './measure.ts'

const sizes = [100, 1_000, 10_000] as const

interface Row {
  readonly name: string
  readonly firstCpuMs: number
  readonly medianCpuMs: number
  readonly leastCpuMs: number
}

export const benchCheckpoint: Bench = async ({ runs }) => {
  const before = machineNow()
  const wasm = await loadBlsWasm()
  const results: { voters: number; signers: number; bytes: object; rows: readonly Row[] }[] = []
  let gathering: readonly GatheringRow[] = []
  for (const voters of sizes) {
    const world = makeWorld(voters)
    const rows: Row[] = []
    for (const [name, perform] of operationsOf(world, [blsBlst, wasm])) {
      const cpuMs: number[] = []
      let firstCpuMs = 0
      for (let run = -1; run < runs; run += 1) {
        const one = await measured(() => {
          perform()
          return Promise.resolve()
        })
        if (run < 0) firstCpuMs = one.cpuMs
        else cpuMs.push(one.cpuMs)
      }
      const leastCpuMs = Math.min(...cpuMs)
      rows.push({ name, firstCpuMs, medianCpuMs: medianOf(cpuMs), leastCpuMs })
    }
    const { signers, setBytes, plain, full, postQuantum } = world
    const bytes = { set: setBytes.length, plain: plain.length, full: full.length, postQuantum }
    results.push({ voters, signers, bytes, rows })
    if (voters === sizes.at(-1)) {
      gathering = [blsBlst, wasm].flatMap((bls) => measureGathering(world, bls))
    }
  }
  const after = machineNow()
  return {
    data: {
      bench: 'checkpoint',
      machine: before,
      loadAverageAfter: after.loadAverage,
      results,
      gathering,
    },
    table: [
      `${before.cpu}, ${before.coreCount} cores, node ${before.node}`,
      `load before ${text(before.loadAverage)}, after ${text(after.loadAverage)}`,
      `processor time: first run, then median and least of ${runs}`,
      ...results.flatMap(({ voters, signers, bytes, rows }) => [
        `${voters} voters, ${signers} signed; bytes: ${JSON.stringify(bytes)}`,
        ...rows.map(
          ({ name, firstCpuMs, medianCpuMs, leastCpuMs }) =>
            `  ${name.padEnd(44)}${cell(firstCpuMs)} ms` +
            `${cell(medianCpuMs)} ms${cell(leastCpuMs)} ms`,
        ),
      ]),
      `gathering the votes of ${sizes.at(-1)}, of a node: processor time, bytes in and out`,
      ...gathering.map(
        ({ name, cpuMs, bytesIn, bytesOut }) =>
          `  ${name.padEnd(44)}${cell(cpuMs)} ms${bytes(bytesIn)}${bytes(bytesOut)}`,
      ),
    ],
  }
}

function bytes(count: number): string {
  return count.toLocaleString('en').padStart(12)
}

function operationsOf(
  world: World,
  backends: readonly BlsBackend[],
): readonly (readonly [name: string, perform: () => void])[] {
  const { set, setBytes, held } = world
  const seed = { beacon: held.content.beacon, number: 2 }
  const verify = (bytes: Uint8Array, bls: BlsBackend) => () => {
    const shown = { bytes, named: set, postQuantumNamed: set }
    const verified = verifyCheckpoint(held, shown, { params, bls })
    if (!verified.ok) throw new Error(verified.error.code)
  }
  return [
    ...backends.map((bls) => [`checkpoint, ${bls.name}`, verify(world.plain, bls)] as const),
    [`checkpoint with ${world.postQuantum} ML-DSA-87, blst`, verify(world.full, blsBlst)],
    [
      'set decoded and held against its root',
      () => {
        if (!readVoterSet(setBytes, set.root).ok) throw new Error('the set is refused')
      },
    ],
    [
      'subnets',
      () => {
        subnetsOf(set.voters.length, seed)
      },
    ],
    [
      'aggregators of one subnet, with the subnets',
      () => {
        aggregatorsOf(set, subnetsOf(set.voters.length, seed)[0] ?? [], seed)
      },
    ],
  ]
}

function cell(ms: number): string {
  return ms.toFixed(1).padStart(10)
}

function text(loadAverage: readonly number[]): string {
  return loadAverage.map((load) => load.toFixed(1)).join(' ')
}
