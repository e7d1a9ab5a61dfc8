/**
 * Circuit sources that are written by the build: the tables of the codebook, from the module that
 * page and chain use (LIVE-1). A copy of them would be 19,000 numbers that nobody reads.
 */

import { codebook60 } from '../../src/core/liveness/codebook.ts'
import { shareTablesOf, type ShareTable } from '../../src/core/liveness/shareTables.ts'

/** Texts by the name under which a circuit includes them. */
export const generatedSources: Readonly<Record<string, () => string>> = {
  'codebook60.circom': codebookText,
}

/** Rows of `breathTables`: by codeword, then lag, then cosine and sine. */
function codebookText(): string {
  const { line, parabola, breaths } = shareTablesOf(codebook60)
  const rows = breaths.flat(2).map(row)
  return [
    'pragma circom 2.2.0;',
    '',
    `function lineTable() { return ${row(line)}; }`,
    `function parabolaTable() { return ${row(parabola)}; }`,
    `function breathTables() { return [${rows.join(',\n')}]; }`,
    '',
  ].join('\n')
}

function row(table: ShareTable): string {
  return `[${table.join(', ')}]`
}
