/**
 * A proof by one thread and by two (ZK-12): witness and check not counted, the same proof byte for
 * byte. In Node; the second thread is the one of a page, in a thread of the process.
 */

import { equalBytes } from '../../src/core/base/bytes.ts'
import { encodeProof, type EmotionalProof } from '../../src/core/emotion/proofCodec.ts'
import { startSumThread } from '../../test/support/sumThread.ts'
import type { PointTable, ProvingKey } from '../../workers/prover/groth16/provingKey.ts'
import { createKernel, type Kernel } from '../../workers/prover/kernel/kernel.ts'
import { elementBytes } from '../../workers/prover/kernel/limbs.ts'
import { proveDivided } from '../../workers/prover/threads/proveDivided.ts'
import { SecondThread } from '../../workers/prover/threads/secondThread.ts'
import { answerSums } from '../../workers/prover/threads/witnessSums.ts'
import { measured, medianOf, type Measured } from '../measure.ts'
import { subjectOf } from './parts.ts'
import type { Circuit } from './statements.ts'

export interface ThreadFigures {
  readonly circuit: Circuit
  /** Of the kernel of the second thread, after a proof, and of the key's tables in it. */
  readonly kernelBytes: number
  readonly tableBytes: number
  readonly one: Measured
  readonly two: Measured
  /** Of the turn in which others left most of the machine to it. */
  readonly leastWallMs: { readonly one: number; readonly two: number }
  /** Medians of the ratios of the turns, two to one. */
  readonly wallRatio: number
  readonly cpuRatio: number
}

const blinding = { r: 5n, s: 7n }

/** To start it from source: nothing of that is measured. */
const startMsMax = 60_000

export async function measureThreads(circuit: Circuit, runs: number): Promise<ThreadFigures> {
  const { prover, witness } = await subjectOf(circuit)
  const { kernel, key, domain } = prover.loaded
  const thread = SecondThread.start(startSumThread, true)
  if (!thread.ok) throw new Error(thread.error.code)
  const ready = await thread.value.load(prover.loaded)(startMsMax)
  if (!ready.ok) throw new Error(ready.error.code)
  const onShare = (): void => undefined
  const ways = {
    one: () => Promise.resolve(prover.prove(witness, blinding, onShare)),
    two: () =>
      proveDivided(kernel, {
        key,
        domain,
        witness,
        blinding,
        thread: thread.value,
        onShare,
        onFault(code) {
          throw new Error(code)
        },
      }),
  }
  const times: Record<keyof typeof ways, Measured[]> = { one: [], two: [] }
  const expected = bytesOf(await ways.one())
  // Two turns on cold code are not counted.
  for (let run = -2; run < runs; run += 1) {
    for (const way of ['one', 'two'] as const) {
      let proof: EmotionalProof | undefined
      const time = await measured(async () => {
        proof = await ways[way]()
      })
      if (!equalBytes(bytesOf(proof), expected)) throw new Error('two threads give another proof')
      if (run >= 0) times[way].push(time)
    }
  }
  thread.value.close()
  return { circuit, ...memoryOf(kernel, key, witness), ...figuresOf(times) }
}

function bytesOf(proof: EmotionalProof | undefined): Uint8Array {
  if (proof === undefined) throw new Error('a point at infinity')
  return encodeProof(proof)
}

/** In a kernel as the second thread has it, with the same tables. */
function memoryOf(
  { memory }: Kernel,
  key: ProvingKey,
  witness: Uint32Array,
): Pick<ThreadFigures, 'kernelBytes' | 'tableBytes'> {
  const second = createKernel()
  const start = second.memory.mark()
  const copy = ({ address, scalarIndexes }: PointTable, elements: number): PointTable => {
    const bytes = scalarIndexes.length * elements * elementBytes
    const to = second.memory.take(bytes)
    second.memory.words.set(memory.words.subarray(address / 4, (address + bytes) / 4), to / 4)
    return { address: to, scalarIndexes }
  }
  const tables = { a: copy(key.a, 2), b1: copy(key.b1, 2), b2: copy(key.b2, 4) }
  const tableBytes = second.memory.mark() - start
  answerSums(second, tables, witness)
  return { kernelBytes: second.memory.words.byteLength, tableBytes }
}

function figuresOf(
  times: Readonly<Record<'one' | 'two', readonly Measured[]>>,
): Omit<ThreadFigures, 'circuit' | 'kernelBytes' | 'tableBytes'> {
  const ratio = (figure: keyof Measured): number =>
    medianOf(times.two.map((time, run) => time[figure] / (times.one[run]?.[figure] ?? NaN)))
  return {
    one: median(times.one),
    two: median(times.two),
    leastWallMs: { one: least(times.one), two: least(times.two) },
    wallRatio: ratio('wallMs'),
    cpuRatio: ratio('cpuMs'),
  }
}

function median(times: readonly Measured[]): Measured {
  return {
    wallMs: medianOf(times.map(({ wallMs }) => wallMs)),
    cpuMs: medianOf(times.map(({ cpuMs }) => cpuMs)),
  }
}

function least(times: readonly Measured[]): number {
  return Math.min(...times.map(({ wallMs }) => wallMs))
}

export function threadsTable(figures: ThreadFigures): readonly string[] {
  const { circuit, kernelBytes, tableBytes, one, two, leastWallMs, wallRatio, cpuRatio } = figures
  const text = ({ wallMs, cpuMs }: Measured): string =>
    `${wallMs.toFixed(0)} ms of wall time, ${cpuMs.toFixed(0)} of processor time`
  return [
    `quotient and sums of ${circuit} by one thread: ${text(one)}; by two: ${text(two)}`,
    `least wall time: ${leastWallMs.one.toFixed(0)} ms and ${leastWallMs.two.toFixed(0)} ms`,
    `two to one: wall time ${wallRatio.toFixed(2)}, processor time ${cpuRatio.toFixed(2)}`,
    `kernel of the second thread: ${megabytes(kernelBytes)} MB, ${megabytes(tableBytes)} of tables`,
  ]
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1)
}
