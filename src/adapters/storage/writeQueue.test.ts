import { describe, expect, it } from 'vitest'
import { createWriteQueue, type Lane } from './writeQueue.ts'

interface Task {
  readonly name: string
  readonly end: () => void
  readonly fail: () => void
}

/** Tasks that end when they are told to, and the order in which they began. */
function observedQueue() {
  const queue = createWriteQueue()
  const begun: string[] = []
  const under = new Map<string, Task>()
  const run = (lane: Lane, name: string): Promise<void> =>
    queue.run(lane, () => {
      begun.push(name)
      return new Promise((resolve, reject) => {
        const fail = (): void => {
          reject(new Error(name))
        }
        under.set(name, { name, end: resolve, fail })
      })
    })
  return {
    queue,
    begun,
    run,
    task(name: string): Task {
      const found = under.get(name)
      if (found === undefined) throw new Error(`${name} has not begun`)
      return found
    },
  }
}

describe('BFT-10: writes follow each other', () => {
  it('one begins at once, and the next when it has ended', async () => {
    const { begun, run, task } = observedQueue()
    const first = run('later', 'a')
    void run('later', 'b')
    void run('first', 'c')
    expect(begun).toEqual(['a'])
    task('a').end()
    await first
    await until(() => begun.length > 1)
    expect(begun).toEqual(['a', 'c'])
  })

  it('safety records go before what piled up, and each lane keeps its order', async () => {
    const { begun, run, task } = observedQueue()
    const all = [
      run('later', 'block 1'),
      run('later', 'block 2'),
      run('later', 'block 3'),
      run('first', 'vote 1'),
      run('first', 'vote 2'),
    ]
    const order = ['block 1', 'vote 1', 'vote 2', 'block 2', 'block 3']
    for (const name of order) {
      await until(() => begun.includes(name))
      expect(begun.at(-1)).toBe(name)
      task(name).end()
    }
    await Promise.all(all)
    expect(begun).toEqual(order)
  })

  it('a write that fails is told to who asked, and the next one runs', async () => {
    const { begun, run, task } = observedQueue()
    const failing = run('first', 'a')
    const next = run('first', 'b')
    task('a').fail()
    await expect(failing).rejects.toThrow('a')
    await until(() => begun.includes('b'))
    task('b').end()
    await next
  })

  it('has settled when all that was asked for has ended, in both lanes', async () => {
    const { queue, begun, run, task } = observedQueue()
    const failing = run('first', 'a')
    void run('later', 'b')
    let settled = false
    const settling = queue.settled().then(() => {
      settled = true
    })
    task('a').fail()
    await expect(failing).rejects.toThrow('a')
    await until(() => begun.includes('b'))
    expect(settled).toBe(false)
    task('b').end()
    await settling
    await queue.settled()
  })

  it('runs what is asked for after it has been idle', async () => {
    const { run, task } = observedQueue()
    for (const name of ['a', 'b']) {
      const one = run('later', name)
      task(name).end()
      await one
      await until(() => true)
    }
  })
})

/** Gives pending promises their turn until `isSo`. */
async function until(isSo: () => boolean): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve()
  expect(isSo()).toBe(true)
}
