import { describe, expect, it } from 'vitest'
import { scene } from '../../e2e/page/scenes.ts'
import type { DutyRecord, NodeSnapshot } from '../node/api.ts'
import { signerLockName as nameInStore } from '../adapters/storage/signerLock.ts'
import { historySummary, recordWords } from './history.ts'
import { readiness, readinessSummary, slowProofWords, type ReadinessInput } from './readiness.ts'
import { mySeatIn, seatMarks, seatWords } from './seatMarks.ts'
import { signerLockName } from './signerLock.ts'

const { snapshot } = scene('seated', 1_795_000_000_000)
if (snapshot === undefined) throw new Error('the scene has a node')
const recorded: NodeSnapshot = snapshot

const ready: ReadinessInput = {
  snapshot: recorded,
  device: { name: 'Polar H10', battery: 87 },
  lock: 'passkey',
  battery: { charging: true, level: 1 },
  storage: { persistent: true, usedBytes: 212_000_000, quotaBytes: 1e9 },
}

function item(name: string, input: ReadinessInput) {
  return readiness(input).find((found) => found.name === name)
}

describe('UX-2 the readiness list says what to do about what is missing', () => {
  it('is quiet when all is well', () => {
    expect(readinessSummary(readiness(ready))).toBe('all 9')
    expect(item('Sensor', ready)?.text).toBe('Polar H10, battery 87 %')
  })

  it('counts a relay as no peer', () => {
    expect(item('Peers', ready)?.text).toBe('10, of which 8 direct, and 1 relay')
    const [relay] = recorded.peers.filter(({ isRelay }) => isRelay)
    const peers = relay === undefined ? [] : [relay]
    const alone = item('Peers', { ...ready, snapshot: { ...recorded, peers } })
    expect(alone).toMatchObject({ text: '1 relay, no peer yet', state: 'wait' })
  })

  it.each([
    ['Sensor', { ...ready, snapshot: { ...recorded, sensor: undefined } }],
    ['Peers', { ...ready, snapshot: { ...recorded, peers: [] } }],
    ['Clock', { ...ready, snapshot: { ...recorded, clockOffsetMs: -900 } }],
    ['Power', { ...ready, battery: { charging: false, level: 0.1 } }],
    ['Storage', { ...ready, storage: { ...ready.storage, persistent: false } }],
    [
      'Baseline',
      { ...ready, snapshot: { ...recorded, baseline: { ...recorded.baseline, state: 'none' } } },
    ],
  ] as [string, ReadinessInput][])('%s asks for something', (name, input) => {
    expect(item(name, input)?.state).toBe('act')
    expect(readinessSummary(readiness(input))).toBe('1 thing to do')
  })
})

describe('ZK-5 the proof in the readiness list', () => {
  const tried = (triedMs: number | undefined): ReadinessInput => ({
    ...ready,
    snapshot: { ...recorded, lastProof: undefined, proving: { triedMs, availableMs: 18_000 } },
  })
  const sent = (marginMs: number): ReadinessInput => ({
    ...ready,
    snapshot: { ...recorded, lastProof: { epoch: 9, tookMs: 1_400, marginMs, accepted: true } },
  })

  it('says nothing before one was tried, then what it takes here', () => {
    expect(item('Proof', tried(undefined))).toBeUndefined()
    expect(item('Proof', tried(430))).toMatchObject({
      text: 'takes 0.43 s here, of 18 s',
      state: 'ok',
    })
  })

  it('tells a slow device so in advance, and what to do', () => {
    expect(item('Proof', tried(9_000))?.state).toBe('ok')
    expect(item('Proof', tried(9_001))).toMatchObject({
      text: 'a proof takes 9.00 s here, of 18 s: close what else keeps this device busy',
      state: 'act',
    })
    expect(item('Proof', tried(24_000))?.text).toContain('use a faster device')
    expect(slowProofWords({ triedMs: undefined, availableMs: 18_000 })).toBeUndefined()
  })

  it('shows the margin of the last READY once there is one', () => {
    expect(item('Proof', sent(21_000))).toMatchObject({
      text: 'made in 1.40 s, 21 s before it was due',
      state: 'ok',
    })
    expect(item('Proof', sent(-1))?.state).toBe('act')
    const { snapshot } = sent(21_000)
    const refused = { epoch: 9, tookMs: 1_400, marginMs: 21_000, accepted: false }
    expect(item('Proof', { ...ready, snapshot: { ...snapshot, lastProof: refused } })).toEqual(
      expect.objectContaining({ text: 'made in 1.40 s, and not sent', state: 'act' }),
    )
  })
})

