/** `node scripts/run.js scripts/netns.ts COMMAND …` runs it where there is a routed interface. */

import { run } from './lib/run.ts'
import { withRoute } from './lib/netns.ts'

const [command, ...args] = process.argv.slice(2)
if (command === undefined) throw new Error('Say which command to run.')
const routed = await withRoute({ command, args })
process.exitCode = (await run(routed.command, routed.args)).code
