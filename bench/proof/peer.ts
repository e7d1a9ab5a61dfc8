/**
 * Our prover beside another one that installs from npm: o1js (Kimchi and Pickles over Pasta), on
 * the statement of `emotional_proof`, clause by clause, each in a process of its own.
 *
 * The peer's statement has clauses 1, 2, 5 and the score of clause 4 with the same integers, and
 * takes and refuses the same threshold as ours; the rhythm (clause 3) and the states (FIT-3) are
 * in ours alone. It differs in field and Poseidon, and in what is compared: its proofs need no
 * ceremony, and are wrapped so that another program can verify them.
 */

import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { medianOf, type Measured } from '../measure.ts'
import { sides, type PeerFigures, type Side } from './peer/figures.ts'
import { installedPeer } from './peer/install.ts'

/** A proof of the peer takes a minute on a slow machine. */
const runsMax = 3
const reasonLengthMax = 400

/** A side that could not be measured says why. */
export type PeerOutcome = PeerFigures | { readonly side: Side; readonly reason: string }

const root = fileURLToPath(new URL('../../', import.meta.url))
const child = fileURLToPath(new URL('./peer/child.ts', import.meta.url))

export async function measurePeer(runs: number): Promise<readonly PeerOutcome[]> {
  const outcomes: PeerOutcome[] = []
  for (const side of sides) outcomes.push(await measureSide(side, Math.min(runs, runsMax)))
  return outcomes
}

async function measureSide(side: Side, runs: number): Promise<PeerOutcome> {
  try {
    const folder = side === 'o1js' ? await installedPeer() : ''
    const command = ['scripts/run.js', child, side, String(runs), folder]
    const { stdout } = await promisify(execFile)(process.execPath, command, { cwd: root })
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as PeerFigures
  } catch (error) {
    return { side, reason: String(error).replaceAll('\n', ' ').slice(0, reasonLengthMax) }
  }
}

export function peerTable(outcomes: readonly PeerOutcome[]): readonly string[] {
  const head = ['size', 'key', 'proof', 'cpu', 'check', 'cpu', 'bytes', 'memory']
  const lines = outcomes.map((outcome) => {
    if ('reason' in outcome) return `${outcome.side.padEnd(16)}not measured: ${outcome.reason}`
    const { size, preparing, proving, verifying, proofBytes, peakBytes } = outcome
    const cells = [
      String(size),
      seconds(preparing.wallMs),
      ...[proving, verifying].flatMap((times) => [
        seconds(median(times, ({ wallMs }) => wallMs)),
        seconds(median(times, ({ cpuMs }) => cpuMs)),
      ]),
      String(proofBytes),
      `${String(Math.round(peakBytes / 1e6))} MB`,
    ]
    return outcome.side.padEnd(16) + cells.map((cell) => cell.padStart(10)).join('')
  })
  const [ours, theirs] = outcomes.map((outcome) =>
    'reason' in outcome ? NaN : median(outcome.proving, ({ cpuMs }) => cpuMs),
  )
  const ratio = (theirs ?? NaN) / (ours ?? NaN)
  return [
    `${'emotional_proof'.padEnd(16)}${head.map((cell) => cell.padStart(10)).join('')}`,
    ...lines,
    `processor time of a proof, o1js to ours: ${ratio.toFixed(0)}`,
    'by 2.15.0 in WebAssembly over Pasta, without clause 3, states and ceremony, wrapped;',
    'size: constraints or rows',
  ]
}

function median(times: readonly Measured[], of: (time: Measured) => number): number {
  return medianOf(times.map(of))
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(3)} s`
}
