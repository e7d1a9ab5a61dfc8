/**
 * Recorded states of a node for looking at the page and testing it: a test fixture, never part of
 * the product's bundle. Each scene is what a node and a relay would say at one moment.
 */

import type {
  BlockSummary,
  Duty,
  DutyRecord,
  NodeSnapshot,
  SeatSummary,
} from '../../src/node/api.ts'
import { codebook60 } from '../../src/core/liveness/codebook.ts'
import type { FeedState, VaultLock } from '../../src/app/services.ts'

export interface Scene {
  readonly snapshot: NodeSnapshot | undefined
  readonly feed: FeedState
  readonly lock: VaultLock | undefined
  /** The vault opens by itself, as after a press of the passkey. */
  readonly unlocked: boolean
  readonly tab: 'first' | 'second'
  readonly simulatedHeart: boolean
}

const seatCount = 21
const mySeat = 6
const epochNumber = 1284
const headHeight = 48_211

/** `progress` puts the present into the epoch: 0..1. */
export function scene(name: string, nowMs: number, progress = 0.58): Scene {
  const base = member(nowMs, progress)
  const scenes: Readonly<Record<string, () => Scene>> = {
    visitor: () => visitor(nowMs, progress),
    checking: () => ({
      ...visitor(nowMs, progress),
      feed: { ...feed(nowMs, progress), check: 'checking' },
    }),
    offline: () => ({
      ...visitor(nowMs, progress),
      feed: { ...feed(nowMs, progress), connection: 'lost' },
    }),
    empty: () => ({
      ...visitor(nowMs, progress),
      feed: { ...feed(nowMs, progress), connection: 'connecting', blocks: [], epoch: undefined },
    }),
    locked: () => ({ ...visitor(nowMs, progress), lock: 'passkey' }),
    lockedByPassphrase: () => ({ ...visitor(nowMs, progress), lock: 'passphrase' }),
    second: () => ({ ...visitor(nowMs, progress), lock: 'passkey', tab: 'second' }),
    seated: () => base,
    asked: () => {
      const { snapshot } = base
      return snapshot === undefined ? base : { ...base, snapshot: { ...snapshot, ...asked(nowMs) } }
    },
    noSensor: () => {
      const { snapshot } = base
      if (snapshot === undefined) return base
      const duty: Duty = { state: 'absent', reason: 'NO_SENSOR' }
      return { ...base, simulatedHeart: false, snapshot: { ...snapshot, sensor: undefined, duty } }
    },
    proving: () =>
      withDuty(base, { state: 'proving', epoch: epochNumber + 1, stage: 'witness', percent: 62 }),
    waiting: () =>
      withDuty(base, {
        state: 'waiting',
        servesFromEpoch: epochNumber + 3,
        startsAtMs: nowMs + 80_000,
      }),
    resting: () => {
      const resting = withDuty(base, { state: 'unregistered' })
      const { snapshot } = resting
      if (snapshot === undefined) return resting
      return { ...resting, snapshot: { ...snapshot, baseline: halfRest(nowMs) } }
    },
    joining: () => ({
      ...withDuty(base, { state: 'unregistered' }),
      simulatedHeart: false,
      unlocked: false,
      lock: undefined,
    }),
  }
  return (scenes[name] ?? scenes['visitor'])?.() ?? visitor(nowMs, progress)
}

/** A rest that is not done, as after a reload: three of five windows. */
function halfRest(nowMs: number): NodeSnapshot['baseline'] {
  const starts = [180_000, 150_000, 120_000].map((sinceMs) => nowMs - sinceMs)
  return {
    state: 'none',
    recordedMs: 90_000,
    neededMs: 180_000,
    restBpm: undefined,
    rmssdMs: undefined,
    kept: {
      untilMs: nowMs + 13 * 60_000,
      windows: starts.map((startMs, index) => ({
        startMs,
        heartRateBpm: 61 + index / 4,
        rmssdMs: 44.2 - index,
      })),
    },
  }
}

/** A breathing challenge that waits for its answer. */
function asked(nowMs: number): Pick<NodeSnapshot, 'liveness'> {
  const codewords = [4, 11]
  return {
    liveness: {
      credential: 'answered',
      expiryEpoch: epochNumber + 4,
      expiresAtMs: nowMs + 5 * 60_000,
      challenge: {
        epoch: epochNumber,
        asked: codewords.map((codeword) => ({
          codeword,
          breathHalves: codebook60.codewords[codeword] ?? [],
        })),
        endsAtMs: nowMs + 4 * 60_000,
        lastStartMs: nowMs + 170_000,
        step: 'open',
      },
      nextFromMs: undefined,
      nextUntilMs: undefined,
      contactLostSinceMs: undefined,
    },
  }
}

function visitor(nowMs: number, progress: number): Scene {
  return {
    snapshot: undefined,
    feed: feed(nowMs, progress),
    lock: undefined,
    unlocked: false,
    tab: 'first',
    simulatedHeart: false,
  }
}

