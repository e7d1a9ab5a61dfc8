import { describe, expect, it } from 'vitest'
import { scene } from '../../e2e/page/scenes.ts'
import type { Duty, DutyReason, NodeSnapshot } from '../node/api.ts'
import { statementOf, type Standing } from './statement.ts'
import { dutyWords } from './words.ts'

const nowMs = 1_795_000_000_000
const recorded = scene('seated', nowMs)

function standing(change: Partial<Standing>): Standing {
  return {
    vault: 'unlocked',
    tab: 'first',
    snapshot: recorded.snapshot,
    feed: recorded.feed,
    nowMs,
    ...change,
  }
}

function withDuty(duty: Duty): NodeSnapshot {
  if (recorded.snapshot === undefined) throw new Error('the scene has a node')
  return { ...recorded.snapshot, duty }
}

const reason = 'NO_PEERS' satisfies DutyReason
const duties: readonly Duty[] = [
  { state: 'following' },
  { state: 'unregistered' },
  { state: 'registering', step: 'fund' },
  { state: 'registering', step: 'bond' },
  { state: 'waiting', servesFromEpoch: 41, startsAtMs: nowMs + 80_000 },
  { state: 'measuring', epoch: 41, windowEndMs: nowMs + 12_000 },
  { state: 'proving', epoch: 41, stage: 'witness', percent: 62 },
  { state: 'ready', epoch: 41, onChain: false },
  { state: 'ready', epoch: 41, onChain: true },
  { state: 'confirmed', epoch: 41, seat: 3 },
  { state: 'seated', epoch: 41, seat: 6 },
  { state: 'idle', nextEpoch: 42, nextAtMs: nowMs + 30_000 },
  { state: 'absent', reason },
  { state: 'abstaining', reason },
  { state: 'jailed', untilEpoch: 50, reason },
]

describe('UX-1 one sentence of state, its cause and the next step', () => {
  it.each(duties)('$state', (duty) => {
    const statement = statementOf(standing({ snapshot: withDuty(duty) }))
    expect(statement.title).toMatch(/^[A-Z].*[.]$/)
    expect(statement.cause).toMatch(/[.]$/)
    expect(statement.next).toMatch(/[.]$/)
  })

  it('gives different states different words', () => {
    const texts = duties.map((duty) => {
      const { title, cause } = statementOf(standing({ snapshot: withDuty(duty) }))
      return title + cause
    })
    expect(new Set(texts).size).toBe(duties.length)
  })

  it('says how many blocks of how many are still to be checked', () => {
    const { cause } = statementOf(
      standing({
        snapshot: {
          ...withDuty({ state: 'following' }),
          sync: { state: 'syncing', height: 36_000, target: 48_211 },
        },
      }),
    )
    expect(cause).toBe('This tab checks each block itself: 12,211 of 48,211 to go.')
  })

  it('groups the digits of an epoch, as the ring and the tables do', () => {
    const late = duties.map((duty) => {
      const moved = Object.entries(duty).map(([key, value]: [string, unknown]) =>
        /epoch$/i.test(key) ? [key, 1287] : [key, value],
      )
      return withDuty(Object.fromEntries(moved) as Duty)
    })
    const texts = late.map((snapshot) =>
      Object.values(statementOf(standing({ snapshot }))).join(' '),
    )
    expect(texts.filter((text) => text.includes('1,287'))).toHaveLength(7)
    for (const text of texts) expect(text).not.toMatch(/\d{4}/)
  })

  it.each([
    ['loading', 'fetched first.'],
    ['checking', 'fetched first.'],
    ['witness', 'made on this device.'],
    ['proving', 'made on this device.'],
    ['verifying', 'made on this device.'],
  ] as const)('says in words of the day what is done while a proof is made: %s', (stage, words) => {
    const snapshot = withDuty({ state: 'proving', epoch: 41, stage, percent: 62 })
    const { title, cause } = statementOf(standing({ snapshot }))
    expect(title).toBe('Making your proof, 62 %.')
    expect(cause.endsWith(words)).toBe(true)
    expect(cause).not.toMatch(/witness|circuit|verif|load/i)
  })

  it('says when, and from which epoch, a new validator serves', () => {
    const duty: Duty = { state: 'waiting', servesFromEpoch: 41, startsAtMs: nowMs + 80_000 }
    const { title } = statementOf(standing({ snapshot: withDuty(duty) }))
    expect(title).toBe('Active from epoch 41, in 1 min 20 s.')
  })

  it.each(Object.keys(dutyWords) as DutyReason[])(
    'off duty for %s says why and what to do',
    (code) => {
      const statement = statementOf(
        standing({ snapshot: withDuty({ state: 'absent', reason: code }) }),
      )
      expect(statement.cause).toContain(dutyWords[code].sentence)
      expect(statement.next).toBe(dutyWords[code].next)
    },
  )

  it('says of a rest what is left of it, and when only the bond is', () => {
    const at = (baseline: Partial<NodeSnapshot['baseline']>) => {
      const snapshot = withDuty({ state: 'unregistered' })
      const none = { state: 'none', recordedMs: 0, neededMs: 60_000 } as const
      const rest = { ...none, restBpm: undefined, rmssdMs: undefined, ...baseline }
      return statementOf(standing({ snapshot: { ...snapshot, baseline: rest } }))
    }
    expect(at({}).next).toBe('1 min of rest and a bond are left.')
    expect(at({ state: 'recording', recordedMs: 18_000 })).toMatchObject({
      title: 'Your rest is being recorded.',
      cause: '42 s to go.',
    })
    expect(at({ recordedMs: 30_000 }).next).toBe('The other part of your rest and a bond are left.')
    expect(at({ state: 'done', recordedMs: 60_000 }).next).toBe('The bond is left.')
  })

  it('COM-6 names the seat that comes next as soon as it is fixed', () => {
    const drawn: Duty = { state: 'confirmed', epoch: 41, seat: undefined }
    const cause = (duty: Duty) => statementOf(standing({ snapshot: withDuty(duty) })).cause
    expect(cause(drawn)).toContain('You confirmed')
    expect(cause({ ...drawn, seat: 2 })).toBe('Seat 3 of 21 is yours then.')
  })

  it('offers to begin the chain again when the network was restarted without it', () => {
    const duty: Duty = { state: 'abstaining', reason: 'RESTART_PASSED' }
    const sync = { ...withDuty(duty).sync, state: 'syncing' as const }
    const behind = standing({ snapshot: { ...withDuty(duty), sync } })
    expect(statementOf(behind)).toMatchObject({ action: 'startAnew', tone: 'act' })
    expect(statementOf(behind).cause).toContain(dutyWords.RESTART_PASSED.sentence)
  })

  it('asks for the sensor while seated without one', () => {
    const snapshot = { ...withDuty({ state: 'seated', epoch: 41, seat: 6 }), sensor: undefined }
    expect(statementOf(standing({ snapshot }))).toMatchObject({ tone: 'act', action: 'sensor' })
  })

  it('never tells a second tab to sign', () => {
    const { title, action } = statementOf(standing({ tab: 'second' }))
    expect(title).toContain('Another tab')
    expect(action).toBeUndefined()
  })

  it('offers a visitor the way in only when there is a network', () => {
    const visitor = standing({ vault: 'none', snapshot: undefined })
    expect(statementOf(visitor).action).toBe('join')
    expect(statementOf({ ...visitor, feed: undefined }).action).toBeUndefined()
  })

  it('says at once that a devnet is one', () => {
    expect(statementOf(standing({ vault: 'none', snapshot: undefined })).next).toContain('devnet')
  })
})
