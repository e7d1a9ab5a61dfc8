import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hex } from '../../src/core/base/bytes.ts'
import { err, ok } from '../../src/core/base/result.ts'
import { CertifiedBlock } from '../../src/core/codec/chain.ts'
import { headerHash } from '../archive/chain.fixture.ts'
import { present, startTestPostgres, type TestPostgres } from '../archive/testDatabase.fixture.ts'
import { newcomer, startTestApi, type TestApi } from './api.fixture.ts'
import { contentSecurityPolicy, documentPolicy } from './headers.ts'
import { listen, makeApi } from './server.ts'

interface Answer {
  readonly status: number
  readonly body: Record<string, unknown>
}

let postgres: TestPostgres
let running: TestApi
const sent: Uint8Array[] = []

beforeAll(async () => {
  postgres = await startTestPostgres()
  running = await startTestApi(await postgres.freshDatabase(), {
    peerId: '12D3KooWRelay',
    addresses: () => ['/ip4/127.0.0.1/tcp/4701/ws/p2p/12D3KooWRelay'],
    otherRelays: ['/ip4/192.0.2.1/tcp/4701/ws/p2p/12D3KooWOther'],
    peers: () => [],
    publishTransaction(bytes) {
      if (bytes.length < 4) {
        return err({ code: 'TX_MALFORMED', message: 'No transaction.', fix: 'Send one.' })
      }
      sent.push(bytes)
      return ok(new Uint8Array(32).fill(1))
    },
  })
  for (let count = 0; count < 12; count += 1) await running.grow(count === 3)
})
afterAll(async () => {
  await running.close()
  await postgres.stop()
})

async function get(url: string, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await running.api.inject({ method: 'GET', url, headers })
  return { status: response.statusCode, body: response.json() }
}

async function post(url: string, payload: unknown): Promise<Answer> {
  const response = await running.api.inject({ method: 'POST', url, payload: payload as object })
  return { status: response.statusCode, body: response.json() }
}

