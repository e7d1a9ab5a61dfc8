import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openLink, type DatabaseLink } from './link.ts'
import { makeEmbeddedPostgres } from './postgres/embedded.ts'
import { makeExternalDatabase, type DatabaseSource } from './source.ts'

const log = pino({ level: 'silent' })

describe('ARC-1 the link to the database', { timeout: 120_000 }, () => {
  let data: string
  let server: DatabaseSource
  let link: DatabaseLink | undefined

  beforeEach(async () => {
    data = await mkdtemp(join(tmpdir(), 'emo-link-'))
    server = makeEmbeddedPostgres({ data })
  })
  afterEach(async () => {
    await link?.close()
    await server.stop()
    await rm(data, { recursive: true, force: true })
  })

  it('waits for a database that is down at start, and comes back after a crash', async () => {
    const socket = encodeURIComponent(join(data, 'postgres', 'socket'))
    link = openLink(makeExternalDatabase(`postgres://emo@${socket}/postgres`), log)
    await expect
      .poll(() => link?.state(), { timeout: 30_000 })
      .toMatchObject({ kind: 'connecting', failure: { code: 'ARCHIVE_DATABASE_UNAVAILABLE' } })
    const pending = link.ready()
    expect(await server.connection()).toMatchObject({ ok: true })
    const database = await pending
    expect(await database.selectFrom('tip').selectAll().execute()).toEqual([])

    process.kill(await postmaster(data), 'SIGKILL')
    await expect.poll(() => link?.state().kind, { timeout: 30_000 }).toBe('connecting')
    await database.selectFrom('tip').selectAll().execute().catch(link.report)
    expect(await server.connection()).toMatchObject({ ok: true })
    const again = await link.ready()
    expect(await again.selectFrom('tip').selectAll().execute()).toEqual([])
  })

  it('starts the embedded database again by itself', async () => {
    link = openLink(server, log)
    await link.ready()
    process.kill(await postmaster(data), 'SIGKILL')
    await expect.poll(() => link?.state().kind, { timeout: 30_000 }).toBe('connecting')
    const again = await link.ready()
    expect(await again.selectFrom('tip').selectAll().execute()).toEqual([])
  })

  it('lets go of who waits when it closes', async () => {
    link = openLink(makeExternalDatabase('postgres://emo@127.0.0.1:1/none'), log)
    const pending = link.ready()
    await Promise.all([expect(pending).rejects.toThrow('closing'), link.close()])
    await expect(link.ready()).rejects.toThrow('closing')
  })
})

async function postmaster(data: string): Promise<number> {
  const text = await readFile(join(data, 'postgres/cluster/postmaster.pid'), 'utf8')
  return Number(text.split('\n')[0])
}
