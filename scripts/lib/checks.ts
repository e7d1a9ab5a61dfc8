/** The checks that run no code: all of `npm run check` but the unit tests. */

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { root, run } from './run.ts'
import { commandStep, type Step } from './steps.ts'

const worlds = ['core', 'sim', 'app', 'workers', 'relay', 'test'] as const

const cruised = ['src', 'workers', 'relay', 'scripts', 'sim', 'bench', 'formal', 'test', 'e2e']

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
    sizeBudget,
  ]
}

export const unitTests: Step = commandStep('unit tests', 'vitest', 'run', '--silent')

const sizeBudget: Step = {
  name: 'size budget',
  perform: () => {
    if (existsSync(join(root, 'dist/web/index.html'))) return run('size-limit', [], { quiet: true })
    return Promise.resolve({ code: 1, output: 'There is no built page: run `npm run build`.' })
  },
}
