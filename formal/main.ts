/**
 * `npm run model-check`: explores every model, runs the Quint text, and says whether each held or
 * broke as expected.
 *
 *   --json        one JSON object instead of a table
 *   --only TEXT   the models whose name contains TEXT, the deep ones too
 *   --deep        also the models that take longest
 *   --trace       the steps to each violation
 */
import { commandLine } from '../scripts/lib/commandLine.ts'
import { models } from './models.ts'
import { instances, simulate } from './quint.ts'
import { heading, lineOf, rowOf, simulationLine } from './report.ts'

/** Above every model here by far: one that grows past it is stopped and fails. */
const statesMax = 5_000_000

const { values } = commandLine({
  options: {
    json: { type: 'boolean', default: false },
    deep: { type: 'boolean', default: false },
    trace: { type: 'boolean', default: false },
    only: { type: 'string' },
  },
})
const { json, deep, trace, only } = values
const chosen = models.filter(({ name, size }) =>
  only === undefined ? deep || size !== 'deep' : name.includes(only),
)

const simulated = instances.filter(({ name }) => only === undefined || name.includes(only))

if (chosen.length + simulated.length === 0) {
  const names = new Set([...models, ...instances].map(({ name }) => name))
  console.error(`No such model. There are: ${[...names].join('; ')}.`)
  process.exitCode = 2
} else {
  const print = (text: string): void => {
    if (!json) console.log(text)
  }
  print(heading)
  const rows = chosen.map((model) => {
    const row = rowOf(model, model.run({ statesMax }))
    print(lineOf(row))
    if (trace) print(row.trace.map((step) => `    ${step}`).join('\n'))
    return row
  })
  print('\nagreement.qnt, random runs')
  const runs = await simulate(simulated)
  for (const run of runs) print(simulationLine(run))
  const failed = [...rows, ...runs].filter(({ asExpected }) => !asExpected).length
  if (json) console.log(JSON.stringify({ models: rows, quint: runs, failed }, undefined, 2))
  print(`\n${rows.length + runs.length} models, ${failed} not as expected`)
  if (failed > 0) process.exitCode = 1
}
