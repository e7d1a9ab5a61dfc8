/**
 * Whether another way makes proofs quicker than one thread of the processor, as measured on this
 * device once in idle time, and kept for the next start of a worker (ZK-11, ZK-12).
 *
 * Valid in the version of the browser that it was measured in: another one has another compiler.
 */

import type { OriginFiles } from './originFiles.ts'

const bytesMax = 4096

/** Of one thread's time: a way that gains less is not worth its start and its memory. */
const gainNumerator = 4
const gainDenominator = 5

/** Milliseconds of wall time, for the same sums. */
export interface Times {
  readonly wayMs: number
  readonly cpuMs: number
}

export interface Choice<Way extends string, Fault extends string> extends Partial<Times> {
  readonly by: Way | 'cpu'
  /** Why it is one thread of the processor. */
  readonly code?: Fault
  /** What was measured: an adapter as it names itself, or the number of cores. */
  readonly device: string
}

export interface ChoiceKind<Way extends string, Fault extends string> {
  readonly file: string
  /** Another way to measure is another version: what was chosen before is not valid. */
  readonly version: number
  readonly way: Way
  readonly slower: Fault
}

export class MeasuredChoice<Way extends string, Fault extends string> {
  readonly #kind: ChoiceKind<Way, Fault>
  readonly #open: () => Promise<OriginFiles | undefined>
  #files: Promise<OriginFiles | undefined> | undefined
  #choice: Promise<Choice<Way, Fault> | undefined> | undefined

  constructor(kind: ChoiceKind<Way, Fault>, open: () => Promise<OriginFiles | undefined>) {
    this.#kind = kind
    this.#open = open
  }

  /** Undefined when nothing was measured by this version in this version of the browser. */
  get(): Promise<Choice<Way, Fault> | undefined> {
    this.#choice ??= this.#read()
    return this.#choice
  }

  /** Undefined: nothing is chosen. */
  async set(choice: Choice<Way, Fault> | undefined): Promise<void> {
    this.#choice = Promise.resolve(choice)
    await this.#write(choice)
  }

  /** What the next worker finds, should this one not come back from measuring. */
  guard(code: Fault, device: string): Promise<void> {
    return this.#write({ by: 'cpu', code, device })
  }

  of({ wayMs, cpuMs }: Times, device: string): Choice<Way, Fault> {
    const { way, slower } = this.#kind
    return wayMs * gainDenominator <= cpuMs * gainNumerator
      ? { by: way, device, wayMs, cpuMs }
      : { by: 'cpu', code: slower, device, wayMs, cpuMs }
  }

  async #read(): Promise<Choice<Way, Fault> | undefined> {
    const bytes = await (await this.#opened())?.read(this.#kind.file, bytesMax)
    if (bytes === undefined) return undefined
    try {
      const stored = JSON.parse(new TextDecoder().decode(bytes)) as unknown
      if (!isObject(stored)) return undefined
      const isValid = stored['version'] === this.#kind.version && stored['agent'] === agent()
      return isValid && this.#isChoice(stored['choice']) ? stored['choice'] : undefined
    } catch {
      return undefined
    }
  }

  async #write(choice: Choice<Way, Fault> | undefined): Promise<void> {
    const { file, version } = this.#kind
    const files = await this.#opened()
    const text = JSON.stringify({ version, agent: agent(), choice })
    await (choice === undefined
      ? files?.remove(file)
      : files?.write(file, new TextEncoder().encode(text)))
  }

  #isChoice(choice: unknown): choice is Choice<Way, Fault> {
    if (!isObject(choice) || typeof choice['device'] !== 'string') return false
    const { by, code } = choice
    return by === this.#kind.way || (by === 'cpu' && typeof code === 'string')
  }

  #opened(): Promise<OriginFiles | undefined> {
    this.#files ??= this.#open()
    return this.#files
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function agent(): string {
  const { navigator } = globalThis as { readonly navigator?: { readonly userAgent?: string } }
  return navigator?.userAgent ?? ''
}
