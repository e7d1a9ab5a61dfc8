/**
 * The command line of a script: `--help` prints the text at the top of its file, and what nobody
 * understands is refused with what to do, exit code 2.
 */
import { readFileSync } from 'node:fs'
import { parseArgs, type ParseArgsConfig } from 'node:util'

type Parsed<T extends ParseArgsConfig> = ReturnType<typeof parseArgs<T>>

const refusedCode = 2

export function commandLine<T extends ParseArgsConfig>(config: T): Parsed<T> {
  const [, script = '', ...args] = process.argv
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(helpOf(readFileSync(script, 'utf8')))
    process.exit(0)
  }
  try {
    return parseArgs({ ...config, args }) as Parsed<T>
  } catch (thrown) {
    if (!(thrown instanceof TypeError) || !('code' in thrown)) throw thrown
    const [sentence = ''] = thrown.message.split(/\. |\n/)
    refuse('OPTION_INVALID', `${sentence.replace(/\.$/, '')}. --help shows what there is.`)
  }
}

/** Text of `--name` as a number; anything but digits, and what is out of bounds, is refused. */
export function wholeNumber(
  name: string,
  text: string | undefined,
  bounds: { readonly least: number; readonly most: number },
): number {
  const { least, most } = bounds
  const value = Number(text)
  const isWhole = text !== undefined && /^\d+$/.test(text)
  if (isWhole && value >= least && value <= most) return value
  const asked = `a whole number from ${String(least)} to ${String(most)}`
  refuse('OPTION_VALUE', `--${name} takes ${asked}, not ${JSON.stringify(text ?? '')}.`)
}

export function refuse(code: string, what: string): never {
  process.stderr.write(`${code}: ${what}\n`)
  process.exit(refusedCode)
}

/** The first comment of a source text, without its marks. */
export function helpOf(source: string): string {
  const from = source.indexOf('/**')
  const to = source.indexOf('*/', from)
  const lines = source.slice(from + 3, to).split('\n')
  const text = lines.map((line) => line.replace(/^ \* ?/, '').trimEnd()).join('\n')
  return `${text.trim()}\n`
}
