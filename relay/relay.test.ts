import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createNodeTransport } from '../src/adapters/network/nodeTransport.ts'
import { nodeClock } from '../src/adapters/node/clock.ts'
import { nodeRandom } from '../src/adapters/node/random.ts'
import { hex } from '../src/core/base/bytes.ts'
import {
  CertifiedBlock,
  StatusResponse,
  SyncRequest,
  SyncResponse,
} from '../src/core/codec/chain.ts'
import { formatGenesis } from '../src/core/ledger/genesis/genesisFile.ts'
import { testKeys } from '../src/core/ledger/testChain.fixture.ts'
import { blsBlst } from '../src/adapters/crypto/blsBlst.ts'
import { protocol } from '../src/core/params.ts'
import { encodeMessage } from '../src/node/wire.ts'
import type { Transport } from '../src/ports/transport.ts'
import {
  addCertified,
  addMany,
  headerHash,
  startChain,
  type CertifiedChain,
} from './archive/chain.fixture.ts'
import { present } from './archive/testDatabase.fixture.ts'
import { projectRoot } from './root.ts'

interface Started {
  readonly child: ChildProcess
  readonly url: string
  readonly addresses: readonly string[]
}

let home: string
let genesisPath: string
let chain: CertifiedChain
const children: ChildProcess[] = []
const transports: Transport[] = []

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'emo-relay-'))
  chain = startChain()
  genesisPath = join(home, 'genesis.json')
  await writeFile(genesisPath, formatGenesis(chain.chain.genesis))
})
afterEach(async () => {
  for (const transport of transports.splice(0)) await transport.stop()
  for (const child of children.splice(0)) await end(child, 'SIGTERM')
})
afterAll(async () => {
  await rm(home, { recursive: true, force: true })
})

function launch(words: readonly string[]): ChildProcess {
  const child = spawn(
    process.execPath,
    [join(projectRoot, 'scripts/run.js'), join(projectRoot, 'relay/main.ts'), ...words],
    { stdio: ['ignore', 'pipe', 'pipe'], cwd: home },
  )
  children.push(child)
  return child
}

async function start(data: string, more: readonly string[] = []): Promise<Started> {
  const ports = ['--port', '0', '--p2p-port', '0', '--webrtc-port', 'off']
  const child = launch([...ports, '--data', data, '--genesis', genesisPath, ...more])
  const errors = collect(child.stderr)
  for await (const line of createInterface({ input: present(child.stdout ?? undefined) })) {
    const entry = JSON.parse(line) as { msg: string; url: string; addresses: string[] }
    if (entry.msg === 'the relay is ready') return { ...entry, child }
  }
  throw new Error(`the relay did not start: ${errors()}`)
}

async function refusal(words: readonly string[]): Promise<{ code: number; text: string }> {
  const child = launch(words)
  const errors = collect(child.stderr)
  const output = collect(child.stdout)
  const [code] = (await once(child, 'close')) as [number]
  return { code, text: errors() + output() }
}

function collect(stream: ChildProcess['stdout']): () => string {
  let text = ''
  stream?.on('data', (chunk: Buffer) => {
    text += chunk.toString('utf8')
  })
  return () => text
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
  const closed = once(child, 'exit')
  child.kill(signal)
  await closed
  return child.exitCode
}

async function ask(started: Started, path: string): Promise<Record<string, unknown>> {
  const response = await fetch(new URL(path, started.url))
  return (await response.json()) as Record<string, unknown>
}

async function reached(started: Started, height: number): Promise<void> {
  await expect
    .poll(async () => (await ask(started, 'status'))['archive'], { timeout: 60_000 })
    .toMatchObject({ state: 'following', height })
}

/** A node of the chain: gossips, and serves what it has. */
async function joinAsNode(started: Started): Promise<Transport> {
  const transport = await createNodeTransport({
    chainId: chain.chain.genesis.chainId,
    peerSeed: nodeRandom.bytes(32),
    relays: started.addresses,
    clock: nodeClock,
    random: nodeRandom,
  })
  transports.push(transport)
  transport.onGossip(() => 'accept')
  transport.onRequest('status', () => {
    const { chainId } = chain.chain.genesis
    const own = { version: protocol.version, chainId, genesis: chain.genesisHash }
    return Promise.resolve(StatusResponse.encode({ ...own, height: chain.blocks.length }))
  })
  transport.onRequest('sync', (_peer, bytes) => {
    const { fromHeight, countMax } = SyncRequest.decode(bytes)
    const blocks = chain.blocks.slice(fromHeight - 1, fromHeight - 1 + countMax)
    return Promise.resolve(SyncResponse.encode({ blocks, tipHeight: chain.blocks.length }))
  })
  await expect.poll(() => transport.peers().length, { timeout: 60_000 }).toBe(1)
  return transport
}

