import { afterEach, describe, expect, it } from 'vitest'
import { createMemoryDisk } from '../adapters/storage/memoryStore.ts'
import { blsBlst as bls } from '../adapters/crypto/blsBlst.ts'
import { bitmapOf } from '../core/base/bitmap.ts'
import { equalBytes, hex } from '../core/base/bytes.ts'
import { RestartList, RestartResponse } from '../core/codec/restart.ts'
import { restartVoters } from '../core/ledger/checkpoints.ts'
import { beaconOf } from '../core/ledger/epochs.ts'
import { readSingle } from '../core/ledger/state.ts'
import { chainInfo, epochRecord, parameters } from '../core/ledger/tables.ts'
import { restartAggregator } from '../core/restart/draw.ts'
import type { RestartEnv } from '../core/restart/env.ts'
import { verifyList } from '../core/restart/list.ts'
import { restartListMessage, restartSeatMessage } from '../core/restart/messages.ts'
import type { PeerId, Transport } from '../ports/transport.ts'
import { CheckpointLease } from './duty/checkpointLease.ts'
import type { Node } from './node.ts'
import { encodeRestart } from './restartPlan.ts'
import { TestNodes, troublesOf, until } from './testNodes.fixture.ts'

const voters = 6
const waitMs = 600_000
const none = new Uint8Array(0)

let net: TestNodes
afterEach(() => Promise.all(net.running.map(({ node }) => node.stop())))

const left = (): readonly Node[] => [0, 1, 4, 5].map((index) => net.running[index]!.node)

const attemptOf = (node: Node): number => {
  const { restartEpoch, restartAttempt } = readSingle(node.chain.tip.state, chainInfo)
  return restartEpoch === 0 ? 0 : restartAttempt
}

/** What the aggregators of the first lists do, one after the other; the next one is honest. */
type Wrong = 'two lists' | 'withheld' | 'forged report'
const wrongs: readonly Wrong[] = ['two lists', 'withheld', 'forged report']

function envOf({ chain }: Node): RestartEnv {
  const { state } = chain.tip
  const record = readSingle(state, epochRecord)
  const set = restartVoters(state)
  const beacon = beaconOf(record, record.epoch)
  if (set === undefined || beacon === undefined) throw new Error('an epoch that may restart')
  const params = readSingle(state, parameters)
  return { chainId: chain.chainId, epoch: record.epoch, beacon, set, params, bls }
}

/** Lists that the drawn aggregator shows, by attempt; it has all the keys of its device. */
class Byzantine {
  readonly #acts = new Map<number, { wrong: Wrong | undefined; other: Promise<Uint8Array> }>()

