/** The API over a real archive with a real chain in it, for tests. */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { Registry } from 'prom-client'
import { blsBlst } from '../../src/adapters/crypto/blsBlst.ts'
import { nodeClock } from '../../src/adapters/node/clock.ts'
import { ok } from '../../src/core/base/result.ts'
import { CertifiedBlock } from '../../src/core/codec/chain.ts'
import { Genesis } from '../../src/core/codec/state.ts'
import { Archive } from '../archive/archive.ts'
import {
  addCertified,
  startChain,
  transferTo,
  type CertifiedChain,
} from '../archive/chain.fixture.ts'
import { makeFinalBlockSource } from '../archive/finalBlocks.ts'
import { openLink, type DatabaseLink } from '../archive/link.ts'
import { makeReplayEnv } from '../archive/replay.ts'
import type { ConnectionOptions } from '../archive/source.ts'
import { makeMetrics } from '../metrics/metrics.ts'
import type { ApiContext, NetworkView } from './context.ts'
import { makeApi } from './server.ts'
import type { Api } from './typebox.ts'

export interface TestApi {
  readonly api: Api
  readonly chain: CertifiedChain
  readonly archive: Archive
  readonly link: DatabaseLink
  readonly webDirectory: string
  readonly context: ApiContext
  /** Adds a block to the chain and to the archive. */
  grow(withTransfer?: boolean): Promise<CertifiedBlock>
  close(): Promise<void>
}

export const newcomer = new Uint8Array(32).fill(5)

export async function startTestApi(
  connection: ConnectionOptions,
  network: NetworkView,
  change: Partial<ApiContext> = {},
  waitsForDatabase = true,
): Promise<TestApi> {
  const log = pino({ level: 'silent' })
  const chain = startChain()
  const { genesisHash, genesisState } = chain
  const { chainId } = chain.chain.genesis
  const metrics = makeMetrics(new Registry())
  const link = openLink(
    {
      kind: 'external',
      connection: () => Promise.resolve(ok(connection)),
      stop: () => Promise.resolve(),
    },
    log,
  )
  const transport = { peers: () => [], request: unreachable, penalise: () => undefined }
  const source = makeFinalBlockSource({ transport, clock: nodeClock, chainId, genesisHash })
  const replay = makeReplayEnv(blsBlst)
  const archive = new Archive({ link, source, replay, genesisHash, genesisState, metrics, log })
  archive.start()
  const webDirectory = await mkdtemp(join(tmpdir(), 'emo-web-'))
  const genesis = Genesis.encode(chain.chain.genesis)
  const context: ApiContext = {
    version: '0.0.0-test',
    chain: { chainId, genesisHash, genesis, isDevnet: true },
    archive,
    network,
    faucet: undefined,
    metrics,
    log,
    nowMs: () => Date.now(),
    webDirectory,
    trustProxy: false,
    ...change,
  }
  const api = await makeApi(context)
  if (waitsForDatabase) await link.ready()
  return {
    api,
    chain,
    archive,
    link,
    webDirectory,
    context,
    async grow(withTransfer = false) {
      const block = addCertified(chain, withTransfer ? [transferTo(chain, newcomer, 7n)] : [])
      let taken = await archive.submit(CertifiedBlock.encode(block))
      while (!taken.ok && taken.error.code === 'ARCHIVE_DATABASE_UNAVAILABLE') {
        await new Promise((resolve) => setTimeout(resolve, 20))
        taken = await archive.submit(CertifiedBlock.encode(block))
      }
      if (!taken.ok) throw new Error(taken.error.message)
      return block
    },
    async close() {
      await api.close()
      await archive.close()
      await link.close()
      await rm(webDirectory, { recursive: true, force: true })
    },
  }
}

function unreachable(): Promise<never> {
  return Promise.reject(new Error('there is no peer in this test'))
}
