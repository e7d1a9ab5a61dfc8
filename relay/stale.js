/**
 * Whether a build is missing, was broken off, or is older than a source it is made from.
 *
 * Plain JavaScript: it runs before anything is built.
 */

import { spawnSync } from 'node:child_process'
import { readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '..')
const folders = ['src', 'workers', 'relay', 'public']
const files = ['index.html', 'package-lock.json', 'vite.config.ts', 'svelte.config.js']

/**
 * @param {string} output one of the files that the build makes in its folder
 */
export function isStale(output) {
  const builtMs = modifiedMs(output) === 0 ? 0 : modifiedMs(stampOf(output))
  return builtMs === 0 || sources().some((source) => modifiedMs(source) > builtMs)
}

/**
 * Performs the build of the folder that `output` is in. Stamped at its end, for then it is whole,
 * with the time of its beginning: what changed meanwhile may not be in it.
 *
 * @param {string} output
 * @param {() => Promise<void>} perform
 */
export async function performBuild(output, perform) {
  const stamp = stampOf(output)
  const begun = new Date()
  rmSync(stamp, { force: true })
  await perform()
  writeFileSync(stamp, '')
  utimesSync(stamp, begun, begun)
}

/**
 * Beside the folder, which is served.
 *
 * @param {string} output
 */
function stampOf(output) {
  return `${dirname(output)}.built`
}

function sources() {
  const found = folders.flatMap((folder) => {
    const path = join(root, folder)
    if (modifiedMs(path) === 0) return []
    return readdirSync(path, { recursive: true }).map((name) => join(path, name))
  })
  return [...found.filter((path) => !path.endsWith('.test.ts')), ...files.map(fromRoot)]
}

/** @param {string} name */
function fromRoot(name) {
  return join(root, name)
}

/**
 * @param {string} path
 * @returns {number} 0 when there is no such file
 */
function modifiedMs(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
}

/** Builds the relay and the page; ends the process where that fails. */
export function build() {
  process.stderr.write('Building the relay and the page …\n')
  const args = ['scripts/run.js', 'scripts/build.ts', '--if-stale']
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}

/**
 * A module of this folder that nothing was built of yet. Loaded by what a build needs anyway, and
 * only then: an installation that was built elsewhere may lack it.
 *
 * @param {string} name
 */
export async function fromSource(name) {
  const { tsImport } = await import('tsx/esm/api')
  return tsImport(name, import.meta.url)
}
