/**
 * `npm run bench -- NAME`: measures one thing and prints what it found.
 *
 *   --json     one JSON object instead of a table
 *   --runs N   how often each is measured, 5 if not said
 */

import { parseArgs } from 'node:util'
import { benchBeacon } from './beacon.ts'
import { benchBeaconBias } from './beaconBias.ts'
import type { Bench } from './bench.ts'
import { benchCheckpoint } from './checkpoint.ts'
import { benchConsensus } from './consensus.ts'
import { benchEmotion } from './emotion.ts'
import { benchLiveness } from './liveness.ts'
import { benchMainPath } from './mainPath.ts'
import { benchProof } from './proof.ts'
import { benchSignatures } from './signatures.ts'
import { benchThroughput } from './throughput.ts'

const benches: Readonly<Record<string, Bench>> = {
  beacon: benchBeacon,
  'beacon-bias': benchBeaconBias,
  checkpoint: benchCheckpoint,
  consensus: benchConsensus,
  emotion: benchEmotion,
  liveness: benchLiveness,
  'main-path': benchMainPath,
  proof: benchProof,
  signatures: benchSignatures,
  throughput: benchThroughput,
}
const runsMax = 1000

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false }, runs: { type: 'string', default: '5' } },
})
const [name = '', ...more] = positionals
const bench = benches[name]
const runs = Number(values.runs)

if (bench === undefined || more.length > 0) {
  console.error(`Say which: npm run bench -- ${Object.keys(benches).join(' | ')}`)
  process.exitCode = 2
} else if (!Number.isInteger(runs) || runs < 1 || runs > runsMax) {
  console.error(`--runs takes a number from 1 to ${runsMax}.`)
  process.exitCode = 2
} else {
  const { data, table } = await bench({ runs })
  console.log(values.json ? JSON.stringify(data, undefined, 2) : table.join('\n'))
}
