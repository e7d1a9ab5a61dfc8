import pino from 'pino'
import { Registry } from 'prom-client'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { makeApi } from '../../../relay/api/server.ts'
import { Archive } from '../../../relay/archive/archive.ts'
import { makeFinalBlockSource } from '../../../relay/archive/finalBlocks.ts'
import { openLink } from '../../../relay/archive/link.ts'
import { makeReplayEnv } from '../../../relay/archive/replay.ts'
import {
  startTestPostgres,
  type TestPostgres,
} from '../../../relay/archive/testDatabase.fixture.ts'
import { makeMetrics } from '../../../relay/metrics/metrics.ts'
import { blsBlst as bls } from '../../adapters/crypto/blsBlst.ts'
import { nodeClock } from '../../adapters/node/clock.ts'
import { hex } from '../../core/base/bytes.ts'
import { ok } from '../../core/base/result.ts'
import { CertifiedChain, type Held } from '../../core/chain/certifiedChain.fixture.ts'
import {
  endEpoch,
  restartableEpoch,
  restartByStake,
  shownVoters,
  standingChain,
} from '../../core/chain/stakeRestartChain.fixture.ts'
import { Certificate, CertifiedBlock } from '../../core/codec/chain.ts'
import { Genesis } from '../../core/codec/state.ts'
import { genesisState } from '../../core/ledger/genesis/genesisState.ts'
import type { FeedBlock, Memory } from '../services.ts'
import { createBlockReader } from './blockReader.ts'

const log = pino({ level: 'silent' })
let postgres: TestPostgres
const closing: (() => Promise<void>)[] = []

beforeAll(async () => {
  postgres = await startTestPostgres()
})
afterEach(async () => {
  vi.unstubAllGlobals()
  for (const close of closing.splice(0)) await close()
})
afterAll(async () => {
  await postgres.stop()
})

/** A relay's API over its archive of this chain; every block of it is in PostgreSQL. */
async function serve(chain: CertifiedChain): Promise<(path: string) => Promise<unknown>> {
  const { genesis } = chain.chain
  const { chainId } = genesis
  const { genesisHash } = chain
  const connection = await postgres.freshDatabase()
  const link = openLink(
    {
      kind: 'external',
      connection: () => Promise.resolve(ok(connection)),
      stop: () => Promise.resolve(),
    },
    log,
  )
  const metrics = makeMetrics(new Registry())
  const transport = {
    peers: () => [],
    request: () => Promise.reject(new Error('there is no peer')),
    penalise: () => undefined,
  }
  const archive = new Archive({
    link,
    source: makeFinalBlockSource({ transport, clock: nodeClock, chainId, genesisHash }),
    replay: makeReplayEnv(bls),
    genesisHash,
    genesisState: genesisState(genesis),
    metrics,
    log,
  })
  archive.start()
  const api = await makeApi({
    version: '0.0.0-test',
    chain: { chainId, genesisHash, genesis: Genesis.encode(genesis), isDevnet: true },
    archive,
    network: { peers: () => [], addresses: () => [] } as never,
    faucet: undefined,
    metrics,
    log,
    nowMs: () => Date.now(),
    webDirectory: '/nowhere',
    trustProxy: false,
  })
  closing.push(async () => {
    await api.close()
    await archive.close()
    await link.close()
  })
  await link.ready()
  for (const { block } of chain.held) {
    const bytes = CertifiedBlock.encode(block)
    let taken = await archive.submit(bytes)
    while (!taken.ok && taken.error.code === 'ARCHIVE_DATABASE_UNAVAILABLE') {
      await new Promise((resolve) => setTimeout(resolve, 20))
      taken = await archive.submit(bytes)
    }
    if (!taken.ok) throw new Error(taken.error.message)
  }
  vi.stubGlobal('fetch', async (path: string) => {
    const { body, statusCode } = await api.inject({ url: path })
    return new Response(body, { status: statusCode })
  })
  return async (path) => (await api.inject({ url: path })).json()
}

