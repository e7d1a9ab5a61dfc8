/** One worker of `threads.ts`: loads the circuit's key, and makes the sums that it is asked for. */

import { parentPort } from 'node:worker_threads'
import { subjectOf, sumParts, type Part } from './parts.ts'
import { circuits } from './statements.ts'

const circuit = circuits.find((one) => one === process.argv[2])
if (circuit === undefined) throw new Error('which circuit?')
const { prover } = await subjectOf(circuit)

interface Asked {
  readonly witness: Uint32Array
  readonly parts: readonly Part[]
}

parentPort?.on('message', ({ witness, parts }: Asked) => {
  parentPort?.postMessage(sumParts({ prover, witness }, 'halves', parts))
})
