/** Where the project lies: the relay runs from its sources and from `dist/relay`. */

import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { assert } from '../src/core/base/assert.ts'

export const projectRoot = findRoot(dirname(fileURLToPath(import.meta.url)))

function findRoot(start: string): string {
  let directory = start
  while (!existsSync(join(directory, 'relay', 'archive', 'migrations'))) {
    const parent = dirname(directory)
    assert(parent !== directory, 'the relay lies inside the project')
    directory = parent
  }
  return directory
}
