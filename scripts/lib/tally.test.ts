import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { root } from './run.ts'
import { counted, playwrightTally, splitSkips, vitestTally } from './tally.ts'

const scratch = mkdtempSync(join(tmpdir(), 'emo-tally-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

function written(name: string, report: unknown): string {
  const path = join(scratch, name)
  writeFileSync(path, JSON.stringify(report))
  return path
}

describe('tally of the test command', () => {
  it('counts a vitest file that does not load as one failure', () => {
    const path = written('vitest.json', {
      testResults: [
        { name: join(root, 'src/a.test.ts'), status: 'failed', assertionResults: [] },
        {
          name: join(root, 'src/b.test.ts'),
          status: 'failed',
          assertionResults: [
            { status: 'passed', fullName: 'b one' },
            { status: 'failed', fullName: 'b two' },
            { status: 'skipped', fullName: 'b three' },
            { status: 'todo', fullName: 'b four' },
          ],
        },
      ],
    })
    expect(vitestTally(path)).toEqual({
      passed: 1,
      failed: 2,
      skipped: ['src/b.test.ts > b three', 'src/b.test.ts > b four'],
    })
  })

  it('counts a flaky browser test as a failure', () => {
    const spec = (title: string, status: string) => ({ title, tests: [{ status }] })
    const path = written('playwright.json', {
      suites: [
        {
          title: 'main.test.ts',
          specs: [spec('one', 'expected'), spec('two', 'flaky')],
          suites: [
            { title: 'deep', specs: [spec('three', 'unexpected'), spec('four', 'skipped')] },
          ],
        },
      ],
    })
    expect(playwrightTally(path)).toEqual({
      passed: 1,
      failed: 2,
      skipped: ['e2e/main.test.ts > deep > four'],
    })
  })

  it('counts a runner that crashed without a report', () => {
    const none = vitestTally(join(scratch, 'absent.json'))
    expect(none).toEqual({ passed: 0, failed: 0, skipped: [] })
    expect(counted(none, 1).failed).toBe(1)
    expect(counted({ passed: 3, failed: 2, skipped: [] }, 1).failed).toBe(2)
    expect(counted({ passed: 3, failed: 0, skipped: [] }, 0).failed).toBe(0)
  })

  it('excuses only the skips that are named', () => {
    const allowed = [{ test: 'src/b.test.ts > b', reason: 'no recordings' }]
    expect(splitSkips(['src/b.test.ts > b three', 'src/c.test.ts > c'], allowed)).toEqual({
      excused: [{ name: 'src/b.test.ts > b three', reason: 'no recordings' }],
      refused: ['src/c.test.ts > c'],
    })
  })
})
