/**
 * `npm run mutation -- [folder]`: changes one place of the code after the other and runs the unit
 * tests of its folder, which must notice (Stryker, test/mutation/stryker.config.js).
 *
 *   folder       below src/core, without what is below it, or one file (default: all of committee,
 *                crypto and bft)
 *   --tests GLOB the tests that judge (default: those beside the code)
 *   --static     also what runs when a file is loaded: all tests of the folder for each
 *   --workers N  mutants at a time (default 1)
 *
 * Minutes for a folder; what did not change since the last run is not run again (.cache/mutation).
 */
import { existsSync, mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { commandLine, refuse, wholeNumber } from './lib/commandLine.ts'
import { apart } from './lib/mutationApart.js'
import { root, run } from './lib/run.ts'

const { values, positionals } = commandLine({
  allowPositionals: true,
  options: {
    static: { type: 'boolean', default: false },
    tests: { type: 'string' },
    workers: { type: 'string', default: '1' },
  },
})

const workers = wholeNumber('workers', values.workers, { least: 1, most: 64 })

const all = ['committee', 'committee/beacon', 'bft', 'crypto', ...Object.keys(apart), 'crypto/pvss']

/** The tests find published vectors beside the copy that is mutated. */
function linkVectors(): void {
  const folder = join(root, '.cache/mutation/sandbox')
  const shared = join(root, '../shared')
  mkdirSync(folder, { recursive: true })
  if (!existsSync(shared) || existsSync(join(folder, 'shared'))) return
  symlinkSync(shared, join(folder, 'shared'))
}

for (const target of positionals.length > 0 ? positionals : all) {
  if (!existsSync(join(root, 'src/core', target))) {
    refuse('FOLDER_UNKNOWN', `There is no src/core/${target}.`)
  }
  linkVectors()
  const env = {
    ...process.env,
    EMO_MUTATION_TARGET: target,
    EMO_MUTATION_STATIC: values.static ? '1' : '0',
    EMO_MUTATION_WORKERS: String(workers),
    ...(values.tests !== undefined && { EMO_MUTATION_TESTS: values.tests }),
  }
  const { code } = await run('stryker', ['run', 'test/mutation/stryker.config.js'], { env })
  if (code !== 0) process.exitCode = code
}