  get attempts(): readonly number[] {
    return [...this.#acts].flatMap(([attempt, { wrong }]) => (wrong === undefined ? [] : attempt))
  }

  /** What `self` is shown in the place of a list. */
  async shown(self: PeerId, bytes: Uint8Array): Promise<Uint8Array> {
    const list = RestartList.decode(bytes)
    const env = envOf(left()[0]!)
    const drawn = env.set.voters[restartAggregator(env, list.attempt)]!
    const aggregator = left().find(({ mayAct }) => equalBytes(mayAct.identity!, drawn.account))!
    if (!this.#acts.has(list.attempt)) {
      const wrong = wrongs[this.#acts.size]
      const isForged = wrong === 'forged report'
      const other = isForged ? forgedList(env, aggregator, list) : otherList(env, aggregator, list)
      this.#acts.set(list.attempt, { wrong, other })
    }
    const { wrong, other } = this.#acts.get(list.attempt)!
    const isFirst = [left()[0], aggregator].some((node) => node?.transport.self === self)
    if (wrong === 'withheld') return none
    if (wrong === 'forged report') return other
    return wrong === 'two lists' && !isFirst ? other : bytes
  }
}

async function signerOf(env: RestartEnv, node: Node) {
  const entry = env.set.voters.find(({ account }) =>
    equalBytes(account, node.mayAct.signer!.identity),
  )!
  const opened = await node.mayAct.signer!.openEpochKey(hex(entry.key))
  if (!opened.ok) throw new Error('the device has the key')
  return (message: Uint8Array): Uint8Array => opened.value.sign(message)
}

/** As valid as the first: its own seat stands elsewhere, so the committee is another one. */
async function otherList(env: RestartEnv, node: Node, list: RestartList): Promise<Uint8Array> {
  const sign = await signerOf(env, node)
  const drawn = list.drawn.map((entry) => {
    const isOwn = entry.seat?.peerId === node.transport.self
    if (entry.seat === undefined || !isOwn) return entry
    const seat = { ...entry.seat, peerId: 'elsewhere' }
    const signature = sign(restartSeatMessage(env, list.attempt, seat))
    return { ...entry, seat: { ...seat, signature } }
  })
  const other = { ...list, drawn }
  const signature = sign(restartListMessage(env, other))
  const bytes = RestartList.encode({ ...other, signature })
  const options = { bytes, isEligible: () => true }
  expect(verifyList(env, list.attempt, options).ok).toBe(true)
  expect(bytes).not.toEqual(RestartList.encode(list))
  return bytes
}

/** Everybody is said to have reported its block, those who vanished too. */
async function forgedList(env: RestartEnv, node: Node, list: RestartList): Promise<Uint8Array> {
  const sign = await signerOf(env, node)
  const all = env.set.voters.map((_, voter) => voter)
  const tips = list.tips.map((tip) => ({ ...tip, voters: bitmapOf(all.length, all) }))
  const other = { ...list, tips: tips.slice(0, 1) }
  const signature = sign(restartListMessage(env, other))
  return RestartList.encode({ ...other, signature })
}

/** 2/3 of the stake are said to have signed it, and one voter did. */
async function badRecord(bytes: Uint8Array): Promise<Uint8Array> {
  const env = envOf(left()[0]!)
  const { attempt } = RestartList.decode(bytes)
  const verified = verifyList(env, attempt, { bytes, isEligible: () => true })
  if (!verified.ok) throw new Error('an honest list holds')
  const { base, committee, epoch } = verified.value
  const sign = await signerOf(env, left()[1]!)
  const all = env.set.voters.map((_, voter) => voter)
  const record = { epoch, attempt, base, committee, voters: bitmapOf(all.length, all) }
  return encodeRestart(env.chainId, { ...record, signature: sign(base) })
}

describe('RECOVER-1 aggregators that are Byzantine, one after the other', () => {
  it('cost an attempt each: nobody forks, and an honest one restarts the chain', async () => {
    const byzantine = new Byzantine()
    let first: Uint8Array | undefined
    const params = { checkpointEpochs: 5, restartAfterMs: 15_000 }
    net = new TestNodes(3_000, params, voters, { withDevnet: false })
    net.wrap = (transport: Transport) => ({
      ...transport,
      request: async (peer, protocol, bytes, options) => {
        const answer = await transport.request(peer, protocol, bytes, options)
        if (protocol !== 'restart' || !answer.ok) return answer
        const response = RestartResponse.decode(answer.value)
        if (response.list.length === 0) return answer
        first ??= response.list
        const list = await byzantine.shown(transport.self, response.list)
        return { ok: true, value: RestartResponse.encode({ ...response, list }) }
      },
    })
    for (let index = 0; index < voters; index += 1) {
      net.disks[index] ??= createMemoryDisk()
      const { node } = await net.start(index)
      const lease = new CheckpointLease(node)
      node.events.on((event) => {
        if (event.type === 'final') void lease.look()
      })
    }
    const votersOf = ({ chain }: Node): number => restartVoters(chain.tip.state)?.voters.length ?? 0
    await until(() => net.running.every(({ node }) => votersOf(node) === voters), waitMs)
    await Promise.all([net.stop(2), net.stop(3)])

    await until(() => first !== undefined, waitMs)
    const client = net.network.attach('byzantine')
    client.publish('tx', await badRecord(first!))
    const reject = (node: Node): string => `${node.transport.self} of byzantine: GOSSIP_REJECTED`
    await until(() => left().every((node) => net.network.penalties.includes(reject(node))), waitMs)

    await until(() => left().every((node) => attemptOf(node) > 0), waitMs)
    await until(() => new Set(left().map(attemptOf)).size === 1, waitMs)
    const attempt = attemptOf(left()[0]!)
    expect(byzantine.attempts).toHaveLength(wrongs.length)
    expect(attempt).toBeGreaterThan(Math.max(...byzantine.attempts))
    const goal = left()[0]!.chain.tip.height + 5
    await until(() => left().every(({ chain }) => chain.tip.height > goal), waitMs)
    const blocks = await Promise.all(left().map(({ chain }) => chain.store.readBlock(goal)))
    expect(new Set(blocks.map((block) => block && hex(block.hash))).size).toBe(1)
    expect(troublesOf(net.running)).toEqual([])
    expect(net.network.penalties.filter((text) => !text.includes('byzantine'))).toEqual([])
  }, 3_600_000)
})
