/**
 * Each signal of a template is documented, inner ones, too: shape, range and what keeps it there
 * (ZK-1); and each line of a document is about a signal that there is.
 */

import type { SourceFile } from './files.ts'

interface Template {
  readonly path: string
  readonly name: string
  /** Lines of `///` above it, without the slashes. */
  readonly doc: readonly string[]
  /** `input ticks[beats]`, `signal sum` for inner ones. */
  readonly signals: readonly string[]
  /** Names of signals that a `<--` assigns. */
  readonly hints: readonly string[]
  /** Declarations in a form that this does not read. */
  readonly unread: readonly string[]
}

/** What a document says of a signal, by `input ticks[beats]`. */
type Told = ReadonlyMap<string, string>

export function circuitFaults(files: readonly SourceFile[]): readonly string[] {
  const templates = files.filter(({ path }) => /^circuits\/.*\.circom$/.test(path)).flatMap(read)
  const byName = new Map(templates.map((template) => [template.name, template]))
  return templates.flatMap((template) => {
    const { path, name, doc, signals, unread } = template
    const [, other = ''] = /beside those of (\w+)/.exec(doc.join(' ')) ?? []
    const [own, others] = [toldBy(doc), toldBy(byName.get(other)?.doc ?? [])]
    const isTold = (signal: string): boolean =>
      own.has(signal) || (others.has(signal) && !signal.startsWith('signal '))
    return [
      ...signals
        .filter((signal) => !isTold(signal))
        .map((signal) => `${name} does not say what \`${signal}\` may be. Add a line @${signal}.`),
      ...[...own.keys()]
        .filter((signal) => !signals.includes(signal))
        .map((signal) => `${name} has no \`${signal}\`. Take out its line, or correct it.`),
      ...hintFaults(template, own),
      ...unread.map((line) => `${name}: write one signal to a declaration, not \`${line}\`.`),
    ].map((fault) => `${path}: ${fault}`)
  })
}

/** A hint is whatever the prover says: its line names it one, and what leaves a single value. */
function hintFaults({ name, hints }: Template, told: Told): readonly string[] {
  return hints
    .filter((hint) => {
      const [, meaning = ''] = [...told].find(([signal]) => signal.split(/[ []/)[1] === hint) ?? []
      return !/\bhints?\b/.test(meaning)
    })
    .map((hint) => `${name} does not say that \`${hint}\` is a hint, and what decides it.`)
}

function read({ path, text }: SourceFile): readonly Template[] {
  const templates: (Template & Record<'doc' | 'signals' | 'hints' | 'unread', string[]>)[] = []
  let doc: string[] = []
  for (const line of text.split('\n')) {
    const code = line.replace(/\/\/.*$/, '')
    const [, name] = /^template (\w+)\(/.exec(code) ?? []
    if (line.startsWith('///')) doc.push(line.slice(3).trim())
    else if (name !== undefined) {
      templates.push({ path, name, doc, signals: [], hints: [], unread: [] })
    } else if (/\bsignal\b/.test(code)) {
      const signal = declared(code)
      const last = templates.at(-1)
      if (signal === undefined) last?.unread.push(code.trim())
      else last?.signals.push(signal)
    }
    const [, hint] = /(\w+)(?:\[[^\]]*\])* <--/.exec(code) ?? []
    if (hint !== undefined) templates.at(-1)?.hints.push(hint)
    if (!line.startsWith('///')) doc = []
  }
  return templates
}

/** `signal input a[n];`, `signal a[n] <== …`: one signal, at the start of a line. */
function declared(code: string): string | undefined {
  const [, kind = 'signal ', signal] =
    /^ +signal (input |output )?(\w+(?:\[[^\]]*\])*)(?:;$| <==| <--)/.exec(code) ?? []
  return signal === undefined ? undefined : kind + signal
}

/** `@input a[n], b: what they may be`, over as many lines as it takes; empty text says nothing. */
function toldBy(doc: readonly string[]): Told {
  const entries = doc
    .join('\n')
    .split(/\n(?=@|\n)/)
    .map((entry) => entry.trim().replace(/\s+/g, ' '))
  return new Map(
    entries.flatMap((entry) => {
      const [, kind, names = '', meaning = ''] =
        /^@(input|output|signal) (\w+(?:\[[^\]]*\])*(?:, \w+(?:\[[^\]]*\])*)*):? (.+)$/.exec(
          entry,
        ) ?? []
      if (kind === undefined || meaning.length < 3) return []
      return names.split(', ').map((name) => [`${kind} ${name}`, meaning] as const)
    }),
  )
}
