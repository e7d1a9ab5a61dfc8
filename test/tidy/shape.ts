/** Size and shape of one source file: lines, columns, functions, header, left-overs. */

import ts from 'typescript'
import { isSource, isTest, type SourceFile } from './files.ts'

export const fileLinesMax = 400
export const functionLinesMax = 70
export const columnsMax = 100

export function shapeFaults(file: SourceFile): readonly string[] {
  if (!isSource(file)) return []
  return [
    ...lengthFaults(file),
    ...lineFaults(file),
    ...functionFaults(file),
    ...headerFaults(file),
    ...barrelFaults(file),
  ]
}

/** Tests may be longer: they are tables. */
function lengthFaults(file: SourceFile): readonly string[] {
  const lines = file.text.trimEnd().split('\n').length
  if (isTest(file) || lines <= fileLinesMax) return []
  return [
    `${file.path}: ${String(lines)} lines, at most ${String(fileLinesMax)}. ` +
      'Move one operation into a file of its own.',
  ]
}

function lineFaults({ path, text }: SourceFile): readonly string[] {
  const leftover = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX'].join('|')})\\b`)
  return text.split('\n').flatMap((line, index) => {
    const where = `${path}:${String(index + 1)}`
    const faults: string[] = []
    if (leftover.test(line)) faults.push(`${where}: a left-over. Do it now or open an issue.`)
    if (isTooWide(line)) {
      faults.push(`${where}: over ${String(columnsMax)} columns. Break the line or the comment.`)
    }
    return faults
  })
}

/** A URL, and the path data of a drawing, cannot be broken. */
function isTooWide(line: string): boolean {
  return (
    line.length > columnsMax &&
    Array.from(line).length > columnsMax &&
    !/https?:\/\/|\sd="[Mm]/.test(line)
  )
}

function functionFaults({ path, text }: SourceFile): readonly string[] {
  if (!/\.(ts|js|mjs)$/.test(path) || isTest({ path, text })) return []
  if (text.split('\n').length <= functionLinesMax) return []
  const parsed = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023)
  const faults: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) {
      const first = parsed.getLineAndCharacterOfPosition(node.getStart(parsed)).line
      const lines = parsed.getLineAndCharacterOfPosition(node.end).line - first + 1
      if (lines > functionLinesMax) {
        faults.push(
          `${path}:${String(first + 1)}: a function of ${String(lines)} lines, ` +
            `at most ${String(functionLinesMax)}. Name its parts.`,
        )
      }
    }
    ts.forEachChild(node, visit)
  }
  visit(parsed)
  return faults
}

function headerFaults(file: SourceFile): readonly string[] {
  if (isTest(file) || !/^(src|workers|relay)\/.*\.(ts|js|svelte)$/.test(file.path)) return []
  if (/^(\/\*\*|<!--)/.test(file.text)) return []
  return [
    `${file.path}: no header. Begin with a comment that says what the file is and which rules of ` +
      'docs/spec it implements.',
  ]
}

function barrelFaults({ path }: SourceFile): readonly string[] {
  if (!path.endsWith('/index.ts') || path.startsWith('src/ports/')) return []
  return [`${path}: a barrel. Import from the file that defines the name.`]
}
