/** Each input and output of a template is documented: shape, range and who checks it (ZK-1). */

import type { SourceFile } from './files.ts'

interface Template {
  readonly path: string
  readonly name: string
  /** Lines of `///` above it, without the slashes. */
  readonly doc: readonly string[]
  /** `input ticks[beats]`. */
  readonly signals: readonly string[]
}

export function circuitFaults(files: readonly SourceFile[]): readonly string[] {
  const templates = files.filter(({ path }) => /^circuits\/.*\.circom$/.test(path)).flatMap(read)
  const byName = new Map(templates.map((template) => [template.name, template]))
  return templates.flatMap(({ path, name, doc, signals }) => {
    const [, other = ''] = /beside those of (\w+)/.exec(doc.join(' ')) ?? []
    const told = new Set([...toldBy(doc), ...toldBy(byName.get(other)?.doc ?? [])])
    return signals
      .filter((signal) => !told.has(signal))
      .map(
        (signal) =>
          `${path}: ${name} does not say what \`${signal}\` may be. Add a line @${signal}.`,
      )
  })
}

function read({ path, text }: SourceFile): readonly Template[] {
  const templates: { path: string; name: string; doc: string[]; signals: string[] }[] = []
  let doc: string[] = []
  for (const line of text.split('\n')) {
    const [, name] = /^template (\w+)\(/.exec(line) ?? []
    const [, kind, signal] = /^ +signal (input|output) (\w+(?:\[[^\]]*\])*);/.exec(line) ?? []
    if (line.startsWith('///')) doc.push(line.slice(3).trim())
    else if (name !== undefined) templates.push({ path, name, doc, signals: [] })
    else if (kind !== undefined) templates.at(-1)?.signals.push(`${kind} ${signal ?? ''}`)
    if (!line.startsWith('///')) doc = []
  }
  return templates
}

/** `@input a[n], b: what they may be`, over as many lines as it takes; empty text says nothing. */
function toldBy(doc: readonly string[]): readonly string[] {
  const entries = doc
    .join('\n')
    .split(/\n(?=@|\n)/)
    .map((entry) => entry.trim().replace(/\s+/g, ' '))
  return entries.flatMap((entry) => {
    const [, kind, names = '', meaning = ''] =
      /^@(input|output) (\w+(?:\[[^\]]*\])*(?:, \w+(?:\[[^\]]*\])*)*):? (.+)$/.exec(entry) ?? []
    if (kind === undefined || meaning.length < 3) return []
    return names.split(', ').map((name) => `${kind} ${name}`)
  })
}
