/** Sums up the reports of vitest and Playwright, and judges skips: each must be allowed by name. */

import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { root } from './run.ts'

export interface Tally {
  readonly passed: number
  readonly failed: number
  readonly skipped: readonly string[]
}

export interface AllowedSkip {
  /** A test's file and title, or the beginning of both. */
  readonly test: string
  readonly reason: string
}

interface VitestReport {
  readonly testResults: readonly {
    readonly name: string
    readonly status: string
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[]
  }[]
}

interface PlaywrightReport {
  readonly suites: readonly PlaywrightSuite[]
}

interface PlaywrightSuite {
  readonly title: string
  readonly suites?: readonly PlaywrightSuite[]
  readonly specs?: readonly {
    readonly title: string
    readonly tests: readonly { readonly status: string }[]
  }[]
}

/** A runner that failed without a failed test (a crash, an error outside tests) counts as one. */
export function counted(tally: Tally, code: number): Tally {
  return code !== 0 && tally.failed === 0 ? { ...tally, failed: 1 } : tally
}

export function vitestTally(reportPath: string): Tally {
  const report = readReport(reportPath) as VitestReport | undefined
  let failed = 0
  let passed = 0
  const skipped: string[] = []
  for (const file of report?.testResults ?? []) {
    // A file that does not load has no tests, and has failed.
    if (file.status === 'failed' && file.assertionResults.length === 0) failed += 1
    for (const { status, fullName } of file.assertionResults) {
      if (status === 'passed') passed += 1
      else if (status === 'failed') failed += 1
      else skipped.push(`${relative(root, file.name)} > ${fullName}`)
    }
  }
  return { passed, failed, skipped }
}

export function playwrightTally(reportPath: string): Tally {
  const report = readReport(reportPath) as PlaywrightReport | undefined
  const outcomes = (report?.suites ?? []).flatMap((suite) => outcomesOf(suite, 'e2e/'))
  return {
    passed: outcomes.filter(({ status }) => status === 'expected').length,
    failed: outcomes.filter(({ status }) => status !== 'expected' && status !== 'skipped').length,
    skipped: outcomes.filter(({ status }) => status === 'skipped').map(({ name }) => name),
  }
}

export function splitSkips(
  skipped: readonly string[],
  allowed: readonly AllowedSkip[],
): {
  readonly excused: readonly { readonly name: string; readonly reason: string }[]
  readonly refused: readonly string[]
} {
  const excused: { name: string; reason: string }[] = []
  const refused: string[] = []
  for (const name of skipped) {
    const excuse = allowed.find(({ test }) => name.startsWith(test))
    if (excuse === undefined) refused.push(name)
    else excused.push({ name, reason: excuse.reason })
  }
  return { excused, refused }
}

function outcomesOf(
  suite: PlaywrightSuite,
  prefix: string,
): readonly { readonly name: string; readonly status: string }[] {
  const path = `${prefix}${suite.title}`
  return [
    ...(suite.specs ?? []).flatMap(({ title, tests }) =>
      tests.map(({ status }) => ({ name: `${path} > ${title}`, status })),
    ),
    ...(suite.suites ?? []).flatMap((inner) => outcomesOf(inner, `${path} > `)),
  ]
}

function readReport(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    // No report: the runner crashed, and its exit code says so.
    return undefined
  }
}
