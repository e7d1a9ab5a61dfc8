/**
 * Mutation testing of one folder of the core, as `npm run mutation` runs it (scripts/mutation.ts).
 *
 * A mutant counts as found when a unit test of its folder fails; simulations are left out, because
 * what only a simulation notices is a rule that no test states.
 */
import { fileURLToPath } from 'node:url'
import { apart } from '../../scripts/lib/mutationApart.js'

const ignored = fileURLToPath(new URL('ignored.js', import.meta.url))
const oneProcess = fileURLToPath(new URL('oneProcess.js', import.meta.url))
const target = process.env['EMO_MUTATION_TARGET'] ?? 'committee'
const files = target.endsWith('.ts') ? target : `${target}/*.ts`
const others = target.endsWith('.ts') ? [] : Object.keys(apart).map((file) => `!src/core/${file}`)
const state = `.cache/mutation/${target.replaceAll('/', '-')}`

export default {
  testRunner: 'one-process',
  plugins: [oneProcess, ignored],
  ignorers: ['assertions'],
  coverageAnalysis: 'perTest',
  mutate: [`src/core/${files}`, '!**/*.test.ts', '!**/*.fixture.ts', ...others],
  // Nothing of the build, of the documents or of other runs is copied.
  ignorePatterns: [
    '/dist',
    '/public',
    '/docs',
    '/e2e',
    '/.cache',
    '/.emo',
    '/coverage',
    '/circuits/build',
  ],
  // What runs when a file is loaded is judged by all tests of the folder: minutes for a few.
  ignoreStatic: process.env['EMO_MUTATION_STATIC'] !== '1',
  disableTypeChecks: false,
  concurrency: Number(process.env['EMO_MUTATION_WORKERS'] ?? 1),
  // A loaded machine is no reason to call a mutant found: endless loops are counted, not timed.
  timeoutMS: 60_000,
  dryRunTimeoutMinutes: 20,
  tempDirName: '.cache/mutation/sandbox',
  incremental: true,
  incrementalFile: `${state}.json`,
  reporters: ['progress-append-only', 'clear-text', 'json'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  jsonReporter: { fileName: `${state}-report.json` },
}
