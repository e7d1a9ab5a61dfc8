/** Runs a TypeScript file in Node: `node scripts/run.js FILE.ts [arguments]`. */

import '../relay/polyfills.js'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { register } from 'tsx/esm/api'

register()
process.argv.splice(1, 2, resolve(process.argv[2]))
await import(pathToFileURL(process.argv[1]).href)