describe('API-1 what the relay answers', () => {
  it('ARC-5: lists blocks from the newest down, a page after the other', async () => {
    const heights: number[] = []
    let url = '/blocks?limit=5'
    for (;;) {
      const { status, body } = await get(url)
      expect(status).toBe(200)
      const items = body['items'] as { height: number; hash: string; signers: number[] }[]
      for (const item of items) {
        heights.push(item.height)
        expect(item.hash).toBe(hex(headerHash(present(running.chain.blocks[item.height - 1]))))
        expect(item.signers).toEqual([0, 1, 3])
      }
      if (typeof body['next'] !== 'string') break
      url = `/blocks?limit=5&before=${body['next']}`
    }
    expect(heights).toEqual(Array.from({ length: 12 }, (_, index) => 12 - index))
  })

  it('finds a block by height and by hash, with its exact bytes and its transactions', async () => {
    const block = present(running.chain.blocks[3])
    for (const key of ['4', hex(headerHash(block))]) {
      const { status, body } = await get(`/blocks/${key}`)
      expect(status).toBe(200)
      expect(body['header']).toBe(Buffer.from(block.header).toString('base64'))
      expect(body['transactions']).toMatchObject([{ kind: 'transfer', height: 4, position: 0 }])
    }
    expect(await get('/blocks/4711')).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } })
  })

  it('shows epochs with committees, validators, accounts with proof, transactions', async () => {
    expect(await get('/epochs')).toMatchObject({ status: 200, body: { next: null } })
    const epoch = await get('/epochs/0')
    expect(epoch.body['seats']).toHaveLength(4)
    expect(epoch.body['boundaryHeight']).toBeGreaterThan(0)
    const first = await get('/validators?limit=3')
    const second = await get(`/validators?limit=3&after=${String(first.body['next'])}`)
    const ids = [first, second].flatMap((page) => page.body['items'] as { id: string }[])
    expect(new Set(ids.map((entry) => entry.id)).size).toBe(4)
    const one = await get(`/validators/${present(ids[0]).id}`)
    expect(one.body).toMatchObject({ status: 'active', bondedMicro: '20000000000' })
    const account = await get(`/accounts/${hex(newcomer)}`)
    expect(account.body).toMatchObject({ balanceMicro: '7', proof: { height: 12 } })
    const transactions = await get('/transactions?kind=transfer')
    const items = transactions.body['items'] as { hash: string }[]
    expect(items).toHaveLength(1)
    expect((await get(`/transactions/${present(items[0]).hash}`)).body).toMatchObject({ height: 4 })
  })

  it('says what it is, where it is reached, which chain it serves', async () => {
    expect((await get('/status')).body).toMatchObject({
      chainId: 'emo-test',
      archive: { state: 'following', height: 12, blocks: 12, transactions: 1 },
      faucet: false,
    })
    expect((await get('/bootstrap.json')).body).toMatchObject({
      relays: [/127\.0\.0\.1/, /192\.0\.2\.1/].map((text) => expect.stringMatching(text) as string),
    })
    expect((await get('/genesis')).body).toMatchObject({ isDevnet: true })
    expect((await get('/net')).body).toMatchObject({ peers: 0, paths: {} })
  })

  it('describes itself at /docs, from the files in the package', async () => {
    const document = await get('/docs/json')
    expect(Object.keys(document.body['paths'] as object)).toEqual(
      expect.arrayContaining(['/blocks', '/blocks/{block}', '/events', '/health', '/faucet']),
    )
    const page = await running.api.inject({ url: '/docs/' })
    expect(page.statusCode).toBe(200)
    expect(page.headers['content-security-policy']).toBe(documentPolicy)
    expect(documentPolicy).not.toContain('unsafe-inline')
    // Everything it loads comes from here, and no inline script or style needs an exception.
    const loads = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link]) => link)
    expect(loads.every((link) => link?.startsWith('./static/'))).toBe(true)
    expect(page.body).not.toMatch(/<script(?![^>]*src=)|<style|onload=/)
    for (const link of loads) {
      const file = await running.api.inject({ url: `/docs/${link?.slice(2) ?? ''}` })
      expect(file.statusCode).toBe(200)
    }
  })

  it('OPS-1: counts in one registry, names with their unit', async () => {
    const { body } = await running.api.inject({ url: '/metrics' })
    expect(body).toContain('emo_archive_height 12')
    expect(body).toContain('emo_archive_database_up 1')
    expect(body).toMatch(/emo_archive_append_seconds_count \d+/)
    const own = [...body.matchAll(/^# TYPE (emo_\S+) (\w+)/gm)]
    expect(own.length).toBeGreaterThan(5)
    for (const [, name, type] of own) {
      if (type === 'counter') expect(name).toMatch(/_total$/)
      if (type === 'histogram') expect(name).toMatch(/_seconds$/)
    }
  })
})

