import { expect, it } from 'vitest'
import { err, ok } from '../../src/core/base/result.ts'
import { judgeAll } from './judgeAll.ts'
import type { VerifyTask } from './protocol.ts'

/** Only which task it is matters here. */
const tasks = [1, 2, 3].map((byte) => ({ proof: Uint8Array.of(byte) }) as unknown as VerifyTask)

it('ZK-7 what throws for many is tried one by one: the others keep their verdicts', async () => {
  const asked: number[] = []
  const outcomes = await judgeAll(tasks, (together) => {
    asked.push(together.length)
    if (together.some(({ proof }) => proof[0] === 2)) throw new RangeError('out of memory')
    return Promise.resolve(together.map(() => ok(undefined)))
  })
  const crashed = err({ code: 'PROVER_CRASHED', reason: 'RangeError: out of memory' })
  expect(outcomes).toEqual([ok(undefined), crashed, ok(undefined)])
  expect(asked).toEqual([3, 1, 1, 1])
})
