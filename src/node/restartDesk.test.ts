import { afterEach, describe, expect, it } from 'vitest'
import { JumpClock } from '../../test/support/jumpClock.ts'
import { blsBlst as bls } from '../adapters/crypto/blsBlst.ts'
import { restartVoters } from '../core/ledger/checkpoints.ts'
import { createVerifier } from '../core/ledger/env.ts'
import { readSingle } from '../core/ledger/state.ts'
import { epochRecord } from '../core/ledger/tables.ts'
import { attemptAt } from '../core/restart/voterRules.ts'
import { RestartDesk } from './restartDesk.ts'
import { SerialQueue } from './serialQueue.ts'
import { standingNode, type StandingNode } from './standingNode.fixture.ts'

const hourMs = 3_600_000
const restartAfterMs = 1_000

let standing: StandingNode
afterEach(() => standing.node.stop())

interface Holding {
  readonly clock: JumpClock
  readonly released: number[]
  readonly isHeld: () => boolean
  /** Signs for the attempt that runs. */
  readonly sign: () => Promise<boolean>
  /** As the next process does. */
  readonly open: () => Promise<void>
}

async function holding(): Promise<Holding> {
  standing = await standingNode()
  const { node } = standing
  const { chain } = node
  const { boundaryMs } = readSingle(chain.tip.state, epochRecord)
  const clock = new JumpClock(boundaryMs + 20 * restartAfterMs + 100)
  const released: number[] = []
  const make = (): RestartDesk =>
    new RestartDesk({
      chain,
      verifier: createVerifier(bls),
      clock,
      nowMs: () => clock.nowMs(),
      queue: new SerialQueue(() => released.push(-1)),
      onChanged: () => Promise.resolve(),
      onReleased: () => Promise.resolve(void released.push(1)),
    })
  let desk = make()
  const sign = (): Promise<boolean> => {
    const attempt = attemptAt(boundaryMs, clock.nowMs(), { restartAfterMs })
    const votersRoot = restartVoters(chain.tip.state)?.root ?? new Uint8Array(32)
    const place = { chainId: chain.chainId, votersRoot, epoch: chain.epoch, attempt }
    return desk.sign({ ...place, base: chain.tip.hash, committeeRoot: new Uint8Array(32) })
  }
  const open = async (): Promise<void> => {
    desk.stop()
    desk = make()
    await desk.open()
  }
  return { clock, released, isHeld: () => chain.holdsBack(chain.epoch, 0), sign, open }
}

describe('RECOVER-1 blocks of an earlier committee wait for the attempt that was signed', () => {
  it('for time that passes: no clock that is set ends it or makes it longer', async () => {
    const { clock, released, isHeld, sign } = await holding()
    expect(isHeld()).toBe(false)
    expect(await sign()).toBe(true)
    expect(isHeld()).toBe(true)
    clock.set(hourMs)
    await clock.pass(800)
    expect([isHeld(), released]).toEqual([true, []])
    clock.set(-2 * hourMs)
    await clock.pass(100)
    expect([isHeld(), released]).toEqual([false, [1]])
  }, 60_000)

  it('for a whole attempt in the next process, whose clock may have been set', async () => {
    const { clock, released, isHeld, sign, open } = await holding()
    expect(await sign()).toBe(true)
    clock.set(hourMs)
    await open()
    await clock.pass(restartAfterMs - 1)
    expect([isHeld(), released]).toEqual([true, []])
    await clock.pass(1)
    expect([isHeld(), released]).toEqual([false, [1]])
  }, 60_000)
})
