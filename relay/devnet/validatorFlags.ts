/** The flags of a rehearsal validator. */
import { parseArgs } from 'node:util'
import { ok, type Result } from '../../src/core/base/result.ts'
import { fail, say, textOf, type Failure } from '../failure.ts'

const options = {
  devnet: { type: 'string' },
  index: { type: 'string', default: '0' },
  relay: { type: 'string', multiple: true },
  circuits: { type: 'string' },
  checkpoint: { type: 'string' },
  'start-anew': { type: 'boolean', default: false },
  'keep-all': { type: 'boolean', default: false },
  operator: { type: 'string' },
  'log-level': { type: 'string', default: 'info' },
} as const

type Values = ReturnType<typeof parseArgs<{ readonly options: typeof options }>>['values']

export interface ValidatorFlags extends Omit<Values, 'index'> {
  readonly index: number
}

const list = 'Run `node relay/validator.js --help` for the list.'

/** Errors: `FLAG_UNKNOWN`, `FLAG_INVALID`; each says what to do. */
export function readValidatorFlags(args: readonly string[]): Result<ValidatorFlags, Failure> {
  try {
    const { values } = parseArgs({ args: [...args], options })
    if (!/^\d{1,4}$/.test(values.index)) {
      return fail('FLAG_INVALID', `--index ${values.index} is no number of a validator.`, list)
    }
    return ok({ ...values, index: Number(values.index) })
  } catch (thrown) {
    const [sentence = ''] = textOf(thrown).split(/\. |\n/)
    return fail('FLAG_UNKNOWN', `${sentence.replace(/\.$/, '')}.`, list)
  }
}

/** Undefined when they are refused, with what to do about it (exit code 1). */
export function validatorFlags(args: readonly string[]): ValidatorFlags | undefined {
  const flags = readValidatorFlags(args)
  if (flags.ok) return flags.value
  say(flags.error)
  process.exitCode = 1
  return undefined
}
