/**
 * Our prover and our verifier against stock snarkjs (ZK-5, ZK-6, ZK-7), for each circuit: the same
 * statement, one thread, in turns; in Node, and the built workers in Chromium. Then ours on two
 * threads (ZK-12) and with its sums by WebGPU (ZK-11), and a prover of another kind, which is
 * installed for this.
 *
 * Each run is what a validator does for an epoch or a challenge: witness, proof, and the check
 * of the own proof. Loading is measured apart. snarkjs runs on one thread, too: its worker
 * threads need a policy that the page does not have. The first run of each, on cold code, is
 * reported and not in the median.
 */

import type { Bench } from './bench.ts'
import { machineNow } from './machine.ts'
import { measured, medianOf, type Measured } from './measure.ts'
import { browserTable, measureBrowser } from './proof/browser.ts'
import { loadingTable, measureLoading } from './proof/loading.ts'
import { measurePeakMemory, peakMemoryTable } from './proof/peakMemory.ts'
import { measurePeer, peerTable } from './proof/peer.ts'
import { ourProver, snarkjsProver } from './proof/provers.ts'
import { measureSizes, sizesTable } from './proof/sizes.ts'
import { circuits, type Circuit } from './proof/statements.ts'
import { measureVerification, verificationTable } from './proof/verification.ts'

export const benchProof: Bench = async ({ runs }) => {
  const before = machineNow()
  const sizes = await measureSizes()
  const memory = await measurePeakMemory('emotional_proof')
  const measuredCircuits = []
  for (const circuit of circuits) measuredCircuits.push(await measureCircuit(circuit, runs))
  const loading = await measureLoading('emotional_proof', runs)
  const verification = await measureVerification(runs)
  const browser = await measureBrowser(runs)
  const peer = await measurePeer(runs)
  const after = machineNow()
  return {
    data: {
      bench: 'proof',
      machine: before,
      loadAverageAfter: after.loadAverage,
      sizes,
      memory,
      circuits: measuredCircuits,
      loading,
      verification,
      browser,
      peer,
    },
    table: [
      `${before.cpu}, ${before.coreCount} cores, node ${before.node}`,
      `load before ${text(before.loadAverage)}, after ${text(after.loadAverage)}`,
      ...sizesTable(sizes),
      ...peakMemoryTable(memory),
      ...measuredCircuits.flatMap(({ circuit, rows, cpuRatio }) => [
        `${circuit.padEnd(16)}${cells(['first wall', 'first cpu', 'median wall', 'median cpu'])}`,
        ...rows.map((row) => {
          const figures = [row.first.wallMs, row.first.cpuMs, row.medianWallMs, row.medianCpuMs]
          return row.name.padEnd(16) + cells(figures.map((ms) => `${ms.toFixed(0)} ms`))
        }),
        `processor time, ours to snarkjs: ${cpuRatio.toFixed(2)} (${runs} runs each, in turns)`,
      ]),
      ...loadingTable(loading),
      ...verificationTable(verification),
      ...browserTable(browser),
      ...peerTable(peer),
    ],
  }
}

async function measureCircuit(circuit: Circuit, runs: number): Promise<CircuitFigures> {
  const provers = { ours: ourProver(circuit), snarkjs: snarkjsProver(circuit) }
  const first = {
    ours: await measured(provers.ours),
    snarkjs: await measured(provers.snarkjs),
  }
  const later: Readonly<Record<keyof typeof provers, Measured[]>> = { ours: [], snarkjs: [] }
  for (let run = 0; run < runs; run += 1) {
    later.ours.push(await measured(provers.ours))
    later.snarkjs.push(await measured(provers.snarkjs))
  }
  const rows = (['ours', 'snarkjs'] as const).map((name) => ({
    name,
    first: first[name],
    runs: later[name],
    medianWallMs: medianOf(later[name].map(({ wallMs }) => wallMs)),
    medianCpuMs: medianOf(later[name].map(({ cpuMs }) => cpuMs)),
  }))
  const [ours, snarkjs] = rows
  return { circuit, rows, cpuRatio: (ours?.medianCpuMs ?? NaN) / (snarkjs?.medianCpuMs ?? NaN) }
}

interface CircuitFigures {
  readonly circuit: Circuit
  readonly rows: readonly {
    readonly name: string
    readonly first: Measured
    readonly runs: readonly Measured[]
    readonly medianWallMs: number
    readonly medianCpuMs: number
  }[]
  /** Median processor time, ours to snarkjs. */
  readonly cpuRatio: number
}

function cells(values: readonly string[]): string {
  return values.map((value) => value.padStart(13)).join('')
}

function text(loadAverage: readonly number[]): string {
  return loadAverage.map((load) => load.toFixed(1)).join(' ')
}
