/**
 * `npm run restart`: lets a devnet go on whose committee has too few live seats (RECOVER-1). It
 * follows the chain, names the validators that still stand at its final block, signs that with the
 * devnet's restart key and sends it to the running nodes.
 *
 *   --devnet FOLDER   where the devnet lives (default .emo/devnet)
 *   --url URL         a relay of it that runs (default http://localhost:4700)
 *   --without ID      leaves out a validator that is reachable and signs nothing; may be repeated
 *   --dry-run         says what it would do
 */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { devnetLayout } from '../relay/devnet/layout.ts'
import { restartChain } from '../relay/devnet/restartChain.ts'
import { loadChain } from '../relay/chain.ts'
import { fail, textOf, type Failure } from '../relay/failure.ts'
import { blsBlst } from '../src/adapters/crypto/blsBlst.ts'
import { createNodeTransport } from '../src/adapters/network/nodeTransport.ts'
import { nodeClock } from '../src/adapters/node/clock.ts'
import { nodeRandom } from '../src/adapters/node/random.ts'
import { openMemoryStore } from '../src/adapters/storage/memoryStore.ts'
import { unhex } from '../src/core/base/bytes.ts'
import { err, ok, type Result } from '../src/core/base/result.ts'
import { Node } from '../src/node/node.ts'
import type { Prover } from '../src/ports/prover.ts'
import { commandLine } from './lib/commandLine.ts'
import { root } from './lib/run.ts'

const { values } = commandLine({
  options: {
    devnet: { type: 'string', default: '.emo/devnet' },
    url: { type: 'string', default: 'http://localhost:4700' },
    without: { type: 'string', multiple: true, default: [] },
    'dry-run': { type: 'boolean', default: false },
  },
})

/** It follows final blocks alone: a quorum verified their proofs before (ARC-3). */
const trusting: Prover = {
  prove: () => Promise.resolve(err({ code: 'CANCELLED' })),
  verify: () => Promise.resolve(ok(undefined)),
  close: () => Promise.resolve(),
}

async function main(): Promise<Result<unknown, Failure>> {
  const layout = devnetLayout(resolve(root, values.devnet))
  const chain = await loadChain(layout.genesis, blsBlst)
  if (!chain.ok) return chain
  const restartSeed = await readSeed(layout.restartKey)
  if (!restartSeed.ok) return restartSeed
  const relays = await bootstrapOf(values.url, chain.value.identity.chainId)
  if (!relays.ok) return relays
  const transport = await createNodeTransport({
    chainId: chain.value.identity.chainId,
    peerSeed: nodeRandom.bytes(32),
    relays: relays.value,
    clock: nodeClock,
    random: nodeRandom,
  })
  const node = await Node.open({
    genesis: chain.value.genesis,
    clock: nodeClock,
    store: openMemoryStore(),
    transport,
    prover: trusting,
    bls: blsBlst,
  })
  if (!node.ok) return fail(node.error.code, 'The chain could not be opened.', 'Check --devnet.')
  await node.value.start()
  const { without, 'dry-run': dryRun } = values
  const say = (line: string): void => void process.stdout.write(`${line}\n`)
  const options = { node: node.value, restartSeed: restartSeed.value, dryRun, without, say }
  const done = await restartChain(options)
  await node.value.stop()
  return done
}

async function readSeed(path: string): Promise<Result<Uint8Array, Failure>> {
  const text = await readFile(path, 'utf8').catch(() => '')
  const seed = unhex(text.trim())
  if (seed.ok && seed.value.length === 32) return seed
  return fail(
    'RESTART_KEY',
    `There is no restart key at ${path}.`,
    'Give with --devnet the folder in which the devnet was made.',
  )
}

async function bootstrapOf(
  url: string,
  chainId: string,
): Promise<Result<readonly string[], Failure>> {
  try {
    const answer = await fetch(new URL('/bootstrap.json', url))
    const bootstrap = (await answer.json()) as {
      readonly chainId: string
      readonly relays: readonly string[]
    }
    if (bootstrap.chainId === chainId) return ok(bootstrap.relays)
    const message = `The relay at ${url} serves another chain, ${bootstrap.chainId}.`
    return fail('RESTART_OTHER_CHAIN', message, 'Give the relay of this devnet with --url.')
  } catch (thrown) {
    const message = `The relay at ${url} does not answer: ${textOf(thrown)}.`
    return fail('RESTART_NO_RELAY', message, 'Start it, or give another one with --url.')
  }
}

const done = await main()
if (!done.ok) {
  const { code, message, fix } = done.error
  process.stderr.write(`${message}\n${fix} (${code})\n`)
}
process.exit(done.ok ? 0 : 1)
