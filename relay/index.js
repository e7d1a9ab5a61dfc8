/**
 * `node relay`: runs the built relay, and builds it and the page first when they are missing or
 * older than their sources. What only prints, and a wrong flag, is answered before that.
 */

import './polyfills.js'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build, fromSource, isStale } from './stale.js'

const main = resolve(import.meta.dirname, '../dist/relay/main.js')

async function isToStart() {
  const { settingsOf } = await fromSource('./settings.ts')
  return settingsOf(process.argv.slice(2), process.env) !== undefined
}

const mustBuild = isStale(main)
if (!mustBuild || (await isToStart())) {
  if (mustBuild) build()
  await import(pathToFileURL(main).href)
}
