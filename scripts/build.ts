/**
 * `npm run build`: the page into dist/web, the relay and the node validator into dist/relay.
 * `--only web` or `--only relay` builds one of them; `--if-stale` only what its sources outdate.
 */

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'
import { isStale, performBuild } from '../relay/stale.js'
import { commandLine, refuse } from './lib/commandLine.ts'
import { precompress } from './lib/precompress.ts'
import { root } from './lib/run.ts'

const { values } = commandLine({
  options: { only: { type: 'string' }, 'if-stale': { type: 'boolean', default: false } },
})

const parts = {
  web: { output: 'dist/web/index.html', source: 'index.html', perform: buildPage },
  relay: { output: 'dist/relay/main.js', source: 'relay/main.ts', perform: buildRelay },
} as const

if (values.only !== undefined && !(values.only in parts)) {
  refuse('OPTION_VALUE', `--only takes ${Object.keys(parts).join(' or ')}.`)
}

for (const [name, { output, source, perform }] of Object.entries(parts)) {
  if (values.only !== undefined && values.only !== name) continue
  if (!existsSync(join(root, source))) continue
  const file = join(root, output)
  if (values['if-stale'] && !isStale(file)) continue
  await performBuild(file, perform)
}

async function buildPage(): Promise<void> {
  await build({ root, logLevel: 'warn' })
  await precompress(join(root, 'dist/web'))
}

/** Our own files in one bundle for each program; packages stay where npm put them. */
async function buildRelay(): Promise<void> {
  const programs = {
    main: 'relay/main.ts',
    validator: 'relay/devnet/validator.ts',
    proverThread: 'src/adapters/node/proverThread.ts',
    signaturesThread: 'src/adapters/node/signaturesThread.ts',
    sharingThread: 'src/adapters/node/sharingThread.ts',
  }
  const present = Object.entries(programs).filter(([, path]) => existsSync(join(root, path)))
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    build: {
      ssr: true,
      target: 'node20',
      outDir: 'dist/relay',
      emptyOutDir: true,
      sourcemap: true,
      rolldownOptions: {
        input: Object.fromEntries(present),
        checks: { bundlerTimings: false },
      },
    },
  })
}
