/** Recordings beside the project; none of them is part of it. */

import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = new URL('../../../shared/data/heart/', import.meta.url)

export const hasRecordings = existsSync(root)

export function pathOf(name: string): string {
  return fileURLToPath(new URL(name, root))
}

export function namesIn(folder: string): readonly string[] {
  return readdirSync(pathOf(folder)).sort()
}

export function textOf(name: string): string {
  return readFileSync(pathOf(name), 'utf8')
}

export function numbersOf(text: string): readonly number[] {
  return text.trim().split(/\s+/).map(Number)
}

/** Rows of a CSV after its header. */
export function rowsOf(name: string): readonly (readonly string[])[] {
  const lines = textOf(name).trim().split('\n').slice(1)
  return lines.map((line) => line.split(','))
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