describe('API-4 what is refused', () => {
  it.each([
    ['/blocks?limit=0', 400, 'REQUEST_INVALID'],
    ['/blocks?limit=101', 400, 'REQUEST_INVALID'],
    ['/blocks?befor=3', 400, 'REQUEST_INVALID'],
    ['/status?x=1', 400, 'REQUEST_INVALID'],
    ['/blocks/-1', 400, 'REQUEST_INVALID'],
    ['/blocks/1e3', 400, 'REQUEST_INVALID'],
    ["/accounts/' OR 1=1 --", 400, 'REQUEST_INVALID'],
    [`/accounts/${'AB'.repeat(32)}`, 400, 'REQUEST_INVALID'],
    ['/epochs/99', 404, 'NOT_FOUND'],
    ['/nothing', 404, 'NOT_FOUND'],
  ])('%s', async (url, status, code) => {
    const answer = await get(encodeURI(url))
    expect(answer).toMatchObject({ status, body: { code } })
    expect(Object.keys(answer.body).sort()).toEqual(['code', 'fix', 'message'])
  })

  it('a block without certificate, a broken one, and bodies that do not fit', async () => {
    const last = present(running.chain.blocks.at(-1))
    const bare: CertifiedBlock = { ...CertifiedBlock.decode(CertifiedBlock.encode(last)) }
    delete bare.certificate
    const base64 = (block: CertifiedBlock): string =>
      Buffer.from(CertifiedBlock.encode(block)).toString('base64')
    expect(await post('/blocks', { block: base64(bare) })).toMatchObject({
      status: 422,
      body: { code: 'ARCHIVE_BLOCK_UNCERTIFIED' },
    })
    expect(await post('/blocks', { block: base64(last) })).toMatchObject({
      status: 200,
      body: { height: 12, isNew: false },
    })
    expect(await post('/blocks', { block: 'AAAA' })).toMatchObject({
      status: 422,
      body: { code: 'ARCHIVE_BLOCK_MALFORMED' },
    })
    expect(await post('/blocks', { block: '!!' })).toMatchObject({
      status: 400,
      body: { code: 'BASE64_INVALID' },
    })
    expect(await post('/blocks', { block: '', more: 1 })).toMatchObject({
      status: 400,
      body: { code: 'REQUEST_INVALID' },
    })
    expect(await post('/blocks', { block: 'A'.repeat(1024 * 1024 + 1) })).toMatchObject({
      status: 413,
      body: { code: 'REQUEST_TOO_LARGE' },
    })
    const broken = await running.api.inject({
      method: 'POST',
      url: '/blocks',
      headers: { 'content-type': 'application/json' },
      payload: '{',
    })
    expect(broken.statusCode).toBe(400)
    expect(broken.json()).toMatchObject({ code: 'REQUEST_INVALID' })
  })

  it('hands a transaction to the network, or says what is wrong with it', async () => {
    const transaction = Buffer.from('some bytes').toString('base64')
    expect(await post('/transactions', { transaction })).toMatchObject({ status: 202 })
    expect(Buffer.from(present(sent[0])).toString()).toBe('some bytes')
    expect(await post('/transactions', { transaction: 'AAA=' })).toMatchObject({
      status: 422,
      body: { code: 'TX_MALFORMED' },
    })
    expect(await post('/faucet', { account: hex(newcomer) })).toMatchObject({
      status: 404,
      body: { code: 'FAUCET_OFF' },
    })
  })

  it('API-3: an address that asks too often waits, another one does not', async () => {
    let nowMs = 1_000_000
    const api = await makeApi({ ...running.context, nowMs: () => nowMs })
    const ask = (remoteAddress: string) => api.inject({ url: '/status', remoteAddress })
    for (let count = 0; count < 600; count += 1) {
      nowMs += 10
      expect((await ask('192.0.2.1')).statusCode).toBe(200)
    }
    const refused = await ask('192.0.2.1')
    expect(refused.statusCode).toBe(429)
    expect(refused.headers['retry-after']).toBe('5')
    expect((await ask('192.0.2.2')).statusCode).toBe(200)
    nowMs += 4_011
    expect((await ask('192.0.2.1')).statusCode).toBe(200)
    await api.close()
  })
})

describe('API-1 health', () => {
  it('names the part that is missing', async () => {
    // The archive works, nobody is connected.
    expect(await get('/health')).toMatchObject({
      status: 206,
      body: {
        parts: [
          { name: 'network', state: 'degraded' },
          { name: 'archive', state: 'ok' },
        ],
      },
    })
  })

  it('ARC-1: says 503 and why while the database is away', async () => {
    const away = await startTestApi(
      { host: '/nonexistent', port: 1, user: 'emo', database: 'none' },
      running.context.network,
      {},
      false,
    )
    await expect
      .poll(() => away.archive.status().failure?.code, { timeout: 30_000 })
      .toBe('ARCHIVE_DATABASE_UNAVAILABLE')
    const health = await away.api.inject({ url: '/health' })
    expect(health.statusCode).toBe(503)
    expect(health.json()).toMatchObject({
      status: 'down',
      parts: [{}, { name: 'archive', failure: { code: 'ARCHIVE_DATABASE_UNAVAILABLE' } }],
    })
    const blocks = await away.api.inject({ url: '/blocks' })
    expect(blocks.statusCode).toBe(503)
    expect(blocks.json()).toMatchObject({ code: 'ARCHIVE_DATABASE_UNAVAILABLE' })
    await away.close()
  })
})

