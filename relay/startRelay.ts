/**
 * A running relay, put together from its parts: lock → chain → network → page and API → database →
 * archive. The database may come late; everything else works meanwhile. Closing goes the other way
 * round, so that what was acknowledged is durable.
 */

import { join, resolve } from 'node:path'
import type { Logger } from 'pino'
import { collectDefaultMetrics, Registry } from 'prom-client'
import { blsBlst } from '../src/adapters/crypto/blsBlst.ts'
import type { NetworkTransport } from '../src/adapters/network/options.ts'
import { nodeClock } from '../src/adapters/node/clock.ts'
import { nodeRandom } from '../src/adapters/node/random.ts'
import { ok, type Result } from '../src/core/base/result.ts'
import type { ApiContext, NetworkView } from './api/context.ts'
import { listen, makeApi } from './api/server.ts'
import { Archive } from './archive/archive.ts'
import { makeFinalBlockSource, type FinalBlockSource } from './archive/finalBlocks.ts'
import { openLink } from './archive/link.ts'
import { makeEmbeddedPostgres } from './archive/postgres/embedded.ts'
import { makeReplayEnv, type ReplayEnv } from './archive/replay.ts'
import { makeExternalDatabase } from './archive/source.ts'
import { loadChain, type ServedChain } from './chain.ts'
import type { RelayConfig } from './config.ts'
import { fail, textOf, type Failure } from './failure.ts'
import { openFaucet } from './faucet.ts'
import { checkTcpPort, checkUdpPort } from './freePort.ts'
import { judgeGossip } from './gossip.ts'
import { lockData } from './lock.ts'
import { countRefused } from './metrics/countRefused.ts'
import { makeMetrics, type RelayMetrics } from './metrics/metrics.ts'
import { createRelayNode } from './network/relayNode.ts'
import { publishTransaction, type Publisher } from './publish.ts'
import { projectRoot } from './root.ts'
import { serveChain } from './serve.ts'
import { ownVersion } from './version.ts'

export interface RunningRelay {
  readonly url: string
  readonly addresses: readonly string[]
  close(): Promise<void>
}

/** What was opened, in order; closed from the last to the first. */
type Closers = (() => Promise<unknown>)[]

export async function startRelay(
  config: RelayConfig,
  log: Logger,
): Promise<Result<RunningRelay, Failure>> {
  const closers: Closers = []
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) {
      await closer().catch((thrown: unknown) => {
        log.warn({ reason: textOf(thrown) }, 'a part did not close in order')
      })
    }
  }
  const started = await open(config, log, closers)
  if (started.ok) return ok({ ...started.value, close })
  await close()
  return started
}

async function open(
  config: RelayConfig,
  log: Logger,
  closers: Closers,
): Promise<Result<Omit<RunningRelay, 'close'>, Failure>> {
  const data = resolve(config.data)
  const lock = await lockData(data)
  if (!lock.ok) return lock
  closers.push(() => lock.value.release())
  const chain = await loadChain(config.genesis ?? join(data, 'genesis.json'), blsBlst)
  if (!chain.ok) return chain
  const transport = await openNetwork(config, data, chain.value)
  if (!transport.ok) return transport
  closers.push(() => transport.value.stop())

  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const metrics = makeMetrics(registry)
  const replay = makeReplayEnv(blsBlst)
  const parts = { config, log, data, chain: chain.value, metrics, replay }
  const counted = countRefused(transport.value, metrics)
  const follower = config.archive ? openArchive(parts, counted, closers) : undefined
  counted.onGossip((message) => judgeGossip(message, follower))

  const context = await makeContext(parts, counted, follower?.archive)
  if (!context.ok) return context
  const api = await makeApi(context.value)
  closers.push(() => api.close())
  const listening = await listen(api, config.host, config.httpPort)
  if (!listening.ok) return listening
  follower?.archive.start()
  const host = config.host === '0.0.0.0' || config.host === '::' ? 'localhost' : config.host
  const shown = host.includes(':') ? `[${host}]` : host
  const url = `http://${shown}:${String(listening.value.port)}/`
  return ok({ url, addresses: transport.value.addresses() })
}

