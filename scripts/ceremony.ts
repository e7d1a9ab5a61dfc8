/**
 * `npm run ceremony`: keys of a circuit that are safe as soon as one of many was honest (ZK-9).
 * docs/guides/ceremony.md leads through it.
 *
 *   -- start --circuit NAME --ptau FILE --out KEY
 *   -- contribute --in KEY --out KEY --name TEXT   --text reads more randomness from the input
 *   -- beacon --in KEY --out KEY --hash HEX --iterations N   2^N times SHA-256 over the value
 *   -- verify --circuit NAME --ptau FILE --in KEY [--attestation FILE …] [--transcript FILE]
 *   -- finish --circuit NAME --ptau FILE --in KEY --out FOLDER [--attestation FILE …]
 *
 *   --rehearsal  takes powers of tau that nobody published, for development keys
 *   --source     a circom source of your own in place of --circuit, in a rehearsal
 */

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import {
  beacon,
  contribute,
  finish,
  start,
  verify,
  type Check,
  type CircuitChoice,
  type Setting,
} from '../circuits/ceremony/commands.ts'
import { beaconExponents } from '../circuits/ceremony/contributions.ts'
import { explain } from '../circuits/ceremony/errors.ts'
import { knownPowersOfTau } from '../circuits/ceremony/knownPowersOfTau.ts'
import { commandLine, refuse, wholeNumber } from './lib/commandLine.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const textBytesMax = 65_536

const text = { type: 'string' } as const
const flag = { type: 'boolean', default: false } as const
const { values, positionals } = commandLine({
  allowPositionals: true,
  options: {
    circuit: text,
    source: text,
    ptau: text,
    in: text,
    out: text,
    name: text,
    text: flag,
    hash: text,
    iterations: text,
    attestation: { type: 'string', multiple: true, default: [] as string[] },
    transcript: text,
    rehearsal: flag,
  },
})

const commands = {
  start: () => start(setting(), needed('out')),
  contribute: () => {
    const typed = values.text ? readFileSync(0).subarray(0, textBytesMax).toString('utf8') : ''
    const [from, out, name] = [needed('in'), needed('out'), needed('name')]
    return contribute({ from, out, name, text: typed })
  },
  beacon: () => {
    const hash = needed('hash').toLowerCase().replace(/^0x/, '')
    const iterationsExponent = wholeNumber('iterations', values.iterations, beaconExponents)
    return beacon({ from: needed('in'), out: needed('out'), hash, iterationsExponent })
  },
  verify: () => verify(check(), values.transcript),
  finish: () => finish(check(), needed('out')),
} as const

type Option = 'circuit' | 'source' | 'ptau' | 'in' | 'out' | 'name' | 'hash'

function needed(name: Option): string {
  const value = values[name]
  if (value !== undefined && value !== '') return value
  refuse('OPTION_VALUE', `--${name} is missing. --help shows what each command takes.`)
}

function setting(): Setting {
  const { rehearsal: isRehearsal } = values
  const ptau = needed('ptau')
  return { root, choice: choice(), ptau, known: knownPowersOfTau, isRehearsal }
}

function choice(): CircuitChoice {
  if (values.source === undefined) return { circuit: needed('circuit') }
  if (values.rehearsal && values.circuit === undefined) return { source: values.source }
  refuse('OPTION_VALUE', '--source goes with --rehearsal and without --circuit.')
}

function check(): Check {
  return { ...setting(), from: needed('in'), attestations: values.attestation }
}

const [name = '', ...more] = positionals
const command = Object.hasOwn(commands, name) ? commands[name as keyof typeof commands] : undefined
if (command === undefined || more.length > 0) {
  const names = Object.keys(commands).join(' | ')
  refuse('COMMAND_UNKNOWN', `Say which: npm run ceremony -- ${names}`)
}
const said = await command()
if (!said.ok) refuse(said.error.code, explain(said.error))
process.stdout.write(`${said.value.join('\n')}\n`)
// Nothing of a contribution outlives it.
process.exit(0)
