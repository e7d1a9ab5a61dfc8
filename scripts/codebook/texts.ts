/** The files that hold the codebooks: the frozen module and the page of the specification. */

import type { Codebook } from '../../src/core/liveness/codeword.ts'
import { mutualR2Max, separationTable, type BookPlan } from './build.ts'

export const modulePath = 'src/core/liveness/codebook.ts'
export const pagePath = 'docs/spec/codebook.md'

export function moduleText(books: readonly Codebook[]): string {
  const lines = books.flatMap(({ seconds, codewords }) => [
    '',
    `export const codebook${seconds}: Codebook = {`,
    `  seconds: ${seconds},`,
    '  codewords: [',
    ...codewords.map((codeword) => `    [${codeword.join(', ')}],`),
    '  ],',
    '}',
  ])
  return [
    '/**',
    ' * The frozen codebooks of the breathing challenge (LIVE-1), breaths in half seconds. Made by',
    ' * `node scripts/run.js scripts/codebook.ts`; another codebook is another chain.',
    ' */',
    '',
    "import type { Codebook } from './codeword.ts'",
    ...lines,
    '',
  ].join('\n')
}

export function pageText(plans: readonly BookPlan[], books: readonly Codebook[]): string {
  return [
    '# The codebooks of the breathing challenge',
    '',
    'Written by `node scripts/run.js scripts/codebook.ts`, checked with `--check` (LIVE-1 in',
    '`emotion.md`). Each codeword is a list of breaths in seconds. Schedules are drawn from a',
    'seeded generator; one is kept when a response to it, at any phase, has',
    `R² < ${mutualR2Max} with every other that is kept, at every lag within 4 s, mean, line and`,
    'parabola removed, and the other way round.',
    ...books.flatMap((book, index) => bookLines(book, plans[index]?.seed ?? 0)),
    '',
  ].join('\n')
}

function bookLines(book: Codebook, seed: number): readonly string[] {
  const table = separationTable(book)
  const others = table.flatMap((row, at) => row.filter((_, column) => column !== at))
  const sorted = [...others].sort((left, right) => left - right)
  const median = sorted[sorted.length >> 1] ?? 0
  const columns = book.codewords.map((_, at) => at)
  return [
    '',
    `## ${book.seconds} s: ${book.codewords.length} codewords, seed ${seed}`,
    '',
    `Largest R² of two codewords ${share(sorted.at(-1) ?? 0)}, median ${share(median)}.`,
    '',
    ...book.codewords.map((codeword, at) => `- ${at}: ${codeword.map(secondsText).join(' ')}`),
    '',
    'R² in hundredths, rounded up: a response to the row, explained by the column.',
    '',
    `|   | ${columns.join(' | ')} |`,
    `|---|${columns.map(() => '---').join('|')}|`,
    ...table.map((row, at) => `| ${at} | ${rowText(row, at)} |`),
  ]
}

function rowText(row: readonly number[], at: number): string {
  return row.map((r2, column) => (column === at ? '–' : Math.ceil(r2 / 100))).join(' | ')
}

function share(basisPoints: number): string {
  return (basisPoints / 10_000).toFixed(3)
}

function secondsText(halves: number): string {
  return String(halves / 2)
}