interface Parts {
  readonly config: RelayConfig
  readonly log: Logger
  readonly data: string
  readonly chain: ServedChain
  readonly metrics: RelayMetrics
  readonly replay: ReplayEnv
}

async function openNetwork(
  config: RelayConfig,
  data: string,
  chain: ServedChain,
): Promise<Result<NetworkTransport, Failure>> {
  const { host, httpPort, webSocketPort, webRtcPort } = config
  const checks = [
    await checkTcpPort(host, httpPort, '--port'),
    await checkTcpPort(host, webSocketPort, '--p2p-port'),
    webRtcPort === undefined
      ? ok(undefined)
      : await checkUdpPort(host, webRtcPort, '--webrtc-port'),
  ]
  for (const check of checks) if (!check.ok) return check
  try {
    const transport = await createRelayNode({
      chainId: chain.identity.chainId,
      dataDir: data,
      host,
      wsPort: webSocketPort,
      ...(webRtcPort === undefined ? {} : { webRtcPort }),
      ...(config.announce.length === 0 ? {} : { announce: config.announce }),
      relays: config.bootstrap,
      clock: nodeClock,
      random: nodeRandom,
    })
    return ok(transport)
  } catch (thrown) {
    return fail(
      'NETWORK_FAILED',
      `The network did not start: ${textOf(thrown)}`,
      'Check --host, --p2p-port, --webrtc-port and --announce.',
    )
  }
}

function openArchive(
  { config, log, data, chain, metrics, replay }: Parts,
  transport: NetworkTransport,
  closers: Closers,
): { readonly archive: Archive; readonly source: FinalBlockSource } {
  const database =
    config.databaseUrl === undefined
      ? makeEmbeddedPostgres({ data })
      : makeExternalDatabase(config.databaseUrl)
  closers.push(() => database.stop())
  const link = openLink(database, log)
  closers.push(() => link.close())
  const { chainId, genesisHash } = chain.identity
  const { genesisState } = chain
  const source = makeFinalBlockSource({ transport, clock: nodeClock, chainId, genesisHash })
  const archive = new Archive({ link, source, replay, genesisHash, genesisState, metrics, log })
  closers.push(() => archive.close())
  const nowMs = (): number => nodeClock.nowMs()
  const onStranger = (code: string): void => {
    metrics.peersRefused.inc({ code })
  }
  serveChain({ transport, archive, chain: chain.identity, nowMs, log, onStranger })
  return { archive, source }
}

async function makeContext(
  { config, log, chain, metrics, replay }: Parts,
  transport: NetworkTransport,
  archive: Archive | undefined,
): Promise<Result<ApiContext, Failure>> {
  const nowMs = (): number => nodeClock.nowMs()
  const { chainId } = chain.identity
  const state: Publisher['state'] = () => archive?.ledgerState()
  const publisher = { transport, state, env: replay.ledger, chainId, nowMs }
  const publish: NetworkView['publishTransaction'] = (bytes) => publishTransaction(publisher, bytes)
  const faucet =
    config.faucetKey === undefined
      ? ok(undefined)
      : await openFaucet(config.faucetKey, { genesis: chain.genesis, state, publish, nowMs })
  if (!faucet.ok) return faucet
  return ok({
    version: ownVersion(),
    chain: chain.identity,
    archive,
    network: {
      peerId: transport.self,
      addresses: () => transport.addresses(),
      otherRelays: config.bootstrap,
      peers: () => transport.peers(),
      publishTransaction: publish,
    },
    faucet: faucet.value,
    metrics,
    log,
    nowMs,
    webDirectory: config.api ? join(projectRoot, 'dist', 'web') : undefined,
    trustProxy: config.trustProxy,
  })
}
