import { afterEach, describe, expect, it } from 'vitest'
import { nodeClock } from '../adapters/node/clock.ts'
import { validatorOf } from '../core/ledger/validators.ts'
import type { Clock } from '../ports/clock.ts'
import type { Pulse } from '../ports/pulse.ts'
import { TestNodes, until } from './testNodes.fixture.ts'
import type { Node } from './node.ts'
import { startOwnService } from './ownService.fixture.ts'
import type { NodeService } from './service.ts'

const speed = 20
const startMs = Date.now()

/** Ten seconds of hiding pass in half a one. */
const fastClock: Clock = {
  nowMs: () => startMs + (Date.now() - startMs) * speed,
  after: (delayMs, run) => nodeClock.after(delayMs / speed, run),
}

/** A camera that the browser stopped. */
const stopped: Pulse = {
  provenance: 'camera',
  cutLatest: () => ({ ok: false, error: { code: 'WINDOW_STALE' } }),
  cutWindow: () => ({ ok: false, error: { code: 'WINDOW_STALE' } }),
  contiguousMs: () => 0,
  freshness: () => 'lost',
}

let nodes: TestNodes | undefined
let service: NodeService | undefined

afterEach(async () => {
  await service?.stop()
  await Promise.all(nodes?.running.slice(0, 4).map(({ node }) => node.stop()) ?? [])
})

/** The fifth validator of a running chain: on duty, without a seat, its camera stopped. */
async function onDuty(): Promise<{ node: Node; service: NodeService; isAbsent: () => boolean }> {
  const net = new TestNodes(60_000, {}, 5)
  nodes = net
  const { node, service: own, keys } = await startOwnService(net, fastClock)
  service = own
  own.setPulse(stopped)
  await until(() => Math.min(...net.heights) >= 3)
  const isAbsent = (): boolean => validatorOf(node.chain.tip.state, keys.account)?.absent ?? false
  return { node, service: own, isAbsent }
}

describe('EPOCH-7, EVID-2: a hidden tab whose measurement stops', () => {
  it('announces its absence, says why, and stands ready again when it is visible', async () => {
    const { service: own, isAbsent } = await onDuty()
    expect(isAbsent()).toBe(false)
    await own.command({ type: 'visibility', hidden: true })
    await until(isAbsent)
    expect(own.snapshot().duty).toEqual({ state: 'absent', reason: 'HIDDEN' })
    expect(nodes?.network.penalties).toEqual([])
    await own.command({ type: 'visibility', hidden: false })
    await until(() => {
      const { duty } = own.snapshot()
      return duty.state !== 'absent' || duty.reason !== 'HIDDEN'
    })
  }, 120_000)

  it('who stepped down by hand stays so when the tab is visible again', async () => {
    const { node, service: own } = await onDuty()
    await own.command({ type: 'stepDown' })
    await own.command({ type: 'visibility', hidden: true })
    const { height } = node.chain.tip
    await until(() => node.chain.tip.height > height + 16) // More than ten seconds of its clock.
    await own.command({ type: 'visibility', hidden: false })
    expect(own.snapshot().duty).toEqual({ state: 'absent', reason: 'STEPPED_DOWN' })
  }, 120_000)
})
