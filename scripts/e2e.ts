/** `npm run e2e`: the end-to-end tests in real Chromium. Arguments go to Playwright. */

import { delimiter } from 'node:path'
import { provideChromium } from './lib/chromium.ts'
import { withRoute } from './lib/netns.ts'
import { run } from './lib/run.ts'

// A page without its circuit proves nothing; nothing is built when the files are there.
const circuits = await run(process.execPath, ['scripts/run.js', 'scripts/circuits.ts'])
if (circuits.code !== 0) process.exit(circuits.code)
const chromium = await provideChromium()
const routed = await withRoute(
  { command: 'playwright', args: ['test', ...process.argv.slice(2)] },
  chromium.toolFolder,
)
console.log(`Chromium: ${chromium.path} (from ${chromium.origin}).`)
if (routed.command === 'unshare') console.log('Network: a namespace with a routed interface.')

const path = [process.env['PATH'] ?? '', chromium.toolFolder].join(delimiter)
const env = { ...process.env, EMO_CHROMIUM: chromium.path, PATH: path }
process.exitCode = (await run(routed.command, routed.args, { env })).code
