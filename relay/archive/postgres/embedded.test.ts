import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { access, chmod, chown, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { ConnectionOptions, DatabaseSource } from '../source.ts'
import { namespacePrefix, parsePasswd } from './account.ts'
import { makeEmbeddedPostgres } from './embedded.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const holdProgram = fileURLToPath(new URL('./hold.fixture.ts', import.meta.url))
const asRoot = process.geteuid?.() === 0
const canBeAnother = await readableByOthers()
const canMount = await mountsWork()

describe('ARC-1 the embedded PostgreSQL', { timeout: 120_000 }, () => {
  let home: string
  let source: DatabaseSource | undefined
  const children: ChildProcess[] = []

  beforeAll(async () => {
    // mkdtemp makes it 0700, as a home directory may be.
    home = await mkdtemp(join(tmpdir(), 'emo-test-'))
  })
  afterEach(async () => {
    await source?.stop()
    source = undefined
    for (const child of children.splice(0)) await endChild(child)
  })
  afterAll(async () => {
    await rm(home, { recursive: true, force: true })
  })

  async function start(data: string): Promise<ConnectionOptions> {
    source = makeEmbeddedPostgres({ data })
    return await connect(source)
  }

  it('keeps what was committed when it is killed, and starts again when asked', async () => {
    const first = await start(join(home, 'killed'))
    await query(first, 'CREATE TABLE kept (n int)')
    await query(first, 'INSERT INTO kept VALUES (7)')
    expect(await query(first, 'SHOW fsync')).toEqual([{ fsync: 'on' }])
    expect(await query(first, 'SHOW listen_addresses')).toEqual([{ listen_addresses: '' }])
    process.kill(await postmasterPid(join(home, 'killed')), 'SIGKILL')
    await expect.poll(async () => await canConnect(first), { timeout: 30_000 }).toBe(false)
    if (source === undefined) throw new Error('no source')
    await sleep(200)
    const second = await connect(source)
    expect(await query(second, 'SELECT n FROM kept')).toEqual([{ n: 7 }])
    await source.stop()
    expect(await canConnect(second)).toBe(false)
  })

  it('goes down in order when its relay is killed, and the next relay finds the data', async () => {
    const data = join(home, 'orphan')
    const held = await hold(children, [data])
    await query(held.connection, 'CREATE TABLE kept AS SELECT 1 AS n')
    const pid = await postmasterPid(data)
    held.child.kill('SIGKILL')
    await expect.poll(async () => await isAlive(pid), { timeout: 30_000 }).toBe(false)
    expect(await query(await start(data), 'SELECT n FROM kept')).toEqual([{ n: 1 }])
  })

  it('stops a server that was left behind, guard and all', async () => {
    const data = join(home, 'leftover')
    const held = await hold(children, [data])
    await query(held.connection, 'CREATE TABLE kept AS SELECT 2 AS n')
    const pid = await postmasterPid(data)
    // The guard is in the server's process group; killed first, nobody tells the server to stop.
    for (const guard of await groupShells(pid)) process.kill(guard, 'SIGKILL')
    held.child.kill('SIGKILL')
    await once(held.child, 'exit')
    await sleep(300)
    expect(await isAlive(pid)).toBe(true)
    expect(await query(await start(data), 'SELECT n FROM kept')).toEqual([{ n: 2 }])
    expect(await isAlive(pid)).toBe(false)
  })

  it('finds a short place for its socket when the path is too long for one', async () => {
    const data = join(home, 'x'.repeat(120))
    const connection = await start(data)
    expect(await query(connection, 'SELECT 1 AS n')).toEqual([{ n: 1 }])
    const socket = 'host' in connection ? connection.host : ''
    await source?.stop()
    await expect(access(socket)).rejects.toThrow()
  })

  it('says in a coded error when the directory cannot be used', async () => {
    await writeFile(join(home, 'file'), '')
    source = makeEmbeddedPostgres({ data: join(home, 'file', 'data') })
    expect(await source.connection()).toMatchObject({
      ok: false,
      error: { code: 'DATA_UNWRITABLE' },
    })
  })

  it.runIf(canBeAnother)('runs as an ordinary user', async () => {
    const nobody = { uid: 65_534, gid: 65_534 }
    const data = await mkdtemp(join(tmpdir(), 'emo-user-'))
    try {
      await chown(data, nobody.uid, nobody.gid)
      const held = await hold(children, [data], nobody)
      await query(held.connection, 'CREATE TABLE kept AS SELECT 3 AS n')
      held.child.kill('SIGKILL')
      await once(held.child, 'exit')
      const again = await hold(children, [data], nobody)
      expect(await query(again.connection, 'SELECT n FROM kept')).toEqual([{ n: 3 }])
      await endChild(again.child)
    } finally {
      await rm(data, { recursive: true, force: true })
    }
  })

  it.runIf(canMount)('runs as a service user where root has no namespaces', async () => {
    // A private copy of /etc and /var/lib, so that this machine gets no new user.
    const data = join(home, 'service')
    const places = await mkdtemp(join(tmpdir(), 'emo-places-'))
    await chmod(places, 0o755)
    try {
      const script = `
          mkdir "$0/etc" "$0/lib" && cp -a /etc/. "$0/etc" &&
          mount --bind "$0/etc" /etc && mount --bind "$0/lib" /var/lib && exec "$@"`
      const prefix = ['unshare', '-m', 'sh', '-c', script, places]
      const held = await hold(children, [data, 'service'], {}, prefix)
      expect('host' in held.connection && held.connection.host).toMatch(
        /^\/var\/lib\/emotionalchain\//,
      )
      await endChild(held.child)
    } finally {
      await rm(places, { recursive: true, force: true })
    }
  })
})

describe('ARC-1 identity inside the user namespace', () => {
  it('takes a listed user that is not root, the nobody user last', () => {
    const entries = parsePasswd(
      'root:x:0:0::/root:/bin/sh\nbroken\nnobody:x:65534:65534::/:/\ndaemon:x:1:1::/:/\n',
    )
    expect(namespacePrefix(entries)).toEqual([
      ...['unshare', '-U', '--map-user=1', '--map-group=1', '--'],
    ])
    expect(namespacePrefix(entries.slice(0, 2))).toContain('--map-user=65534')
    expect(namespacePrefix([])).toContain('--map-user=65534')
  })
})

interface Held {
  readonly child: ChildProcess
  readonly connection: ConnectionOptions
}

/** A relay's part in a process of its own. */
async function hold(
  children: ChildProcess[],
  words: readonly string[],
  identity: { readonly uid?: number; readonly gid?: number } = {},
  prefix: readonly string[] = [],
): Promise<Held> {
  const line = [...prefix, process.execPath, join(root, 'scripts/run.js'), holdProgram, ...words]
  const child = spawn(line[0] ?? '', line.slice(1), {
    stdio: ['pipe', 'pipe', 'inherit'],
    cwd: '/',
    env: { PATH: process.env['PATH'], TMPDIR: tmpdir(), HOME: '/' },
    ...identity,
  })
  children.push(child)
  for await (const text of createInterface({ input: child.stdout })) {
    const answer = JSON.parse(text) as Awaited<ReturnType<DatabaseSource['connection']>>
    if (!answer.ok) throw new Error(text)
    return { child, connection: answer.value }
  }
  throw new Error('the test program said nothing')
}

async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.stdin?.end()
  await exited
}