describe('LIVE-6 the credential in the readiness list', () => {
  const none = {
    credential: 'none',
    expiryEpoch: undefined,
    expiresAtMs: undefined,
    challenge: undefined,
    nextFromMs: undefined,
    nextUntilMs: undefined,
    contactLostSinceMs: undefined,
  } as const
  const challenge = {
    epoch: 7,
    asked: [],
    endsAtMs: recorded.nowMs + 200_000,
    lastStartMs: recorded.nowMs + 90_000,
  }

  it.each([
    ['nothing', undefined, undefined],
    ['none', none, 'wait'],
    ['granted', { ...none, credential: 'granted' }, 'ok'],
    ['asked', { ...none, challenge: { ...challenge, step: 'open' } }, 'act'],
    ['proving', { ...none, challenge: { ...challenge, step: 'proving' } }, 'wait'],
    ['lost', { ...none, credential: 'answered', contactLostSinceMs: recorded.nowMs }, 'act'],
  ] as [string, NodeSnapshot['liveness'], string | undefined][])('%s', (_, liveness, state) => {
    expect(item('Liveness', { ...ready, snapshot: { ...recorded, liveness } })?.state).toBe(state)
  })

  it('says how long it is good for', () => {
    const expiresAtMs = recorded.nowMs + 41 * 60_000
    const liveness = { ...none, credential: 'answered' as const, expiresAtMs }
    const found = item('Liveness', { ...ready, snapshot: { ...recorded, liveness } })
    expect(found).toMatchObject({ state: 'ok', text: 'credential good for 41 min' })
  })
})

describe('UX-7 a lost sensor is not ready', () => {
  it('whatever it measured before', () => {
    const { sensor } = recorded
    if (sensor === undefined) throw new Error('the scene has a sensor')
    const lost = {
      ...ready,
      snapshot: { ...recorded, sensor: { ...sensor, state: 'lost' as const } },
    }
    expect(item('Sensor', lost)?.state).toBe('act')
    expect(item('Signal', lost)).toMatchObject({ state: 'wait', text: 'no signal' })
  })
})

describe('UX-1 seats and epochs that are mine', () => {
  const block = recorded.blocks[1]
  if (block === undefined) throw new Error('the scene has blocks')

  it('marks each seat, mine among them', () => {
    const mine = mySeatIn(block.epoch, recorded.epoch, recorded.history)
    expect(mine).toBe(6)
    const marks = seatMarks(block, mine)
    expect(marks).toHaveLength(21)
    expect(marks.filter((mark) => mark.mine).map(({ seat }) => seat)).toEqual([6])
    expect(marks.filter(({ signed }) => !signed).map(({ seat }) => seat)).toEqual([4])
    expect(seatWords(block, mine)).toBe('20 of 21 seats signed, yours too')
  })

  it('cuts what claims more seats than any committee has', () => {
    expect(seatMarks({ ...block, seatCount: 1e9 }, undefined)).toHaveLength(63)
  })

  it('counts served and missed, and says why', () => {
    const summary = historySummary(recorded.history)
    expect(summary).toMatchObject({ served: 47, expected: 48, span: 'epochs 1,225 to 1,284' })
    expect(summary.lastMissed).toBe('sensor lost in epoch 1,247')
    const missed = recorded.history.find(({ outcome }) => outcome === 'missed')
    expect(missed === undefined ? '' : recordWords(missed)).toBe('missed: The sensor was lost.')
  })

  it('UX-1 has nothing to report before the first duty but a reason for none', () => {
    const before: DutyRecord = { epoch: 8, outcome: 'none', reason: undefined, seat: undefined }
    expect(historySummary([before])).toMatchObject({ hasReport: false, expected: 0 })
    const away: DutyRecord = { ...before, epoch: 9, reason: 'NO_SENSOR' }
    expect(historySummary([before, away])).toMatchObject({ hasReport: true, expected: 0 })
  })
})

describe('UX-5 the service worker asks for the lock that the signer holds', () => {
  it('by the same name', () => {
    expect(signerLockName).toBe(nameInStore)
  })
})
