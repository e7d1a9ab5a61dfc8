/**
 * `node relay`: runs the built relay, and builds it and the page first when they are missing or
 * older than their sources.
 */

import './polyfills.js'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { buildWhenStale } from './stale.js'

const main = resolve(import.meta.dirname, '../dist/relay/main.js')
buildWhenStale(main)
await import(pathToFileURL(main).href)
