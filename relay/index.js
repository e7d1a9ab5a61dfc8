/**
 * `node relay`: runs the built relay, and builds it and the page first when they are missing or
 * older than their sources.
 */

import './polyfills.js'
import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { isStale } from './stale.js'

const root = resolve(import.meta.dirname, '..')
const main = resolve(root, 'dist/relay/main.js')

if (isStale(main)) {
  process.stderr.write('Building the relay and the page …\n')
  const args = ['scripts/run.js', 'scripts/build.ts', '--if-stale']
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}

await import(pathToFileURL(main).href)
