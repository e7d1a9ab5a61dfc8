/**
 * `npm run bench -- NAME`: measures one thing and prints what it found.
 *
 *   --json     one JSON object instead of a table
 *   --runs N   how often each is measured, 5 if not said
 *   --blocks N how long the chain of `memory` gets, 4000 if not said
 *   --svg FILE a plot, of what has one
 */

import { writeFileSync } from 'node:fs'
import { commandLine, refuse, wholeNumber } from '../scripts/lib/commandLine.ts'
import { benchBeacon } from './beacon.ts'
import { benchBeaconBias } from './beaconBias.ts'
import type { Bench } from './bench.ts'
import { benchCamera } from './camera.ts'
import { benchCheckpoint } from './checkpoint.ts'
import { benchConsensus } from './consensus.ts'
import { benchConsensusCost } from './consensusCost.ts'
import { benchLiveness } from './liveness.ts'
import { benchMainPath } from './mainPath.ts'
import { benchMemory } from './memory.ts'
import { benchProof } from './proof.ts'
import { benchProofGrowth } from './proofGrowth.ts'
import { benchProofSums } from './proofSums.ts'
import { benchSignatures } from './signatures.ts'
import { benchThroughput } from './throughput.ts'

const benches: Readonly<Record<string, Bench>> = {
  beacon: benchBeacon,
  'beacon-bias': benchBeaconBias,
  camera: benchCamera,
  checkpoint: benchCheckpoint,
  consensus: benchConsensus,
  'consensus-cost': benchConsensusCost,
  // Its peer brings along a library that speaks when it is loaded.
  emotion: async (options) => (await import('./emotion.ts')).benchEmotion(options),
  liveness: benchLiveness,
  'main-path': benchMainPath,
  memory: benchMemory,
  proof: benchProof,
  'proof-growth': benchProofGrowth,
  'proof-sums': benchProofSums,
  signatures: benchSignatures,
  throughput: benchThroughput,
}
const runsMax = 1000
const blocksMax = 10_000_000

const { values, positionals } = commandLine({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    runs: { type: 'string', default: '5' },
    blocks: { type: 'string' },
    svg: { type: 'string' },
  },
})
const [name = '', ...more] = positionals
const bench = benches[name]
const runs = wholeNumber('runs', values.runs, { least: 1, most: runsMax })
const blocks =
  values.blocks === undefined
    ? undefined
    : wholeNumber('blocks', values.blocks, { least: 80, most: blocksMax })
if (bench === undefined || more.length > 0) {
  refuse('BENCH_UNKNOWN', `Say which: npm run bench -- ${Object.keys(benches).join(' | ')}`)
}

const { data, table, svg } = await bench({ runs, ...(blocks !== undefined && { blocks }) })
console.log(values.json ? JSON.stringify(data, undefined, 2) : table.join('\n'))
if (values.svg !== undefined) {
  if (svg === undefined) refuse('BENCH_UNPLOTTED', `--svg: there is no plot of ${name}.`)
  writeFileSync(values.svg, svg)
}