function member(nowMs: number, progress: number): Scene {
  return {
    ...visitor(nowMs, progress),
    snapshot: snapshot(nowMs, progress),
    lock: 'passkey',
    unlocked: true,
    simulatedHeart: true,
  }
}

function withDuty(base: Scene, duty: Duty): Scene {
  return base.snapshot === undefined ? base : { ...base, snapshot: { ...base.snapshot, duty } }
}

function feed(nowMs: number, progress: number): FeedState {
  const { chainId, devnet, epoch } = snapshot(nowMs, progress)
  return {
    connection: 'live',
    chain: { chainId, devnet },
    epoch:
      epoch === undefined
        ? undefined
        : { ...epoch, seats: epoch.seats.map((seat) => ({ ...seat, mine: false })) },
    blocks: blocks(nowMs),
    check: 'verified',
    receivedMs: nowMs,
  }
}

export function blocks(nowMs: number, count = 50, from = headHeight): readonly BlockSummary[] {
  return Array.from({ length: count }, (_, index) => block(from - index, nowMs - index * 1100))
}

export function block(height: number, timeMs: number): BlockSummary {
  const missing = [height % 5 === 0 ? 4 : -1, height % 7 === 2 ? 15 : -1, height % 9 === 8 ? 9 : -1]
  return {
    height,
    hash: (height * 2_654_435_761).toString(16).padStart(16, '0').repeat(4).slice(0, 64),
    epoch: epochNumber - Math.floor((headHeight - height) / 27),
    view: height % 9 === 4 ? 1 : 0,
    timeMs,
    seat: height % seatCount,
    proposer: account(height % seatCount),
    seatCount,
    signers: Array.from({ length: seatCount }, (_, seat) => seat).filter(
      (seat) => !missing.includes(seat),
    ),
    transactionCount: 187 + ((height * 37) % 60),
    finalAfterMs: 340 + ((height * 53) % 110),
    verified: true,
  }
}

function account(index: number): string {
  return ((index + 3) * 0x9e37_79b1).toString(16).padStart(8, '0').repeat(8).slice(0, 64)
}

function seats(offset: number): readonly SeatSummary[] {
  return Array.from({ length: seatCount }, (_, seat) => ({
    seat,
    validator: account(seat + offset),
    mine: seat === mySeat,
    score: 8500 - seat * 37,
    heard: seat !== 4,
  }))
}

function history(): readonly DutyRecord[] {
  return Array.from({ length: 60 }, (_, index) => {
    const epoch = epochNumber - 59 + index
    if (index === 22) return { epoch, outcome: 'missed', reason: 'SENSOR_LOST', seat: 11 }
    if (index % 5 === 1) return { epoch, outcome: 'none', reason: undefined, seat: undefined }
    return { epoch, outcome: 'served', reason: undefined, seat: (index * 5) % seatCount }
  })
}

function snapshot(nowMs: number, progress: number): NodeSnapshot {
  const list = blocks(nowMs)
  return {
    chainId: 'emo-devnet-1',
    devnet: true,
    nowMs,
    sync: { state: 'live', height: headHeight, target: headHeight },
    head: list[0],
    blocks: list,
    epoch: {
      epoch: epochNumber,
      startMs: nowMs - 30_000 * progress,
      lengthMs: 30_000,
      phase: 'BLOCK_PROPOSAL',
      seats: seats(0),
      readyCount: 34,
      nextSeats: seats(7),
    },
    duty: { state: 'seated', epoch: epochNumber, seat: mySeat },
    history: history(),
    account: {
      id: account(mySeat),
      balanceMicro: '110912000',
      bondedMicro: '10000000000',
      unbonding: [],
      unbondingMs: 14 * 86_400_000,
      consentVersion: 1,
      nonce: 4,
    },
    sensor: {
      provenance: 'simulated',
      state: 'live',
      heartRateBpm: 64,
      rmssdMs: 48,
      quality: 9900,
      qualityReason: undefined,
      windowSeconds: 60,
      score: 9100,
    },
    outlook: { trend: 'steady', fromBp: 8600, toBp: 9400 },
    baseline: { state: 'done', recordedMs: 60_000, neededMs: 60_000, restBpm: 61, rmssdMs: 46 },
    peers: Array.from({ length: 11 }, (_, index) => ({
      peer: `12D3KooW${account(index).slice(0, 44)}`,
      path: index === 0 ? 'websocket' : index < 9 ? 'webrtc' : 'relayed',
      isRelay: index === 0,
      roundTripMs: 12 + ((index * 17) % 70),
      seat: index === 0 ? undefined : index,
    })),
    clockOffsetMs: 3,
    finalityMs: { median: 381, p95: 443, count: 50 },
    storageBytes: 212_000_000,
    mempoolCount: 17,
    lastProof: { epoch: epochNumber + 1, tookMs: 1400, marginMs: 21_000, accepted: true },
    proving: { triedMs: undefined, availableMs: 18_000 },
  }
}
