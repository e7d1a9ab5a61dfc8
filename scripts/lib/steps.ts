/**
 * Named steps, two at a time: each reported with its time, a failed one with its output.
 */

import { run, type Run } from './run.ts'

export interface Step {
  readonly name: string
  readonly perform: () => Promise<Run>
}

export interface StepReport {
  readonly name: string
  readonly passed: boolean
  readonly seconds: number
}

const stepsAtOnce = 2

export function commandStep(name: string, command: string, ...args: readonly string[]): Step {
  return { name, perform: () => run(command, args, { quiet: true }) }
}

/**
 * `chain` holds steps that need each other, so one comes after the other; none of `steps` needs
 * them, so these are performed meanwhile.
 */
export async function performSteps(
  steps: readonly Step[],
  chain: readonly Step[] = [],
): Promise<readonly StepReport[]> {
  const chained = [...chain]
  const waiting = [...steps]
  const reports: StepReport[] = []
  async function perform(queue: Step[]): Promise<void> {
    for (let step = queue.shift(); step !== undefined; step = queue.shift()) {
      reports.push(await performStep(step))
    }
  }
  await Promise.all([
    perform(chained).then(() => perform(waiting)),
    ...Array.from({ length: stepsAtOnce - 1 }, () => perform(waiting)),
  ])
  return reports
}

export async function performStep(step: Step): Promise<StepReport> {
  const startedMs = performance.now()
  const { code, output } = await step.perform()
  const seconds = (performance.now() - startedMs) / 1000
  const passed = code === 0
  if (!passed && output !== '') console.log(output.trimEnd())
  console.log(`${passed ? 'ok  ' : 'FAIL'} ${step.name} (${seconds.toFixed(1)} s)`)
  return { name: step.name, passed, seconds }
}
