import { beforeEach, describe, expect, it } from 'vitest'
import { MemoryNetwork } from '../../test/sim/memoryTransport.ts'
import { nodeClock } from '../adapters/node/clock.ts'
import { batchLimits } from '../core/batch/limits.ts'
import { readU64be } from '../core/base/bytes.ts'
import { ok } from '../core/base/result.ts'
import { Body, FetchRequest, FetchResponse, type Proposal } from '../core/codec/chain.ts'
import type { DecodedTransaction } from '../core/ledger/transactionBytes.ts'
import type { PeerId, Transport } from '../ports/transport.ts'
import { BatchDesk } from './batchDesk.ts'
import type { Origin } from './brought.ts'
import type { RunningEpoch } from './epochRunner.ts'
import { testGate } from './peerGate.fixture.ts'
import { PeerSeats } from './peerSeats.ts'
import { until } from './testNodes.fixture.ts'
import { decodeMessage, encodeMessage, type Compact, type Message } from './wire.ts'

const none = new Uint8Array(0)
const epoch = 4
const seats = [0, 1, 2, 3].map((index) => {
  const peerId = `peer${String(index)}`
  return { validator: none, epochKey: none, sharingKey: none, power: 1, peerId, score: 0 }
})
const attempt = 1
const committee = { epoch, seats, leaders: [0, 1, 2, 3], attempt }
const direct = (from: PeerId): Origin => ({ from, isDirect: true, author: undefined })
const leader = direct('peer0' as PeerId)
const env = { epoch, attempt, seats, quorumPower: 3 }

/** Bytes that nobody decodes here: what a payment is, the mempool knows. */
function payment(number: number, kind = 'transfer', sizeBytes = 8): DecodedTransaction {
  const bytes = new Uint8Array(sizeBytes).fill(1)
  new DataView(bytes.buffer).setUint32(0, number)
  return { bytes, id: bytes, kind } as unknown as DecodedTransaction
}

interface Seat {
  readonly desk: BatchDesk
  readonly transport: Transport
  readonly kept: Uint8Array[]
  readonly proposals: Proposal[]
  readonly whole: PeerId[]
}

let network: MemoryNetwork
let all: readonly Seat[]
let isWaiting = true
/** Which messages arrive at which seat. */
let carries: (to: number, message: Message) => boolean

function open(index: number): Seat {
  const transport = network.attach(`peer${String(index)}`)
  const peers = new PeerSeats(testGate(transport), nodeClock)
  peers.setCommittee(committee)
  const [kept, proposals, whole]: [Uint8Array[], Proposal[], PeerId[]] = [[], [], []]
  const desk = new BatchDesk({
    transport,
    clock: nodeClock,
    peers,
    keepAll: (list) => {
      kept.push(...list)
      return Promise.resolve(
        list.map((bytes) => ok({ bytes, id: bytes, kind: 'transfer' } as never)),
      )
    },
    isWaiting: () => isWaiting,
    onProposal: (proposal) => {
      proposals.push(proposal)
      return 'accept'
    },
    fetchProposal: (peer) => whole.push(peer),
  })
  transport.onDirect((from, bytes) => {
    const message = decodeMessage(bytes)
    if (message === undefined || !carries(index, message)) return
    if (message.type === 'compact') desk.receiveCompact(direct(from), message.compact)
    else if (message.type !== 'block' && 'type' in message) desk.receive(from, message as never)
  })
  transport.onRequest('fetch', (_peer, bytes) => {
    const batches = [...desk.answer(FetchRequest.decode(bytes).batches)]
    return Promise.resolve(FetchResponse.encode({ proposals: [], batches }))
  })
  desk.begin({ seat: index, engine: { env: { ...env, own: {} } } } as unknown as RunningEpoch)
  return { desk, transport, kept, proposals, whole }
}

beforeEach(() => {
  network = new MemoryNetwork()
  isWaiting = true
  carries = () => true
  all = seats.map((_seat, index) => open(index))
})

function proposalOf(payments: readonly DecodedTransaction[]): Proposal {
  const body = Body.encode({ transactions: payments.map(({ bytes }) => bytes) })
  return { header: Uint8Array.of(1), body, signature: none, path: [], skips: [] }
}

/** The proposal as the desk of a seat sends it. */
function parted(seat: number, payments: readonly DecodedTransaction[]): Compact | undefined {
  const message = all[seat]!.desk.outgoing({ type: 'proposal', proposal: proposalOf(payments) })
  return message.type === 'compact' ? message.compact : undefined
}

