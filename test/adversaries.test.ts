/** docs/guides/adversaries.md names scenarios and tests that exist, and every scenario. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from '../scripts/lib/run.ts'
import { scenarios } from '../sim/scenarios/all.ts'

const rows = readFileSync(join(root, 'docs/guides/adversaries.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && line.includes('`'))
const named = rows.flatMap((row) => [...row.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name))
const paths = named.filter((name) => name.includes('/'))
const names = named.filter((name) => !name.includes('/'))

/** Scenarios in which nobody attacks: they are what the others are held against. */
const peaceful = ['quiet', 'payments', 'hand-over', 'ledger-quiet', 'endurance']

describe('the adversaries of the guide', () => {
  it('are scenarios that exist, each of them in the guide', () => {
    const known = scenarios.map(({ name }) => name).filter((name) => !peaceful.includes(name))
    expect([...new Set(names)].toSorted()).toEqual(known.toSorted())
  })

  it('are tests that exist', () => {
    expect(paths.length).toBeGreaterThan(10)
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([])
  })
})
