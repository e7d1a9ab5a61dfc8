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
    },
    terminate: () => void thread.terminate(),
  }
}

const mute = 'parentPort.on("message", () => undefined)'
const answering = `parentPort.on("message", () => {
  parentPort.postMessage({ kind: "outcome", outcome: { ok: true } })
})`
const talking = `parentPort.on("message", () => {
  let percent = 0
  setInterval(() => {
    percent += 10
    const progress = { stage: "proving", percent }
    if (percent < 100) parentPort.postMessage({ kind: "progress", progress })
    else if (percent === 100) parentPort.postMessage({ kind: "outcome", outcome: { ok: true } })
  }, 100)
})`

it('ZK-5 ends a worker that says nothing, and the next one serves', async () => {
  const bodies = [mute, answering]
  const lane = new ProverLane(() => Promise.resolve(ok(openThread(bodies.shift() ?? ''))), {
    silentMs: 300,
  })
  const [first, second] = await Promise.all([lane.run(task), lane.run(task)])
  expect(first).toMatchObject({ ok: false, error: { code: 'PROVER_CRASHED' } })
  expect(second).toEqual({ ok: true })
  expect(bodies).toEqual([])
  lane.close()
})

it('ZK-5 waits for a worker that reports progress', async () => {
  const lane = new ProverLane(() => Promise.resolve(ok(openThread(talking))), { silentMs: 700 })
  expect(await lane.run(task)).toEqual({ ok: true })
  lane.close()
})
