/**
 * The processes of a devnet: started together, stopped together, and one that ends alone is told.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { root } from './run.ts'

export class Processes {
  readonly #children = new Set<ChildProcess>()
  #isStopping = false

  constructor() {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        this.stop()
      })
    }
  }

  /** Runs one of our scripts to its end; lines of its output go to `onLine`. */
  step(script: string, args: readonly string[], onLine: (line: string) => void): Promise<number> {
    const child = this.#spawn(['scripts/run.js', script, ...args], ['ignore', 'pipe', 'inherit'])
    if (child.stdout !== null) {
      createInterface({ input: child.stdout }).on('line', onLine)
    }
    return new Promise((done) => {
      child.on('exit', (code) => {
        this.#children.delete(child)
        done(code ?? 1)
      })
    })
  }

  startRelay(args: readonly string[]): void {
    this.#keep('The relay', this.#spawn(['relay', ...args], ['ignore', 'inherit', 'inherit']))
  }

  startValidator(options: {
    readonly folder: string
    readonly index: number
    readonly relays: readonly string[]
  }): void {
    const { folder, index, relays } = options
    const args = [
      ...['--import', './relay/polyfills.js', 'dist/relay/validator.js'],
      ...['--devnet', folder, '--index', String(index), '--log-level', 'warn'],
      ...relays.flatMap((relay) => ['--relay', relay]),
    ]
    const child = this.#spawn(args, ['ignore', 'inherit', 'inherit', 'ipc'])
    this.#keep(`Rehearsal validator ${String(index)}`, child)
  }

  stop(): void {
    if (this.#isStopping) process.exit(1)
    this.#isStopping = true
    for (const child of this.#children) child.kill('SIGTERM')
    if (this.#children.size === 0) process.exit(0)
  }

  #spawn(args: readonly string[], stdio: Parameters<typeof spawn>[2]['stdio']): ChildProcess {
    const child = spawn(process.execPath, args, { cwd: root, stdio })
    this.#children.add(child)
    return child
  }

  #keep(name: string, child: ChildProcess): void {
    child.on('exit', (code) => {
      this.#children.delete(child)
      if (!this.#isStopping) process.stderr.write(`${name} ended with code ${String(code)}.\n`)
      if (this.#isStopping && this.#children.size === 0) process.exit(0)
    })
  }
}
