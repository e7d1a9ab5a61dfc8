/**
 * `node relay/validator.js`: a rehearsal validator of a devnet. Runs the built one, and builds it
 * first when it is missing or older than its sources.
 */

import './polyfills.js'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build, fromSource, isStale } from './stale.js'

const help = `node relay/validator.js: a validator with a simulated heart, for devnets.

  --devnet FOLDER    where the devnet lives (default .emo/devnet)
  --index N          which of its validators, from 0 on (default 0)
  --relay MULTIADDR  a relay of the network; may be repeated
  --checkpoint TEXT  begins with a checkpoint of somebody trusted (SYNC-1)
  --keep-all         keeps every block, and takes no snapshot in their place (SYNC-4)
  --start-anew       drops its chain and fetches it again: after a restart that passed it by, or
                     when its state is corrupt; keys and votes stay
  --operator TEXT    who operates it, as npm run countersign printed it (COM-3)
  --circuits FOLDER  the proving keys (default dist/web/circuits)
  --log-level LEVEL  one of silent, error, warn, info, debug (default info)

SIGTERM stops it in order; SIGUSR2 lets it serve the seat that it holds first.
`

if (process.argv.includes('--help')) {
  process.stdout.write(help)
  process.exit(0)
}
const main = resolve(import.meta.dirname, '../dist/relay/validator.js')
const mustBuild = isStale(main)

/** A wrong flag is refused before the build. */
async function isToStart() {
  const { validatorFlags } = await fromSource('./devnet/validatorFlags.ts')
  return validatorFlags(process.argv.slice(2)) !== undefined
}

if (!mustBuild || (await isToStart())) {
  if (mustBuild) build()
  await import(pathToFileURL(main).href)
}
