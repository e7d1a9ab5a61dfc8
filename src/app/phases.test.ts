import { describe, expect, it } from 'vitest'
import { scene } from '../../e2e/page/scenes.ts'
import { phaseParts } from './phaseParts.ts'
import { epochClock, phaseSpans } from './phases.ts'

const nowMs = 1_795_000_000_000
const epoch = scene('seated', nowMs).snapshot?.epoch

describe('UX-1 the ring is the epoch’s real clock', () => {
  it('has five phases without a gap', () => {
    expect(phaseSpans.map(({ start }) => start * 30)).toEqual([0, 5, 10, 20, 28])
    for (const [index, { end }] of phaseSpans.entries()) {
      expect(end).toBe(phaseSpans[index + 1]?.start ?? 1)
    }
  })

  it.each([
    [0, 0, 30_000],
    [4_999, 0, 25_001],
    [5_000, 1, 25_000],
    [10_000, 2, 20_000],
    [27_999, 3, 2_001],
    [28_000, 4, 2_000],
  ])('%i ms into the epoch it is in phase %i', (sinceMs, phaseIndex, leftMs) => {
    expect(epoch).toBeDefined()
    if (epoch === undefined) return
    const clock = epochClock(epoch, epoch.startMs + sinceMs)
    expect(clock).toMatchObject({ phaseIndex, leftMs, overdue: false })
  })

  it('stands at its end while the boundary is late, and at 0 before the start', () => {
    if (epoch === undefined) return
    expect(epochClock(epoch, epoch.startMs + 44_000)).toMatchObject({
      progress: 1,
      leftMs: 0,
      phaseIndex: 4,
      overdue: true,
    })
    expect(epochClock(epoch, epoch.startMs - 900)).toMatchObject({ progress: 0, phaseIndex: 0 })
  })

  it('says my part in each phase, and the network’s part to a visitor', () => {
    const mine = phaseParts(scene('seated', nowMs).snapshot).map(({ text }) => text)
    expect(mine).toEqual([
      'proof sent, made in 1.40 s',
      'drawn: seat 7 of 21 comes next',
      'block 48,211 held and voted',
      'your votes are sent by themselves',
      'the boundary block closes the epoch',
    ])
    const { snapshot } = scene('seated', nowMs)
    const lastProof = snapshot?.lastProof
    const unsent = snapshot && {
      ...snapshot,
      lastProof: lastProof && { ...lastProof, accepted: false },
    }
    expect(phaseParts(unsent)[0]?.text).toBe('proof made in 1.40 s, and not sent')
    const visitor = phaseParts(undefined).map(({ text }) => text)
    expect(visitor.join()).not.toMatch(/you/)
    expect(new Set(visitor).size).toBe(5)
  })
})
