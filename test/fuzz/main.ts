/**
 * `npm run fuzz`: changed messages for every decoder, until the time is over (ENC-1).
 *
 *   --seconds N  how long (default 60)
 *   --seed N     where the changes begin (default 1)
 *
 * What fails is made small and written to test/corpus, where the unit tests try it from then on.
 */
import { commandLine, wholeNumber } from '../../scripts/lib/commandLine.ts'
import { campaign, entryOf } from './campaign.ts'
import { keep } from './corpus.ts'

const { values } = commandLine({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
  },
})
const seconds = wholeNumber('seconds', values.seconds, { least: 1, most: 10_000_000 })
const seed = wholeNumber('seed', values.seed, { least: 0, most: 2 ** 31 })

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