describe('API-1 the page', () => {
  it('is served compressed, with strict headers, and finds its own places', async () => {
    const { api, webDirectory } = running
    expect((await api.inject({ url: '/', headers: html })).json()).toMatchObject({
      code: 'PAGE_NOT_BUILT',
    })
    await mkdir(join(webDirectory, 'assets'))
    await mkdir(join(webDirectory, 'circuits'))
    await writeFile(join(webDirectory, 'index.html'), '<p>page</p>')
    await writeFile(join(webDirectory, 'assets/main-Ab3_d-9x.js'), 'plain')
    await writeFile(join(webDirectory, 'assets/main-Ab3_d-9x.js.br'), 'brotli')
    await writeFile(join(webDirectory, 'circuits/proof.zkey'), 'key')
    for (const url of ['/', '/validators-of-mine', '/a/b']) {
      const page = await api.inject({ url, headers: html })
      expect(page.body).toBe('<p>page</p>')
      expect(page.headers).toMatchObject({
        'cache-control': 'no-cache',
        'content-security-policy': contentSecurityPolicy,
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-embedder-policy': 'require-corp',
        'x-content-type-options': 'nosniff',
      })
    }
    const script = await api.inject({
      url: '/assets/main-Ab3_d-9x.js',
      headers: { 'accept-encoding': 'br' },
    })
    expect(script.body).toBe('brotli')
    expect(script.headers['cache-control']).toContain('immutable')
    expect(script.headers['content-encoding']).toBe('br')
    expect((await api.inject({ url: '/circuits/proof.zkey' })).body).toBe('key')
    expect((await api.inject({ url: '/circuits/none.zkey', headers: html })).statusCode).toBe(404)
    expect((await api.inject({ url: '/../package.json', headers: html })).body).not.toContain(
      'name',
    )
  })
})

describe('API-1 events', () => {
  it('gives a follower what it missed, then what comes, each block once and in order', async () => {
    const api = await makeApi(running.context)
    const port = await listen(api, '127.0.0.1', 0)
    expect(port.ok).toBe(true)
    const url = `http://127.0.0.1:${String(port.ok ? port.value.port : 0)}/events`
    const response = await fetch(url, { headers: { 'last-event-id': '9' } })
    expect(response.headers.get('content-type')).toContain('text/event-stream')
    const events = readEvents(present(response.body ?? undefined))
    const heights: number[] = []
    for (let count = 0; count < 3; count += 1) heights.push((await events()).id)
    expect(heights).toEqual([10, 11, 12])
    const block = await running.grow()
    const next = await events()
    expect(next).toMatchObject({ id: 13, event: 'block' })
    expect(next.data).toMatchObject({
      hash: hex(headerHash(block)),
      header: Buffer.from(block.header).toString('base64'),
    })
    // A relay that closes does not wait for its followers.
    await api.close()
    expect(await events().catch(() => 'ended')).toBe('ended')
  })

  it('OPS-7: a port in use is named with what to do', async () => {
    const first = await makeApi(running.context)
    const taken = await listen(first, '127.0.0.1', 0)
    const second = await makeApi(running.context)
    const port = taken.ok ? taken.value.port : 0
    expect(await listen(second, '127.0.0.1', port)).toMatchObject({
      ok: false,
      error: {
        code: 'PORT_IN_USE',
        message: expect.stringContaining(String(port)) as string,
        fix: expect.stringContaining('--port') as string,
      },
    })
    await Promise.all([first.close(), second.close()])
  })
})

const html = { accept: 'text/html,*/*' }

interface ReceivedEvent {
  readonly id: number
  readonly event: string
  readonly data: unknown
}

/** Reads `block` events one by one. */
function readEvents(body: ReadableStream<Uint8Array>): () => Promise<ReceivedEvent> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let text = ''
  return async () => {
    for (;;) {
      const end = text.indexOf('\n\n')
      if (end < 0) {
        const { done, value } = await reader.read()
        if (done) throw new Error('the stream ended')
        text += decoder.decode(value, { stream: true })
        continue
      }
      const fields = new Map(
        text
          .slice(0, end)
          .split('\n')
          .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
      )
      text = text.slice(end + 2)
      if (fields.get('event') !== 'block') continue
      return {
        id: Number(fields.get('id')),
        event: 'block',
        data: JSON.parse(fields.get('data') ?? '') as unknown,
      }
    }
  }
}
