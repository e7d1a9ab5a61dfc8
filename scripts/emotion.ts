/**
 * `npm run emotion -- …`: what the page would say of a recording (docs/guides/measuring.md).
 *
 *   --rr FILE           intervals between beats, ms, one a line or a CSV column
 *   --ecg FILE --hz N   samples of one lead         --ppg FILE --hz N   of a finger clip or wrist
 *   --rgb FILE          CSV time,R,G,B with times in ms, or R,G,B with --fps N
 *   --column NAME       which column of a CSV, by name or number
 *   --unit ms|s|ticks   of --rr, ms if not said     --place face|finger  of --rgb
 *   --json              one JSON object instead of a table
 *
 * Exit status: 0 accepted, 1 refused by the gate, 2 the file or the options are wrong.
 */

import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { evaluate } from './emotion/evaluate.ts'
import { InputError } from './emotion/inputError.ts'
import { helpOf } from './lib/commandLine.ts'
import { linesOf } from './emotion/print.ts'
import { readRgb, type Place } from './emotion/readRgb.ts'
import { readRr, type RrUnit } from './emotion/readRr.ts'
import { readEcg, readPpg } from './emotion/readWave.ts'
import type { Recording } from './emotion/recording.ts'

class UsageError extends Error {}

const options = {
  rr: { type: 'string' },
  ecg: { type: 'string' },
  ppg: { type: 'string' },
  rgb: { type: 'string' },
  hz: { type: 'string' },
  fps: { type: 'string' },
  column: { type: 'string' },
  unit: { type: 'string' },
  place: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const

type Values = Partial<Record<Exclude<keyof typeof options, 'json'>, string>>

function read(values: Values): Recording {
  const { rr, ecg, ppg, rgb, column } = values
  const given = [rr, ecg, ppg, rgb].filter((path) => path !== undefined)
  if (given.length !== 1) throw new UsageError('Give one of --rr, --ecg, --ppg and --rgb.')
  if (rr !== undefined) return readRr(rr, { column, unit: oneOf<RrUnit>(values, 'unit', units) })
  if (rgb !== undefined) {
    const fps = values.fps === undefined ? undefined : rate(values, 'fps', 5, 240)
    return readRgb(rgb, { fps, place: oneOf<Place>(values, 'place', places) })
  }
  if (ecg !== undefined) return readEcg(ecg, { hz: rate(values, 'hz', 50, 10_000), column })
  return readPpg(ppg ?? '', { hz: rate(values, 'hz', 15, 2000), column })
}

const units = ['ms', 's', 'ticks'] as const
const places = ['face', 'finger'] as const

function oneOf<Choice extends string>(
  values: Values,
  name: 'unit' | 'place',
  choices: readonly Choice[],
): Choice | undefined {
  const asked = values[name]
  const choice = choices.find((each) => each === asked)
  if (asked === undefined || choice !== undefined) return choice
  throw new UsageError(`--${name} takes ${choices.join(' or ')}.`)
}

function rate(values: Values, name: 'hz' | 'fps', least: number, most: number): number {
  const value = Number(values[name])
  if (values[name] !== undefined && value >= least && value <= most) return value
  throw new UsageError(`--${name} takes a rate from ${least} to ${most} a second.`)
}

function main(): number {
  if (process.argv.includes('--help')) {
    process.stdout.write(helpOf(readFileSync(import.meta.filename, 'utf8')))
    return 0
  }
  const isJson = process.argv.includes('--json')
  try {
    const { values } = parseArgs({ options, allowPositionals: false })
    const evaluation = evaluate(read(values))
    const text = isJson ? JSON.stringify(evaluation, undefined, 2) : linesOf(evaluation).join('\n')
    process.stdout.write(`${text}\n`)
    return evaluation.overall.accepted ? 0 : 1
  } catch (thrown) {
    if (!(thrown instanceof Error)) throw thrown
    const isUsage = thrown instanceof UsageError || thrown instanceof TypeError
    if (!isUsage && !(thrown instanceof InputError)) throw thrown
    const { code, line } =
      thrown instanceof InputError ? thrown : { code: 'USAGE' as const, line: undefined }
    const error = { code, line, message: thrown.message }
    if (isJson) process.stdout.write(`${JSON.stringify({ error }, undefined, 2)}\n`)
    else process.stderr.write(`emotion: ${code}: ${thrown.message}\n`)
    return 2
  }
}

process.exitCode = main()