describe('ARC-1, ARC-4 the relay process', { timeout: 180_000 }, () => {
  it('follows, survives kill -9 of everything, goes on with no gap, serves others', async () => {
    const data = join(home, 'follow')
    addMany(chain, 7)
    const first = await start(data)
    let node = await joinAsNode(first)
    await reached(first, 7)
    const block = addCertified(chain)
    await expect
      .poll(
        async () => {
          node.publish('blocks', encodeMessage({ type: 'block', block }))
          return ((await ask(first, 'status'))['archive'] as { height: number }).height
        },
        { timeout: 60_000, interval: 500 },
      )
      .toBe(8)
    await end(first.child, 'SIGKILL')
    await present(transports.pop()).stop()
    addMany(chain, 4)

    const second = await start(data)
    await reached(second, 8)
    node = await joinAsNode(second)
    await reached(second, 12)
    const { items } = (await ask(second, 'blocks?limit=100')) as { items: { hash: string }[] }
    expect(items.map((item) => item.hash).reverse()).toEqual(
      chain.blocks.map((entry) => hex(headerHash(entry))),
    )

    // Two relays never share a data directory.
    const other = await refusal(['--data', data, '--genesis', genesisPath, '--port', '0'])
    expect(other.code).toBe(1)
    expect(other.text).toContain('DATA_IN_USE')

    const peer = present(node.peers()[0]).peer
    const request = SyncRequest.encode({ fromHeight: 3, countMax: 5, boundariesOnly: false })
    const answer = await node.request(peer, 'sync', request, { timeoutMs: 10_000 })
    const page = SyncResponse.decode(answer.ok ? answer.value : new Uint8Array(0))
    expect(page.tipHeight).toBe(12)
    expect(page.blocks.map((entry) => hex(CertifiedBlock.encode(entry)))).toEqual(
      chain.blocks.slice(2, 7).map((entry) => hex(CertifiedBlock.encode(entry))),
    )
    const ends = SyncRequest.encode({ fromHeight: 1, countMax: 5, boundariesOnly: true })
    const boundaries = await node.request(peer, 'sync', ends, { timeoutMs: 10_000 })
    const { blocks, committees } = SyncResponse.decode(
      boundaries.ok ? boundaries.value : new Uint8Array(0),
    )
    expect(blocks.length).toBeGreaterThan(0)
    expect(committees.map((committee) => committee.epoch)).toEqual(
      blocks.map((_, index) => index + 1),
    )
    expect(await end(second.child, 'SIGTERM')).toBe(0)
  })

  it('gives from the faucet of a devnet, and says why not', async () => {
    const key = join(home, 'faucet.key')
    await writeFile(key, hex(testKeys(blsBlst, 901).seed))
    const started = await start(join(home, 'faucet'), ['--faucet-key', key])
    await reached(started, 0)
    const give = async (account: string) => {
      const body = JSON.stringify({ account })
      const headers = { 'content-type': 'application/json' }
      const response = await fetch(new URL('faucet', started.url), {
        method: 'POST',
        body,
        headers,
      })
      return { status: response.status, body: (await response.json()) as object }
    }
    // The test chain's faucet account is empty: the transfer is checked before it is sent.
    expect(await give('05'.repeat(32))).toMatchObject({ status: 503, body: { code: 'TX_BALANCE' } })
    await give('05'.repeat(32))
    expect(await give('05'.repeat(32))).toMatchObject({
      status: 429,
      body: { code: 'TOO_MANY_REQUESTS' },
    })
    expect(await give('05')).toMatchObject({ status: 400, body: { code: 'REQUEST_INVALID' } })
  })

  it('OPS-7: says in words what keeps it from starting, without a stack', async () => {
    expect((await refusal(['--help'])).text).toContain('EMO_DATABASE_URL')
    const unknown = await refusal(['--prot', '1'])
    expect(unknown).toMatchObject({
      code: 2,
      text: expect.stringContaining('FLAG_UNKNOWN') as string,
    })
    const missing = await refusal(['--data', join(home, 'no'), '--port', '0'])
    expect(missing).toMatchObject({
      code: 1,
      text: expect.stringContaining('GENESIS_MISSING') as string,
    })

    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const port = String((taken.address() as { port: number }).port)
    const common = ['--data', join(home, 'port'), '--genesis', genesisPath, '--webrtc-port', 'off']
    for (const [flag, words] of [
      ['--port', ['--port', port, '--p2p-port', '0']],
      ['--p2p-port', ['--port', '0', '--p2p-port', port]],
    ] as const) {
      const refused = await refusal([...common, ...words])
      expect(refused.code).toBe(1)
      expect(refused.text).toContain('PORT_IN_USE')
      expect(refused.text).toContain(port)
      expect(refused.text).toContain(flag)
      expect(refused.text).not.toMatch(/\n\s+at /)
    }
    taken.close()
  })
})
