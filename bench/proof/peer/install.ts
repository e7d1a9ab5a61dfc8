/**
 * Installs the peer of this bench on demand, 190 MB that nobody needs to run or build the project:
 * exactly what `package-lock.json` beside this file names, with the hashes that it names.
 */

import { execFile } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const folder = fileURLToPath(new URL('../../../.cache/peer', import.meta.url))
const files = ['package.json', 'package-lock.json'] as const

/** The folder that has it; throws where it cannot be had. */
export async function installedPeer(): Promise<string> {
  const isThere = existsSync(join(folder, 'node_modules/.package-lock.json'))
  if (isThere && files.every(isSame)) return folder
  mkdirSync(folder, { recursive: true })
  for (const name of files) cpSync(join(import.meta.dirname, name), join(folder, name))
  // Not `npm ci`: it takes a lockfile without the native builds of other systems for an old one.
  // Those are left out here, since a page has none.
  const options = ['--no-save', '--ignore-scripts', '--omit=optional', '--no-audit', '--no-fund']
  await promisify(execFile)('npm', ['install', ...options], { cwd: folder })
  return folder
}

function isSame(name: (typeof files)[number]): boolean {
  const copy = join(folder, name)
  return (
    existsSync(copy) && readFileSync(copy).equals(readFileSync(join(import.meta.dirname, name)))
  )
}
