/**
 * `npm run proof-campaign`: what unit tests do in seconds, at length (FIT-4, ZK-4).
 *
 *   -- windows --count 1000   circuit, core and oracle on random windows of recordings beside the
 *                             project, and on as many from a seed alone
 *   -- proofs --count 10000   changed proofs and public signals of the circuits, all to be refused
 *
 *   --seed N                  another draw
 *   --circuit NAME            of one circuit alone
 *
 * Needs the files of `npm run circuits`. Exit code 1 when anything disagrees, passes or throws.
 */

import { fileURLToPath } from 'node:url'
import {
  mutatedProofs,
  recordedAgreement,
  seededAgreement,
  type Span,
} from '../circuits/campaign/campaign.ts'
import type { Agreement } from '../circuits/campaign/agreement.ts'
import { circuitNames } from '../circuits/setup/paths.ts'
import { commandLine, refuse, wholeNumber } from './lib/commandLine.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const say = (line: string): void => void process.stdout.write(`${line}\n`)
const faultsShown = 20

const { values, positionals } = commandLine({
  allowPositionals: true,
  options: {
    count: { type: 'string' },
    seed: { type: 'string', default: '1' },
    circuit: { type: 'string' },
  },
})
const bounds = { least: 1, most: 10_000_000 }
const seed = wholeNumber('seed', values.seed, bounds)
const spanOf = (usual: number): Span => {
  return { seed, count: wholeNumber('count', values.count ?? String(usual), bounds) }
}

async function windows(): Promise<number> {
  const span = spanOf(1000)
  const recorded = await timed(() => recordedAgreement(root, span))
  const told = recorded === undefined ? 'skipped: none beside the project' : figures(recorded)
  say(`recordings: ${told}`)
  const seeded = await timed(() => seededAgreement(root, span))
  say(`from seeds: ${figures(seeded)}`)
  return shown([...(recorded?.disagreements ?? []), ...seeded.disagreements])
}

function figures({
  scored,
  refused,
  scoresSeen,
  disagreements,
  seconds,
}: Agreement & Timed): string {
  const counts = `${scored} scored (${scoresSeen} different scores), ${refused} refused by all`
  return `${counts}, ${disagreements.length} disagreements, ${seconds} s`
}

async function proofs(): Promise<number> {
  const chosen = circuitNames.filter(
    (name) => values.circuit === undefined || name === values.circuit,
  )
  if (chosen.length === 0) refuse('OPTION_VALUE', `--circuit is one of ${circuitNames.join(', ')}.`)
  const { count } = spanOf(10_000)
  const share = Math.ceil(count / chosen.length)
  const faults: string[] = []
  for (const circuit of chosen) {
    const found = await timed(() => mutatedProofs(root, circuit, { seed, count: share }))
    const { tried, byCode, kinds, controls, seconds } = found
    const codes = Object.entries(byCode).map(([code, times]) => `${code} ${times}`)
    say(`${circuit}: ${tried} mutants of ${kinds} kinds, ${codes.join(', ')}`)
    say(`  ${controls} true proofs among them held, ${found.faults.length} faults, ${seconds} s`)
    faults.push(...found.faults)
  }
  return shown(faults)
}

function shown(faults: readonly string[]): number {
  for (const fault of faults.slice(0, faultsShown)) say(`  ${fault}`)
  return faults.length === 0 ? 0 : 1
}

interface Timed {
  readonly seconds: string
}

async function timed<T extends object | undefined>(
  work: () => Promise<T>,
): Promise<T extends undefined ? undefined : T & Timed> {
  const started = performance.now()
  const found = await work()
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  return (found === undefined ? undefined : { ...found, seconds }) as never
}

const commands: Readonly<Record<string, () => Promise<number>>> = { windows, proofs }
const [name = '', ...more] = positionals
const command = Object.hasOwn(commands, name) ? commands[name] : undefined
if (command === undefined || more.length > 0) {
  refuse('COMMAND_UNKNOWN', 'Say which: npm run proof-campaign -- windows | proofs')
}
process.exitCode = await command()