async function connect(source: DatabaseSource): Promise<ConnectionOptions> {
  const connection = await source.connection()
  if (!connection.ok) throw new Error(JSON.stringify(connection.error))
  return connection.value
}

async function query(connection: ConnectionOptions, text: string): Promise<readonly unknown[]> {
  const client = new pg.Client(connection)
  client.on('error', () => undefined)
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(text)).rows
  } finally {
    await client.end()
  }
}

async function canConnect(connection: ConnectionOptions): Promise<boolean> {
  return await query(connection, 'SELECT 1').then(
    () => true,
    () => false,
  )
}

async function postmasterPid(data: string): Promise<number> {
  const text = await readFile(join(data, 'postgres/cluster/postmaster.pid'), 'utf8')
  return Number(text.split('\n')[0])
}

/** A process that ended but was not collected yet does not count. */
async function isAlive(pid: number): Promise<boolean> {
  return await statFields(pid).then(
    (fields) => fields[0] !== 'Z',
    () => false,
  )
}

/** The shells around a server: its parent and that one's other child. */
async function groupShells(pid: number): Promise<readonly number[]> {
  const shell = Number((await statFields(pid))[1])
  const list = await readFile(`/proc/${String(shell)}/task/${String(shell)}/children`, 'utf8')
  const others = list.trim().split(' ').map(Number)
  const guards = others.filter((other) => other !== pid)
  const cats: number[] = []
  for (const guard of guards) {
    const text = await readFile(`/proc/${String(guard)}/task/${String(guard)}/children`, 'utf8')
    cats.push(...text.trim().split(' ').filter(Boolean).map(Number))
  }
  return [...guards, ...cats, shell]
}

async function statFields(pid: number): Promise<readonly string[]> {
  const text = await readFile(`/proc/${String(pid)}/stat`, 'utf8')
  return text.slice(text.lastIndexOf(')') + 2).split(' ')
}

async function succeeds(command: string, words: readonly string[], uid = 0): Promise<boolean> {
  const child = spawn(command, words, { stdio: 'ignore', ...(uid === 0 ? {} : { uid, gid: uid }) })
  return await new Promise((resolve) => {
    child.once('error', () => {
      resolve(false)
    })
    child.once('exit', (code) => {
      resolve(code === 0)
    })
  })
}

/** A checkout in a closed home cannot be run by another user. */
async function readableByOthers(): Promise<boolean> {
  return asRoot && (await succeeds('test', ['-r', holdProgram], 65_534))
}

async function mountsWork(): Promise<boolean> {
  return asRoot && (await succeeds('unshare', ['-m', 'true']))
}
