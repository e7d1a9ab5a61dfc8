/** ARC-1 with a real relay process and a real PostgreSQL that starts after it. */
import { spawn, type ChildProcess } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CertifiedBlock } from '../src/core/codec/chain.ts'
import { formatGenesis } from '../src/core/ledger/genesis/genesisFile.ts'
import { freePort } from '../e2e/network/freePort.ts'
import { addCertified, startChain, type CertifiedChain } from './archive/chain.fixture.ts'
import { makeEmbeddedPostgres } from './archive/postgres/embedded.ts'
import type { DatabaseSource } from './archive/source.ts'
import { present } from './archive/testDatabase.fixture.ts'
import { projectRoot } from './root.ts'

describe('ARC-1 a database that is down at start', { timeout: 120_000 }, () => {
  let home: string
  let server: DatabaseSource
  let chain: CertifiedChain
  let url: string
  const children: ChildProcess[] = []

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'emo-late-'))
    server = makeEmbeddedPostgres({ data: join(home, 'database') })
    chain = startChain()
    await writeFile(join(home, 'genesis.json'), formatGenesis(chain.chain.genesis))
  })
  afterEach(async () => {
    for (const child of children.splice(0)) {
      const ended = child.exitCode === null ? once(child, 'exit') : undefined
      child.kill('SIGTERM')
      await ended
    }
    await server.stop()
    await rm(home, { recursive: true, force: true })
  })

  async function launch(words: readonly string[]): Promise<() => string> {
    const port = await freePort()
    url = `http://127.0.0.1:${String(port)}`
    const script = [join(projectRoot, 'scripts/run.js'), join(projectRoot, 'relay/main.ts')]
    const base = ['--port', String(port), '--p2p-port', '0', '--data', join(home, 'relay')]
    const genesis = ['--genesis', join(home, 'genesis.json')]
    const child = spawn(process.execPath, [...script, ...base, ...genesis, ...words])
    children.push(child)
    let text = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')))
    }
    return () => text
  }

  async function ask(path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
    const answer = await fetch(`${url}${path}`, {
      ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
      headers: { 'content-type': 'application/json' },
    })
    return { status: answer.status, body: await answer.json() }
  }

  const health = (): Promise<{ status: number; body: unknown }> =>
    ask('/health').catch(() => ({ status: 0, body: undefined }))

  function posted(block: CertifiedBlock): { readonly block: string } {
    return { block: Buffer.from(CertifiedBlock.encode(block)).toString('base64') }
  }

  it('is told in words, nothing is lost, and the archive works when it comes', async () => {
    const socket = encodeURIComponent(join(home, 'database', 'postgres', 'socket'))
    const database = `postgres://emo@${socket}/postgres`
    const said = await launch(['--webrtc-port', 'off', '--database-url', database])
    await expect.poll(async () => (await health()).status, { timeout: 60_000 }).toBe(503)
    expect(JSON.stringify((await health()).body)).toContain('ARCHIVE_DATABASE_UNAVAILABLE')
    const block = addCertified(chain)
    const early = await ask('/blocks', posted(block))
    expect(early).toMatchObject({
      status: 503,
      body: {
        code: 'ARCHIVE_DATABASE_UNAVAILABLE',
        message: expect.stringContaining('The archive cannot use its database') as string,
        fix: expect.stringMatching(/^Start that PostgreSQL or correct --database-url/) as unknown,
      },
    })
    expect((await ask('/bootstrap.json')).status).toBe(200)

    expect(await server.connection()).toMatchObject({ ok: true })
    await expect.poll(async () => (await health()).status, { timeout: 30_000 }).toBe(206)
    const { header, body, path } = block
    expect(await ask('/blocks', posted({ header, body, path }))).toMatchObject({
      status: 422,
      body: {
        code: 'ARCHIVE_BLOCK_UNCERTIFIED',
        message: expect.stringContaining('Block 1 is refused') as string,
        fix: expect.stringMatching(/^Send it with the commit certificate/) as unknown,
      },
    })
    expect((await ask('/blocks?limit=1')).body).toMatchObject({ items: [] })
    expect(await ask('/blocks', posted(block))).toMatchObject({ status: 201, body: { height: 1 } })
    expect((await ask('/blocks?limit=1')).body).toMatchObject({ items: [{ height: 1 }] })
    expect(said()).not.toMatch(/\n\s+at /)
  })

  it('OPS-7: a UDP port in use is named with its flag', async () => {
    const holder = createSocket('udp4').bind(0, '127.0.0.1')
    await once(holder, 'listening')
    const port = String(holder.address().port)
    const said = await launch(['--webrtc-port', port, '--no-archive'])
    const [code] = (await once(present(children[0]), 'close')) as [number]
    expect(code).toBe(1)
    expect(said()).toContain(`Port ${port} is used by another program on this machine.`)
    expect(said()).toContain('take another port with --webrtc-port. (PORT_IN_USE)')
    holder.close()
  })
})
