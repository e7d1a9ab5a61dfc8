/**
 * Vitest's runner in the thread of the tests, for `oneProcess.js`: runs them once, notes what each
 * one covers, and then tries mutants on the code that is loaded.
 */
import { BroadcastChannel } from 'node:worker_threads'
import { TestRunner } from 'vitest'
import { orders, reports } from './channels.js'

const stryker = (globalThis.__stryker__ ??= {})

function testsIn(suite) {
  for (const hooks of Object.values(TestRunner.getSuiteHooks(suite))) {
    // They would have to run again with each mutant.
    if (hooks.length > 0) throw new Error(`${suite.name}: hooks are not supported here`)
  }
  return suite.tasks.flatMap((task) => (task.type === 'suite' ? testsIn(task) : [task]))
}

function nameOf(test) {
  const names = [test.name]
  for (let suite = test.suite; suite !== undefined; suite = suite.suite) names.unshift(suite.name)
  return names.join(' ')
}

function idOf(test) {
  return `${test.file.filepath}#${nameOf(test)}`
}

function reportOf(test) {
  const { state, duration = 0, errors = [] } = test.result ?? {}
  const failureMessage = errors[0]?.message ?? 'It failed.'
  return {
    id: idOf(test),
    name: nameOf(test),
    fileName: test.file.filepath,
    timeSpentMs: Math.round(duration),
    status: state === 'pass' ? 'success' : state === 'fail' ? 'failed' : 'skipped',
    ...(state === 'fail' && { failureMessage }),
  }
}

export default class MutantLoop extends TestRunner {
  tests = new Map()
  files = 0
  toRun = new Set()
  plan = JSON.parse(process.env.EMO_MUTATION_LOOP ?? '{}')
  /** Tests that found something come first for the next mutant. */
  found = new Map()

  onBeforeRunTask(test) {
    if (test.mode !== 'run' && test.mode !== 'queued') return undefined
    this.toRun.add(test)
    // A thread that replaces another one: what counts is what is loaded.
    if (this.plan.isQuick) test.mode = 'skip'
    return super.onBeforeRunTask(test)
  }

  onBeforeTryTask(test) {
    stryker.currentTestId = idOf(test)
    return super.onBeforeTryTask(test)
  }

  async onAfterRunFiles(files) {
    stryker.currentTestId = undefined
    await super.onAfterRunFiles(files)
    for (const test of files.flatMap(testsIn)) {
      if (this.toRun.has(test)) this.tests.set(idOf(test), test)
    }
    this.files += files.length
    if (this.files === this.plan.files) await this.serve()
  }

  async serve() {
    const { pid } = this.plan
    const incoming = new BroadcastChannel(orders(pid))
    const outgoing = new BroadcastChannel(reports(pid))
    const { mutantCoverage } = stryker
    await new Promise((resolve) => {
      incoming.onmessage = async ({ data: order }) => {
        if (order.type === 'stop') resolve()
        else outgoing.postMessage(await this.try(order))
      }
      outgoing.postMessage({ tests: [...this.tests.values()].map(reportOf), mutantCoverage })
    })
    incoming.close()
    outgoing.close()
  }

  async try({ mutant, tests, hitLimit }) {
    const chosen = (tests ?? [...this.tests.keys()]).map((id) => this.tests.get(id))
    const rank = (test) => (this.found.get(test) ?? 0) + 1 / (1 + (test.result?.duration ?? 0))
    const ordered = chosen.filter((test) => test !== undefined)
    ordered.sort((left, right) => rank(right) - rank(left))
    stryker.hitLimit = hitLimit
    stryker.hitCount = 0
    for (const [index, test] of ordered.entries()) {
      stryker.activeMutant = mutant
      const failure = await this.failureOf(test)
      const isEndless = hitLimit !== undefined && stryker.hitCount > hitLimit
      stryker.activeMutant = undefined
      if (failure === undefined && !isEndless) continue
      for (const [one, count] of this.found) this.found.set(one, count * 0.9)
      this.found.set(test, (this.found.get(test) ?? 0) + 1)
      const isSpoilt = (await this.failureOf(test)) !== undefined
      if (isEndless) {
        const reason = `Hit limit reached (${String(stryker.hitCount)}/${String(hitLimit)})`
        return { result: { status: 'timeout', reason }, isSpoilt }
      }
      const killedBy = [idOf(test)]
      const nrOfTests = index + 1
      const result = { status: 'killed', killedBy, failureMessage: failure, nrOfTests }
      return { result, isSpoilt }
    }
    return { result: { status: 'survived', nrOfTests: ordered.length }, isSpoilt: false }
  }

  async failureOf(test) {
    try {
      await TestRunner.getTestFn(test)()
      return undefined
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
  }
}