describe('BATCH-3: proposals by parts', () => {
  it('names what a quorum holds, and every seat makes the same body of it', async () => {
    const payments = Array.from({ length: 30 }, (_none, number) => payment(number))
    for (const one of payments) all[1]!.desk.offer(one)
    await until(() => parted(0, payments) !== undefined)
    const compact = parted(0, payments)!
    const bytes = encodeMessage({ type: 'compact', compact })
    expect(bytes.length).toBeLessThan(proposalOf(payments).body.length)
    for (const index of [1, 2, 3]) {
      all[0]!.transport.send(`peer${String(index)}` as PeerId, bytes)
      await until(() => all[index]!.proposals.length > 0)
      expect(all[index]!.proposals).toEqual([proposalOf(payments)])
    }
  })

  it('a seat that lacks a batch fetches it, and then judges the proposal', async () => {
    carries = (to, { type }) => to !== 3 || type !== 'batch'
    const one = payment(1)
    all[1]!.desk.offer(one)
    await until(() => parted(0, [one]) !== undefined)
    const compact = parted(0, [one])!
    expect(all[3]!.desk.receiveCompact(leader, compact)).toBe('accept')
    await until(() => all[3]!.proposals.length > 0)
    expect(all[3]!.proposals).toEqual([proposalOf([one])])
    expect(all[3]!.whole).toEqual([])
    expect(network.penalties).toEqual([])
  })

  it('asks for the whole proposal when nobody gives the batch', async () => {
    const unknown = { transaction: none, batch: new Uint8Array(32), included: Uint8Array.of(1) }
    const compact = { proposal: proposalOf([]), parts: [unknown] }
    all[3]!.desk.receiveCompact(leader, compact)
    await until(() => all[3]!.whole.length > 0)
    expect(all[3]!.whole).toEqual(['peer0'])
    expect(all[3]!.proposals).toEqual([])
  })

  it('parts that no body has cost their sender', () => {
    const wrong = { transaction: none, batch: none, included: none }
    const compact = { proposal: proposalOf([]), parts: [wrong] }
    expect(all[3]!.desk.receiveCompact(leader, compact)).toBe('reject')
    expect(network.penalties).toEqual(['peer3 of peer0: PARTS_MALFORMED'])
  })

  it('an answer that nobody asked for costs its sender and is not held', async () => {
    const batch = { epoch, attempt, seat: 2, transactions: [Uint8Array.of(5)] }
    all[0]!.transport.onRequest('fetch', () => {
      return Promise.resolve(FetchResponse.encode({ proposals: [], batches: [batch] }))
    })
    const unknown = { transaction: none, batch: new Uint8Array(32), included: Uint8Array.of(1) }
    const compact = { proposal: proposalOf([]), parts: [unknown] }
    all[3]!.desk.receiveCompact(leader, compact)
    await until(() => network.penalties.length > 0)
    expect(network.penalties).toEqual(['peer3 of peer0: FETCH_UNASKED'])
    expect(all[3]!.kept).toEqual([])
  })
})

describe('BATCH-3: what a leader takes', () => {
  it('duty and ready payments whatever they weigh, and a little else', async () => {
    const ready = payment(1)
    all[1]!.desk.offer(ready)
    await until(() => parted(0, [ready]) !== undefined)
    const duty = payment(2, 'ready', batchLimits.looseBytesMax)
    const loose = [3, 4, 5].map((number) => {
      return payment(number, 'transfer', batchLimits.looseBytesMax / 2)
    })
    const chosen = all[0]!.desk.choose([duty, loose[0]!, loose[1]!, loose[2]!, ready])
    expect(chosen).toEqual([duty, loose[0], loose[1], ready])
  })
})

describe('BATCH-1: what is sent', () => {
  it('in batches of bounded size, each payment once, nothing that is final meanwhile', async () => {
    const large = Array.from({ length: 5 }, (_none, number) => {
      return payment(number, 'transfer', batchLimits.bytesMax / 2)
    })
    for (const one of large) all[1]!.desk.offer(one)
    for (const one of large) all[1]!.desk.offer(one)
    await until(() => all[2]!.kept.length >= 5)
    const numbers = all[2]!.kept.map((bytes) => Number(readU64be(bytes) >> 32n))
    expect(numbers).toEqual([0, 1, 2, 3, 4])
    isWaiting = false
    all[1]!.desk.offer(payment(99))
    await new Promise((resolve) => setTimeout(resolve, 2 * batchLimits.intervalMs))
    expect(all[2]!.kept).toHaveLength(5)
  })

  it('RECOVER-1: who still runs the attempt before a restart is not blamed for it', async () => {
    const { transport } = all[2]!
    const transactions = [Uint8Array.of(7)]
    const before = { epoch, attempt: attempt - 1, seat: 1, transactions }
    const after = { ...before, attempt: attempt + 1 }
    const own = { ...before, attempt }
    for (const batch of [before, after, own]) {
      transport.send('peer3' as PeerId, encodeMessage({ type: 'batch', batch }))
    }
    await until(() => network.penalties.length > 0)
    // Under the seat of another in this committee it is blamed, as ever.
    expect(network.penalties).toEqual(['peer3 of peer2: BATCH_SEAT'])
    expect(all[3]!.kept).toEqual([])
  })

  it('with another committee what still waits is said again', async () => {
    all[1]!.desk.offer(payment(1))
    await until(() => all[2]!.kept.length === 1)
    const next = { ...env, epoch: epoch + 1, own: {} }
    for (const [seat, { desk }] of all.entries()) {
      desk.begin({ seat, engine: { env: next } } as unknown as RunningEpoch)
    }
    await until(() => all[2]!.kept.length === 2)
  })
})
