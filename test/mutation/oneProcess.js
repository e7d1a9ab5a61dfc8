/**
 * A test runner for Stryker that loads the code once and then tries one mutant after the other on
 * it: milliseconds for each instead of the seconds that loading everything again takes.
 *
 * Vitest runs the test files without isolation, so in one thread; when all have run, that thread
 * (`mutantLoop.js`) stays and takes orders. What a mutant leaves behind is found there: a test that
 * failed is run again without the mutant, and when it still fails the thread is thrown away and the
 * verdict is made on a new one.
 */
import { BroadcastChannel } from 'node:worker_threads'
import { fileURLToPath } from 'node:url'
import { createVitest } from 'vitest/node'
import { orders, reports } from './channels.js'

/** What Stryker calls the variable that its instrumented code reads when it is loaded. */
const activeFromStart = '__STRYKER_ACTIVE_MUTANT__'

class OneProcess {
  constructor(options) {
    this.options = options
  }

  capabilities() {
    return { reloadEnvironment: true }
  }

  async dryRun() {
    const { tests, mutantCoverage } = await this.load(undefined, { isQuick: false })
    return { status: 'complete', tests, mutantCoverage }
  }

  async mutantRun({ activeMutant, testFilter, hitLimit, mutantActivation }) {
    const order = { type: 'try', mutant: activeMutant.id, tests: testFilter, hitLimit }
    const fromStart = mutantActivation === 'static' ? activeMutant.id : undefined
    if (this.vitest === undefined || this.fromStart !== fromStart) await this.load(fromStart)
    const { result, isSpoilt } = await this.ask(order)
    if (!isSpoilt) return result
    await this.unload()
    // Of a mutant that was there from the start nothing else can be said.
    if (fromStart !== undefined) return result
    await this.load()
    const second = await this.ask(order)
    if (second.isSpoilt) await this.unload()
    return second.result
  }

  async dispose() {
    await this.unload()
  }

  /** Runs all tests once, or only loads their files (`isQuick`): what they cover is known. */
  async load(fromStart, { isQuick } = { isQuick: true }) {
    await this.unload()
    this.fromStart = fromStart
    process.env.NODE_ENV = 'test'
    process.env.VITEST = '1'
    if (fromStart === undefined) Reflect.deleteProperty(process.env, activeFromStart)
    else process.env[activeFromStart] = fromStart
    this.vitest = await createVitest('test', {
      config: 'test/mutation/vitest.config.ts',
      pool: 'threads',
      maxWorkers: 1,
      isolate: false,
      fileParallelism: false,
      runner: fileURLToPath(new URL('mutantLoop.js', import.meta.url)),
      coverage: { enabled: false },
      reporters: [{}],
      watch: false,
      onConsoleLog: () => false,
    })
    const files = await this.vitest.globTestSpecifications()
    this.orders = new BroadcastChannel(orders(process.pid))
    this.reports = new BroadcastChannel(reports(process.pid))
    const loaded = this.next()
    process.env.EMO_MUTATION_LOOP = JSON.stringify({
      files: files.length,
      isQuick,
      pid: process.pid,
    })
    this.running = this.vitest.runTestSpecifications(files)
    return loaded
  }

  async unload() {
    if (this.vitest === undefined) return
    this.orders.postMessage({ type: 'stop' })
    await this.running
    this.orders.close()
    this.reports.close()
    await this.vitest.close()
    this.vitest = undefined
  }

  ask(order) {
    const answer = this.next()
    this.orders.postMessage(order)
    return answer
  }

  next() {
    return new Promise((resolve) => {
      this.reports.onmessage = ({ data }) => resolve(data)
    })
  }
}

function create(options) {
  return new OneProcess(options)
}
create.inject = ['options']

export const strykerPlugins = [{ kind: 'TestRunner', name: 'one-process', factory: create }]