function fed({ block, header, hash }: Held): FeedBlock {
  if (block.certificate === undefined) throw new Error('the fixture certifies')
  return {
    height: header.height,
    epoch: header.epoch,
    hash: hex(hash),
    header: block.header,
    body: undefined,
    certificate: Certificate.encode(block.certificate),
    path: CertifiedBlock.encode({
      header: new Uint8Array(0),
      body: new Uint8Array(0),
      path: [...block.path],
    }),
  }
}

function memory(): Memory {
  const kept = new Map<string, string>()
  return {
    get: (key) => kept.get(key),
    set: (key, value) => {
      if (value === undefined) kept.delete(key)
      else kept.set(key, value)
    },
  }
}

describe('UX-4, RECOVER-1: a fresh visitor of a chain that was restarted', () => {
  it('walks from the genesis over restarted epochs, and checks blocks of them', async () => {
    const chain = new CertifiedChain(bls, 6, { restartAfterMs: 1_000 })
    chain.runEpoch([0, 1, 2, 3], { restart: true })
    chain.runEpoch()
    chain.runEpoch()
    const ask = await serve(chain)
    const first = chain.held.find(({ block }) => block === chain.boundaries[0]?.restart)
    const restarted = first?.header.height
    expect(await ask('/epochs/0')).toMatchObject({ restarts: [restarted] })
    expect(await ask('/epochs/1')).toMatchObject({ restarts: [] })
    const { items } = (await ask('/epochs')) as { items: { restarts: number[] }[] }
    expect(items.map(({ restarts }) => restarts.length)).toEqual([0, 0, 0, 1])

    const kept = memory()
    const reader = await createBlockReader({ bls, memory: kept })
    const newest = chain.held.at(-1)
    if (first === undefined || newest === undefined) throw new Error('there are blocks')
    // Before the restart, the block that it opens, and what comes after it.
    const at = chain.held.indexOf(first)
    const before = chain.held[at - 1]
    const after = chain.held[at + 1]
    for (const held of [before, first, after, newest]) {
      expect(held && (await reader(fed(held)))?.verified).toBe(true)
    }
    expect((await reader(fed(first)))?.seatCount).toBe(3)
    const again = await createBlockReader({ bls, memory: kept })
    expect((await again(fed(newest)))?.verified).toBe(true)
  }, 180_000)

  it('walks across a restart by stake, whose voters the relay proves', async () => {
    const chain = standingChain(bls)
    const opened = restartByStake(chain)
    endEpoch(chain)
    chain.runEpoch()
    const ask = await serve(chain)
    const path = `/epochs/${restartableEpoch}/restart-voters`
    const shown = Buffer.from(shownVoters(chain, restartableEpoch)).toString('base64')
    expect(await ask(path)).toEqual({ epoch: restartableEpoch, shown })
    const other = `/epochs/${restartableEpoch - 1}/restart-voters`
    expect(await ask(other)).toMatchObject({ code: 'NOT_FOUND' })

    const reader = await createBlockReader({ bls, memory: memory() })
    const at = chain.held.indexOf(opened)
    for (const held of [chain.held[at - 1], opened, chain.held[at + 1], chain.held.at(-1)]) {
      expect(held && (await reader(fed(held)))?.verified).toBe(true)
    }
    expect((await reader(fed(opened)))?.seatCount).toBe(4)

    // A relay that shows another set is not believed.
    const answer = globalThis.fetch
    vi.stubGlobal('fetch', async (asked: string) =>
      asked === path
        ? Response.json({ epoch: restartableEpoch, shown: shown.slice(0, -8) })
        : answer(asked),
    )
    const fresh = await createBlockReader({ bls, memory: memory() })
    await expect(fresh(fed(opened))).rejects.toThrow('is not proven')
  }, 180_000)
})
