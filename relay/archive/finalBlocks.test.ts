import { afterEach, describe, expect, it } from 'vitest'
import { Registry } from 'prom-client'
import { nodeClock } from '../../src/adapters/node/clock.ts'
import type { NetworkTransport } from '../../src/adapters/network/options.ts'
import { StatusResponse } from '../../src/core/codec/chain.ts'
import { protocol } from '../../src/core/params.ts'
import type { PeerId } from '../../src/ports/transport.ts'
import { MemoryNetwork } from '../../test/sim/memoryTransport.ts'
import { countRefused } from '../metrics/countRefused.ts'
import { makeMetrics } from '../metrics/metrics.ts'
import { makeFinalBlockSource } from './finalBlocks.ts'

const chainId = 'emo-test'
const genesisHash = new Uint8Array(32).fill(1)
const peer = 'other' as PeerId

let abort = new AbortController()

afterEach(() => {
  abort.abort()
  abort = new AbortController()
})

/** A source that looks for block 1 among one peer, and what it asked. */
function looking(status: Uint8Array): {
  readonly network: MemoryNetwork
  readonly source: ReturnType<typeof makeFinalBlockSource>
  readonly found: Promise<readonly unknown[]>
  readonly asked: readonly string[]
  readonly metrics: () => Promise<string>
} {
  const network = new MemoryNetwork()
  const asked: string[] = []
  network.silence = ({ protocol: name }) => {
    asked.push(name)
    return undefined
  }
  const registry = new Registry()
  const own = network.attach('relay') as NetworkTransport
  const transport = countRefused(own, makeMetrics(registry))
  network.attach('other').onRequest('status', () => Promise.resolve(status))
  const source = makeFinalBlockSource({ transport, clock: nodeClock, chainId, genesisHash })
  const found = source.next(1, abort.signal)
  return { network, source, found, asked, metrics: () => registry.metrics() }
}

async function settled(asked: readonly string[]): Promise<void> {
  while (asked.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  await new Promise((resolve) => setTimeout(resolve, 50))
}

const claim = { version: protocol.version, chainId, genesis: genesisHash, height: 100 }

describe('ENC-2, NET-5: what peers say of themselves to a relay', () => {
  it.each([
    ['another genesis', { genesis: new Uint8Array(32) }, 'PEER_OTHER_GENESIS'],
    ['a newer version', { version: protocol.version + 1 }, 'PEER_NEWER'],
  ])('%s counts for no height, and is counted by code', async (_, change, code) => {
    const { network, source, found, asked, metrics } = looking(
      StatusResponse.encode({ ...claim, ...change }),
    )
    await settled(asked)
    expect(network.penalties).toEqual([`relay of other: ${code}`])
    expect(source.networkHeight()).toBeUndefined()
    const block = { header: genesisHash, body: genesisHash, path: [] }
    source.offer({ block, height: 50, from: peer })
    expect(source.networkHeight()).toBeUndefined()
    expect(await metrics()).toContain(`emo_peers_refused_total{code="${code}"} 1`)
    abort.abort()
    await found
    expect(asked).toEqual(['status'])
  })

  it('bytes that are no status cost their sender', async () => {
    const { network, source, asked } = looking(Uint8Array.of(255, 255, 255, 7))
    await settled(asked)
    expect(network.penalties).toEqual(['relay of other: DECODE_MALFORMED'])
    expect(source.networkHeight()).toBeUndefined()
  })

  it('one of this chain is asked for the blocks that it claims to have', async () => {
    const { network, asked } = looking(StatusResponse.encode(claim))
    await settled(asked)
    expect(network.penalties).toEqual([])
    expect(asked).toContain('sync')
  })
})
