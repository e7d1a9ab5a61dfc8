/**
 * `npm run fuzz`: changed messages for every decoder, until the time is over (ENC-1).
 *
 *   --seconds N  how long (default 60)
 *   --seed N     where the changes begin (default 1)
 *
 * What fails is made small and written to test/corpus, where the unit tests try it from then on.
 */
import { parseArgs } from 'node:util'
import { campaign, entryOf } from './campaign.ts'
import { keep } from './corpus.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
  },
})
const [seconds, seed] = [Number(values.seconds), Number(values.seed)]
if (!(seconds > 0) || !Number.isInteger(seed)) {
  process.stderr.write('--seconds takes a number above 0, --seed a whole number.\n')
  process.exit(2)
}

const endsAt = performance.now() + seconds * 1000
const { executions, taken, findings } = campaign(seed, () => performance.now() < endsAt)
const rate = Math.round(executions / seconds)
process.stdout.write(
  `${String(executions)} executions (${String(rate)} a second), seed ${String(seed)}; ` +
    `${String(taken)} were good messages.\n`,
)
for (const finding of findings) {
  const kept = keep(entryOf(finding, seed))
  process.stdout.write(`FAIL ${finding.target}: ${finding.what}; kept as ${kept}\n`)
}
process.exitCode = findings.length === 0 ? 0 : 1
