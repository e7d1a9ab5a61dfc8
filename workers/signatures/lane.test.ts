import { Worker } from 'node:worker_threads'
import { afterEach, describe, expect, it } from 'vitest'
import { webRandom } from '../../src/adapters/keys/webRandom.ts'
import type { SignatureItem } from '../../src/ports/signatureVerifier.ts'
import { BatchVerifier } from './batch/batchVerifier.ts'
import { makeSignature } from './batch/testSignatures.fixture.ts'
import { SignaturePool, workerCountFor, type PoolOptions } from './lane.ts'
import { unpackTask, type SignatureChannel, type SignatureReply } from './protocol.ts'

const good = makeSignature('good', 5)
const bad = makeSignature('wrong message', 6)
const short = { ...good, signature: good.signature.slice(1) }

let pool: SignaturePool | undefined
afterEach(() => {
  pool?.close()
})

function poolOf(open: () => SignatureChannel, options: Partial<PoolOptions> = {}): SignaturePool {
  pool = new SignaturePool(open, { workerCount: 1, ...options })
  return pool
}

/** The worker's part on this thread; `counts` hears the size of each batch. */
function openHere(counts: number[] = []): SignatureChannel {
  const verifier = new BatchVerifier(webRandom)
  let answer: (reply: SignatureReply) => void = () => undefined
  return {
    post(task) {
      counts.push(task.count)
      const verdicts = Uint8Array.from(verifier.verify(unpackTask(task)).map(Number))
      setTimeout(() => {
        answer({ kind: 'verdicts', verdicts })
      }, 20)
    },
    listen(onReply) {
      answer = onReply
    },
    terminate: () => undefined,
  }
}

/** A thread that runs `body` and lives until it is ended. */
function openThread(body: string): SignatureChannel {
  const code = `const { parentPort } = require('node:worker_threads'); ${body}`
  const thread = new Worker(code, { eval: true })
  return {
    post: (task) => {
      thread.postMessage(task)
    },
    listen(onReply, onCrash) {
      thread.on('message', onReply)
      thread.on('error', (error) => {
        onCrash(error.message)
      })
    },
    terminate: () => void thread.terminate(),
  }
}

const mute = 'parentPort.on("message", () => undefined)'
const failing = 'parentPort.on("message", () => { throw new Error("out of memory") })'
const miscounting = `parentPort.on("message", () => {
  parentPort.postMessage({ kind: "verdicts", verdicts: new Uint8Array(3) })
})`

describe('SIG-1 the pool of signature workers', () => {
  it('gives each its verdict, also what no worker is asked about', async () => {
    const counts: number[] = []
    const verified = poolOf(() => openHere(counts)).verifyBatch([good, short, bad, good])
    expect(await verified).toEqual({ ok: true, value: [true, false, false, true] })
    expect(counts).toEqual([3])
    expect(await pool?.verifyBatch([short])).toEqual({ ok: true, value: [false] })
    expect(await pool?.verifyBatch([])).toEqual({ ok: true, value: [] })
    expect(counts).toEqual([3])
  })

  it('makes one batch of what comes while the worker is busy, in the order it came', async () => {
    const counts: number[] = []
    const busy = poolOf(() => openHere(counts))
    const items: readonly SignatureItem[] = [good, bad, good, good, bad]
    const outcomes = await Promise.all(items.map((item) => busy.verifyBatch([item])))
    const verdicts = outcomes.map((outcome) => outcome.ok && outcome.value[0])
    expect(verdicts).toEqual([true, false, true, true, false])
    expect(counts).toEqual([1, 4])
  })

  it('shares a large request among its workers', async () => {
    const counts: number[] = []
    const items = Array.from({ length: 300 }, (_, index) => (index === 200 ? bad : good))
    const verified = await poolOf(() => openHere(counts), { workerCount: 2 }).verifyBatch(items)
    expect(verified).toEqual({ ok: true, value: items.map((item) => item === good) })
    expect(counts).toEqual([150, 150])
  })

  it.each([
    ['says nothing', mute, 'the worker was silent for 300 ms'],
    ['fails', failing, 'out of memory'],
    ['answers something else', miscounting, 'the worker gave other verdicts than it was asked for'],
  ])('ends a worker that %s, and the next one serves', async (_, body, reason) => {
    const opened = [() => openThread(body), () => openHere()]
    const tried = poolOf(() => (opened.shift() ?? openHere)(), { silentMs: 300 })
    const error = { code: 'VERIFIER_CRASHED', reason }
    expect(await tried.verifyBatch([good])).toEqual({ ok: false, error })
    expect(await tried.verifyBatch([good])).toEqual({ ok: true, value: [true] })
  })

  it('refuses what would wait too long, and gives up what waits when it is closed', async () => {
    const slow = poolOf(() => openThread(mute))
    const most = slow.verifyBatch(Array.from({ length: 16_384 }, () => good))
    const busy = { ok: false, error: { code: 'VERIFIER_BUSY' } }
    expect(await slow.verifyBatch([good])).toEqual(busy)
    slow.close()
    const closed = { ok: false, error: { code: 'VERIFIER_CLOSED' } }
    expect(await most).toEqual(closed)
    expect(await slow.verifyBatch([good])).toEqual(closed)
  })

  it('bounds the bytes that wait', async () => {
    const message = new Uint8Array(20 * 1024 * 1024)
    const slow = poolOf(() => openThread(mute))
    const first = slow.verifyBatch([{ ...good, message }])
    const busy = { ok: false, error: { code: 'VERIFIER_BUSY' } }
    expect(await slow.verifyBatch([{ ...good, message }])).toEqual(busy)
    slow.close()
    expect((await first).ok).toBe(false)
  })

  it('has one to four workers', () => {
    expect([0, 1, 2, 4, 64].map(workerCountFor)).toEqual([1, 1, 2, 4, 4])
  })
})
