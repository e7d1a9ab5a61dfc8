import { Worker } from 'node:worker_threads'
import { expect, it } from 'vitest'
import { ok } from '../../src/core/base/result.ts'
import { buildStatement } from '../../src/core/emotion/statement.ts'
import { testScenario } from '../../src/core/emotion/statement.fixture.ts'
import { ProverLane } from './lane.ts'
import type { ProverChannel, ProverMessage, ProverReply } from './protocol.ts'

const statement = buildStatement(testScenario({ seed: 5 }))
if (!statement.ok) throw new Error(statement.error.code)
const { publicInputs } = statement.value
const task = { kind: 'verify', proof: new Uint8Array(256), publicInputs } as const

/** A thread that runs `body` and lives until it is ended. */
function openThread(body: string): ProverChannel {
  const code = `const { parentPort } = require('node:worker_threads'); ${body}`
  const thread = new Worker(code, { eval: true })
  return {
    post: (message: ProverMessage) => {
      thread.postMessage(message)
    },
    listen(onReply, onCrash) {
      thread.on('message', (reply: ProverReply) => {
        onReply(reply)
      })
      thread.on('error', (error) => {
        onCrash(error.message)
      })
      thread.on('exit', () => {
        onCrash('the thread ended')
      })
    },
    terminate: () => void thread.terminate(),
  }
}

const mute = 'parentPort.on("message", () => undefined)'
/** Says of each proof how many it was checked with. */
const answering = `parentPort.on("message", ({ tasks }) => {
  const outcomes = tasks.map(() => ({ ok: true, value: tasks.length }))
  parentPort.postMessage({ kind: "verdicts", outcomes })
})`
const failingInBatches = `parentPort.on("message", ({ tasks }) => {
  if (tasks.length > 1 || tasks[0].proof[0] === 9) process.exit(1)
  parentPort.postMessage({ kind: "verdicts", outcomes: [{ ok: true }] })
})`
const talking = `parentPort.on("message", () => {
  let percent = 0
  setInterval(() => {
    percent += 10
    const progress = { stage: "proving", percent }
    if (percent < 100) parentPort.postMessage({ kind: "progress", progress })
    else if (percent === 100) parentPort.postMessage({ kind: "verdicts", outcomes: [{ ok: true }] })
  }, 100)
})`

it('ZK-5 ends a worker that says nothing, and the next one serves', async () => {
  const bodies = [mute, answering]
  const lane = new ProverLane(() => Promise.resolve(ok(openThread(bodies.shift() ?? ''))), {
    silentMs: 300,
  })
  const first = await lane.run(task)
  expect(first).toMatchObject({ ok: false, error: { code: 'PROVER_CRASHED' } })
  expect(await lane.run(task)).toEqual({ ok: true, value: 1 })
  expect(bodies).toEqual([])
  lane.close()
})

it('ZK-5 waits for a worker that reports progress', async () => {
  const lane = new ProverLane(() => Promise.resolve(ok(openThread(talking))), { silentMs: 700 })
  expect(await lane.run(task)).toEqual({ ok: true })
  lane.close()
})

it('ZK-7 checks together what is asked for in one turn or waits, up to 64', async () => {
  const lane = new ProverLane(() => Promise.resolve(ok(openThread(answering))))
  const together = await Promise.all(Array.from({ length: 70 }, () => lane.run(task)))
  expect(together).toEqual(together.map((_, index) => ({ ok: true, value: index < 64 ? 64 : 6 })))

  const first = lane.run(task)
  await Promise.resolve()
  const waiting = Array.from({ length: 3 }, () => lane.run(task))
  expect(await first).toEqual({ ok: true, value: 1 })
  expect(await Promise.all(waiting)).toEqual(waiting.map(() => ({ ok: true, value: 3 })))
  lane.close()
})

it('ZK-7 tries proofs alone that ended the worker together: one harms no other', async () => {
  const lane = new ProverLane(() => Promise.resolve(ok(openThread(failingInBatches))))
  const bad = { ...task, proof: new Uint8Array(256).fill(9) }
  const outcomes = await Promise.all([task, bad, task].map((each) => lane.run(each)))
  expect(outcomes[0]).toEqual({ ok: true })
  expect(outcomes[1]).toMatchObject({ ok: false, error: { code: 'PROVER_CRASHED' } })
  expect(outcomes[2]).toEqual({ ok: true })
  lane.close()
})

it('ZK-7 one that is cancelled leaves those that are checked with it', async () => {
  const lane = new ProverLane(() => Promise.resolve(ok(openThread(answering))))
  const controller = new AbortController()
  const outcomes = [lane.run(task, { signal: controller.signal }), lane.run(task)]
  await Promise.resolve()
  controller.abort()
  expect(await outcomes[0]).toEqual({ ok: false, error: { code: 'CANCELLED' } })
  expect(await outcomes[1]).toEqual({ ok: true, value: 2 })
  lane.close()
  expect(await lane.run(task)).toEqual({ ok: false, error: { code: 'CANCELLED' } })
})
