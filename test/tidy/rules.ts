/** Rules of docs/spec against their citations in code and in tests. */

import { isProduct, isSource, isTest, type SourceFile } from './files.ts'

interface Rule {
  readonly name: string
  readonly path: string
  readonly later: boolean
}

/**
 * A rule is a list item that begins with its name in bold: `- **BFT-4** …`, `- **BFT-4** (later)
 * …`.
 */
export function definedRules(files: readonly SourceFile[]): readonly Rule[] {
  const item = /^\s*[-*]\s+\*\*([A-Z][A-Z0-9]*-\d+)\b([^*]*)\*\*(\s*\(later\))?/gm
  return files
    .filter(({ path }) => /^docs\/spec\/.*\.md$/.test(path))
    .flatMap(({ path, text }) =>
      [...text.matchAll(item)].map(([, name = '', title = '', mark]) => ({
        name,
        path,
        later: mark !== undefined || title.includes('(later)'),
      })),
    )
}

export function ruleFaults(files: readonly SourceFile[]): readonly string[] {
  const rules = definedRules(files)
  const code = citations(files.filter(isProduct))
  const tests = citations(files.filter(isTest))
  const twice = rules.filter(({ name }, index) => rules.findIndex((r) => r.name === name) < index)
  const due = rules.filter(({ later }) => !later)
  return [
    ...twice.map(({ name, path }) => `${path}: ${name} is defined twice. Give it one place.`),
    ...due
      .filter(({ name }) => !code.has(name))
      .map(({ name, path }) => `${path}: no code cites ${name}. Cite it where it is implemented.`),
    ...due
      .filter(({ name }) => !tests.has(name))
      .map(
        ({ name, path }) => `${path}: no test cites ${name}. Name it in the test that checks it.`,
      ),
    ...unknownCitations(files, rules),
  ]
}

/** Only names with a prefix that the specification uses: SHA-256 and UTF-8 are no rules. */
function unknownCitations(files: readonly SourceFile[], rules: readonly Rule[]): readonly string[] {
  const known = new Set(rules.map(({ name }) => name))
  const prefixes = new Set(rules.map(({ name }) => prefixOf(name)))
  return files
    .filter((file) => isSource(file) || file.path.startsWith('docs/'))
    .filter(({ path }) => !path.startsWith('test/tidy'))
    .flatMap((file) =>
      [...citations([file])]
        .filter((name) => prefixes.has(prefixOf(name)) && !known.has(name))
        .map((name) => `${file.path}: cites ${name}, which docs/spec does not define. Correct it.`),
    )
}

function citations(files: readonly SourceFile[]): ReadonlySet<string> {
  const found = files.flatMap(({ text }) => text.match(/\b[A-Z][A-Z0-9]*-\d+\b/g) ?? [])
  return new Set(found)
}

function prefixOf(name: string): string {
  return name.slice(0, name.lastIndexOf('-'))
}
