/** A devnet of real processes for the main path: relay with archive, and rehearsal validators. */
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createDevnet } from '../../relay/devnet/createDevnet.ts'
import { devnetLayout } from '../../relay/devnet/layout.ts'
import type { Params } from '../../src/core/params.ts'
import { freePort } from '../network/freePort.ts'

const root = resolve(import.meta.dirname, '../..')

/** Time for the validators to start before epoch 0 does. */
const headStartMs = 15_000

export interface BlockRow {
  readonly height: number
  readonly hash: string
  readonly epoch: number
}

interface EpochRow {
  readonly seatCount: number
}

export class Devnet {
  readonly url: string
  readonly folder: string
  readonly #ports: readonly [http: number, ws: number]
  readonly #validators = new Map<number, ChildProcess>()
  #relay: ChildProcess | undefined

  private constructor(folder: string, ports: readonly [number, number]) {
    this.folder = folder
    this.#ports = ports
    this.url = `http://localhost:${String(ports[0])}/`
  }

  static async start(options: {
    readonly validators: number
    readonly params?: Partial<Params>
    readonly baselineMs?: number
  }): Promise<Devnet> {
    const folder = await mkdtemp(join(tmpdir(), 'emo-devnet-'))
    const devnet = new Devnet(folder, [await freePort(), await freePort()])
    const startMs = Date.now() + headStartMs
    await createDevnet({ folder, ...options, startMs })
    await devnet.startRelay()
    for (let index = 0; index < options.validators; index += 1) await devnet.startValidator(index)
    return devnet
  }

  async startRelay(): Promise<void> {
    const layout = devnetLayout(this.folder)
    const [http, ws] = this.#ports
    this.#relay = this.#spawn([
      ...['relay', '--port', String(http), '--p2p-port', String(ws), '--webrtc-port', 'off'],
      ...['--data', layout.relay, '--genesis', layout.genesis],
      ...['--faucet-key', layout.faucetKey, '--log-level', 'warn'],
    ])
    await this.#until(async () => (await fetch(`${this.url}bootstrap.json`)).ok)
  }

  async startValidator(index: number): Promise<void> {
    const answer = await fetch(`${this.url}bootstrap.json`)
    const { relays } = (await answer.json()) as { readonly relays: readonly string[] }
    const child = this.#spawn([
      ...['--import', './relay/polyfills.js', 'dist/relay/validator.js'],
      ...['--devnet', this.folder, '--index', String(index), '--log-level', 'warn'],
      ...relays.flatMap((relay) => ['--relay', relay]),
    ])
    this.#validators.set(index, child)
  }

  /** As `kill -9` does: nothing is said, nothing is flushed. */
  async killRelay(): Promise<void> {
    await kill(this.#relay, 'SIGKILL')
    this.#relay = undefined
  }

  async stopValidator(index: number, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    await kill(this.#validators.get(index), signal)
    this.#validators.delete(index)
  }

  /** It serves its seat to the end, and is not there for the next draw. Resolves when it ended. */
  async leaveValidator(index: number): Promise<void> {
    const child = this.#validators.get(index)
    if (child === undefined || child.exitCode !== null) return
    const ended = new Promise((done) => child.once('exit', done))
    child.kill('SIGUSR2')
    await ended
    this.#validators.delete(index)
  }

  /** Seats of the newest epoch that the archive knows. */
  async seatCount(): Promise<number> {
    const answer = await fetch(`${this.url}epochs?limit=1`)
    if (!answer.ok) return 0
    const { items } = (await answer.json()) as { readonly items: readonly EpochRow[] }
    return items[0]?.seatCount ?? 0
  }

  /** Final blocks that the archive holds, newest first. */
  async archived(countMax: number): Promise<readonly BlockRow[]> {
    const answer = await fetch(`${this.url}blocks?limit=${String(countMax)}`)
    // Until its database is up the relay answers 503.
    if (!answer.ok) return []
    const { items } = (await answer.json()) as { readonly items: readonly BlockRow[] }
    return items
  }

  /** Transactions of one kind on the chain, up to a hundred. */
  async transactionCount(kind: string): Promise<number> {
    const answer = await fetch(`${this.url}transactions?limit=100&kind=${kind}`)
    if (!answer.ok) throw new Error(`/transactions answered ${String(answer.status)}`)
    const { items } = (await answer.json()) as { readonly items: readonly unknown[] }
    return items.length
  }

  async archivedBlock(height: number): Promise<BlockRow | undefined> {
    const answer = await fetch(`${this.url}blocks/${String(height)}`)
    return answer.ok ? ((await answer.json()) as BlockRow) : undefined
  }

  async stop(): Promise<void> {
    const children = [...this.#validators.values(), this.#relay]
    await Promise.all(children.map((child) => kill(child, 'SIGTERM')))
    await rm(this.folder, { recursive: true, force: true })
  }

  #spawn(args: readonly string[]): ChildProcess {
    return spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
  }

  async #until(isDone: () => Promise<boolean>): Promise<void> {
    const endMs = Date.now() + 90_000
    while (!(await isDone().catch(() => false))) {
      if (Date.now() > endMs) throw new Error('the relay did not come up within 90 s')
      await new Promise((done) => setTimeout(done, 200))
    }
  }
}

async function kill(child: ChildProcess | undefined, signal: NodeJS.Signals): Promise<void> {
  if (child === undefined || child.exitCode !== null) return
  const ended = new Promise((done) => child.once('exit', done))
  child.kill(signal)
  const giveUp = setTimeout(() => child.kill('SIGKILL'), 20_000)
  await ended
  clearTimeout(giveUp)
}
