/**
 * `npm run check`: types, lint, format, boundaries, dead code, unit tests and the size budget; what
 * these two need is built before.
 * `npm run check -- --only NAME` runs the steps whose name contains NAME.
 */

import { builds, sizeBudget, staticChecks, unitTests } from './lib/checks.ts'
import { commandLine, refuse } from './lib/commandLine.ts'
import { performStep, performSteps, type StepReport } from './lib/steps.ts'

const { values } = commandLine({ options: { only: { type: 'string', multiple: true } } })
const all = [...staticChecks(), sizeBudget, unitTests]
const chosen = all.filter(
  ({ name }) => values.only === undefined || values.only.some((part) => name.includes(part)),
)
if (chosen.length === 0) {
  const names = all.map(({ name }) => name).join(', ')
  refuse('OPTION_VALUE', `--only names no step. There are: ${names}.`)
}

const reports: StepReport[] = []
if (chosen.includes(unitTests) || chosen.includes(sizeBudget)) {
  for (const build of builds) reports.push(await performStep(build))
}
reports.push(...(await performSteps(chosen)))
const failed = reports.filter(({ passed }) => !passed)
if (failed.length > 0) {
  console.error(`Failed: ${failed.map(({ name }) => name).join(', ')}.`)
  process.exitCode = 1
}
