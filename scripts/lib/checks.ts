/** The parts of `npm run check`, which `npm test` has as well. */

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { root, runScript } from './run.ts'
import { commandStep, type Step } from './steps.ts'

const worlds = ['core', 'sim', 'app', 'workers', 'relay', 'test'] as const

const cruised = ['src', 'workers', 'relay', 'scripts', 'sim', 'bench', 'formal', 'test', 'e2e']

/** What looks at sources alone, so that it needs no circuits and no build. */
export function staticChecks(): readonly Step[] {
  return [
    commandStep('lint', 'eslint', '--cache', '--cache-location', '.cache/eslint/', '.'),
    ...worlds.map((world) =>
      commandStep(`types of ${world}`, 'tsc', '--pretty', 'false', '-p', `tsconfig.${world}.json`),
    ),
    commandStep('types of components', 'svelte-check', '--tsconfig', 'tsconfig.app.json'),
    commandStep('format', 'prettier', '--check', '--log-level', 'warn', '--cache', '.'),
    commandStep(
      'boundaries',
      'depcruise',
      '--config',
      '.dependency-cruiser.mjs',
      '--output-type',
      'err-long',
      ...cruised.filter((folder) => existsSync(join(root, folder))),
    ),
    commandStep('dead code', 'knip', '--no-progress'),
  ]
}

/** What tests and the size budget look at; nothing is made again that is up to date. */
export const builds: readonly Step[] = [
  { name: 'circuits', perform: () => runScript('scripts/circuits.ts', [], { quiet: true }) },
  { name: 'build', perform: () => runScript('scripts/build.ts', ['--if-stale'], { quiet: true }) },
]

export const unitTests: Step = commandStep('unit tests', 'vitest', 'run', '--silent')

export const sizeBudget: Step = commandStep('size budget', 'size-limit')
