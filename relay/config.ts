/**
 * OPS-7: the relay's settings: flags, each with an `EMO_*` variable of the same name; a flag wins.
 * Strict: what is not known is refused with what to do.
 */

import { ok, type Result } from '../src/core/base/result.ts'
import { fail, type Failure } from './failure.ts'
import { flags, type Flag, type LogLevel } from './flags.ts'

export interface RelayConfig {
  readonly host: string
  readonly httpPort: number
  readonly webSocketPort: number
  /** `undefined`: no webrtc-direct. */
  readonly webRtcPort: number | undefined
  readonly data: string
  /** `undefined`: the embedded PostgreSQL. */
  readonly databaseUrl: string | undefined
  /** Path of the genesis file; `undefined`: `genesis.json` in the data directory. */
  readonly genesis: string | undefined
  readonly archive: boolean
  readonly api: boolean
  readonly bootstrap: readonly string[]
  readonly announce: readonly string[]
  readonly faucetKey: string | undefined
  readonly trustProxy: boolean
  readonly logLevel: LogLevel
}

type Values = ReadonlyMap<string, string>

/** `help` and `version` when the caller only wants to read. */
export function parseConfig(
  words: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Result<RelayConfig | 'help' | 'version', Failure> {
  const fromEnvironment = readEnvironment(environment)
  if (!fromEnvironment.ok) return fromEnvironment
  const fromWords = readWords(words)
  if (!fromWords.ok) return fromWords
  if (fromWords.value === 'help' || fromWords.value === 'version') return ok(fromWords.value)
  const values: Values = new Map([...fromEnvironment.value, ...fromWords.value])
  for (const flag of flags) {
    const value = values.get(flag.name)
    const problem = value === undefined ? undefined : flag.check(value)
    if (problem !== undefined) return invalid(flag, value ?? '', problem)
  }
  return ok(toConfig(values))
}

export function variableOf(flag: Flag): string {
  return `EMO_${flag.name.toUpperCase().replaceAll('-', '_')}`
}

export function helpText(): string {
  const lines = flags.map((flag) => {
    const left = flag.value === undefined ? `--${flag.name}` : `--${flag.name} ${flag.value}`
    const below = `${' '.repeat(28)}${variableOf(flag)}, default: ${flag.shown}`
    return `  ${left.padEnd(26)}${flag.help}\n${below}`
  })
  return [
    'node relay: introduces tabs to each other, keeps the chain, serves page and API.',
    '',
    'Usage: node relay [flags]. Each flag has an environment variable; the flag wins.',
    '',
    ...lines,
    '',
    `  ${'--help'.padEnd(26)}Shows this and ends.`,
    `  ${'--version'.padEnd(26)}Shows the version and ends.`,
    '',
  ].join('\n')
}

function readWords(words: readonly string[]): Result<Values | 'help' | 'version', Failure> {
  const values = new Map<string, string>()
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? ''
    if (word === '--help' || word === '-h') return ok('help')
    if (word === '--version') return ok('version')
    const [name, inline] = split(word)
    const flag = flags.find((item) => `--${item.name}` === name)
    if (flag === undefined) return unknown(word)
    if (values.has(flag.name)) return invalid(flag, word, 'it is given twice')
    if (flag.value === undefined) {
      values.set(flag.name, inline ?? 'true')
      continue
    }
    const value = inline ?? words[index + 1]
    if (inline === undefined) index += 1
    if (value === undefined || (inline === undefined && value.startsWith('--'))) {
      return invalid(flag, '', `it needs a value: --${flag.name} ${flag.value}`)
    }
    values.set(flag.name, value)
  }
  return ok(values)
}

function readEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): Result<Values, Failure> {
  const values = new Map<string, string>()
  for (const flag of flags) {
    const value = environment[variableOf(flag)]
    // An empty variable is one that was left blank in a unit or compose file.
    if (value !== undefined && value !== '') values.set(flag.name, value)
  }
  return ok(values)
}

function split(word: string): readonly [string, string | undefined] {
  const at = word.indexOf('=')
  return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)]
}

function toConfig(values: Values): RelayConfig {
  const text = (name: string): string => values.get(name) ?? defaultOf(name)
  const list = (name: string): readonly string[] => text(name).split(',').filter(Boolean)
  const webRtcPort = text('webrtc-port')
  return {
    host: text('host'),
    httpPort: Number(text('port')),
    webSocketPort: Number(text('p2p-port')),
    webRtcPort: webRtcPort === 'off' ? undefined : Number(webRtcPort),
    data: text('data'),
    databaseUrl: values.get('database-url'),
    genesis: values.get('genesis'),
    archive: text('no-archive') !== 'true',
    api: text('no-api') !== 'true',
    bootstrap: list('bootstrap'),
    announce: list('announce'),
    faucetKey: values.get('faucet-key'),
    trustProxy: text('trust-proxy') === 'true',
    logLevel: text('log-level') as LogLevel,
  }
}

function defaultOf(name: string): string {
  return flags.find((flag) => flag.name === name)?.fallback ?? ''
}

function unknown(word: string): { readonly ok: false; readonly error: Failure } {
  const name = split(word)[0]
  const close = flags.find((flag) => name.length > 3 && `--${flag.name}`.startsWith(name))
  return fail(
    'FLAG_UNKNOWN',
    `${name} is not a flag of the relay.`,
    close === undefined
      ? 'Run `node relay --help` for the list.'
      : `Did you mean --${close.name}? Run \`node relay --help\` for the list.`,
  )
}

function invalid(
  flag: Flag,
  value: string,
  problem: string,
): { readonly ok: false; readonly error: Failure } {
  const shown = flag.secret === true ? '' : ` ${value}`
  return fail(
    'FLAG_INVALID',
    `--${flag.name}${shown} cannot be used: ${problem}.`,
    `Correct --${flag.name} or ${variableOf(flag)}; \`node relay --help\` says what it takes.`,
  )
}
