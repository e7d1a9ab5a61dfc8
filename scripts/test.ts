/**
 * `npm test`: every check beside circuits and build, unit tests, then real Chromium. Ends with the
 * plain line `N passed, N failed`; a check counts as one test, a skip that nothing excuses as a
 * failure.
 */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sizeBudget, staticChecks } from './lib/checks.ts'
import { commandLine } from './lib/commandLine.ts'
import { root, run, runScript } from './lib/run.ts'
import { performSteps, type Step, type StepReport } from './lib/steps.ts'
import {
  type AllowedSkip,
  counted,
  playwrightTally,
  splitSkips,
  type Tally,
  vitestTally,
} from './lib/tally.ts'

commandLine({ options: {} })

const scratch = mkdtempSync(join(tmpdir(), 'emo-test-'))
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }))

const builds: readonly Step[] = [
  scriptStep('circuits', 'scripts/circuits.ts'),
  scriptStep('build', 'scripts/build.ts'),
]

const steps = await performSteps(staticChecks(), [...builds, sizeBudget])

const tallies = [stepTally(steps), await unitTests(), await browserTests()]
process.exitCode = report(tallies)

function scriptStep(name: string, file: string): Step {
  return { name, perform: () => runScript(file, [], { quiet: true }) }
}

function stepTally(reports: readonly StepReport[]): Tally {
  const passed = reports.filter((step) => step.passed).length
  return { passed, failed: reports.length - passed, skipped: [] }
}

async function unitTests(): Promise<Tally> {
  const file = join(scratch, 'vitest.json')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  const { code } = await run('vitest', ['run', '--silent', ...reporters])
  return counted(vitestTally(file), code)
}

async function browserTests(): Promise<Tally> {
  const file = join(scratch, 'playwright.json')
  const env = { ...process.env, PLAYWRIGHT_JSON_OUTPUT_NAME: file }
  const { code } = await runScript('scripts/e2e.ts', ['--reporter=list,json'], { env })
  return counted(playwrightTally(file), code)
}

function report(all: readonly Tally[]): number {
  const allowed = JSON.parse(
    readFileSync(join(root, 'test/allowed-skips.json'), 'utf8'),
  ) as readonly AllowedSkip[]
  const { excused, refused } = splitSkips(
    all.flatMap(({ skipped }) => skipped),
    allowed,
  )
  for (const { name, reason } of excused) console.log(`skipped: ${name} (${reason})`)
  for (const name of refused) {
    console.log(
      `skipped without leave: ${name}. Make it run, or name it in test/allowed-skips.json.`,
    )
  }
  for (const { name, passed } of steps) if (!passed) console.log(`failed: ${name}`)
  const passed = all.reduce((sum, tally) => sum + tally.passed, 0)
  const failed = all.reduce((sum, tally) => sum + tally.failed, 0) + refused.length
  console.log(`${String(passed)} passed, ${String(failed)} failed`)
  return failed > 0 || passed === 0 ? 1 : 0
}
