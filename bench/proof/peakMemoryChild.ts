/** One side of `peakMemory.ts`, in its own process: bytes before loading, and at the peak. */

import { ourProver, snarkjsProver } from './provers.ts'
import { circuits } from './statements.ts'

const [side, name] = process.argv.slice(2)
const circuit = circuits.find((one) => one === name)
if (circuit === undefined) throw new Error('which circuit?')
const before = process.memoryUsage.rss()
const prove = (side === 'ours' ? ourProver : snarkjsProver)(circuit)
await prove()
await prove()
// maxRSS is in kibibytes.
console.log(JSON.stringify({ before, peak: process.resourceUsage().maxRSS * 1024 }))
process.exit(0)
