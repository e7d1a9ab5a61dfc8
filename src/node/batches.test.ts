import { afterEach, describe, expect, it } from 'vitest'
import { unwrap } from '../../test/support/unwrap.ts'
import { ed25519Sign } from '../core/crypto/ed25519.ts'
import { accountOf } from '../core/ledger/accounts.ts'
import { encodeTransaction } from '../core/ledger/transactionBytes.ts'
import type { PeerId, Topic, Transport } from '../ports/transport.ts'
import { TestNodes, troublesOf, until } from './testNodes.fixture.ts'
import { decodeMessage, encodeMessage, type Message } from './wire.ts'

let net: TestNodes

afterEach(async () => {
  await Promise.all(net.running.map(({ node }) => node.stop()))
})

interface Heard {
  readonly direct: Message[]
  readonly gossip: Topic[]
}

/** What the nodes say; `carries` decides which direct messages arrive. */
function listen(
  of: TestNodes,
  carries: (from: PeerId, to: PeerId, message: Message) => boolean = () => true,
): Heard {
  const heard: Heard = { direct: [], gossip: [] }
  of.wrap = (transport): Transport =>
    new Proxy(transport, {
      get(target, name) {
        if (name === 'send') {
          return (to: PeerId, bytes: Uint8Array): boolean => {
            const message = decodeMessage(bytes)
            if (message === undefined) throw new Error('an honest node sends messages')
            heard.direct.push(message)
            return carries(target.self, to, message) ? target.send(to, bytes) : true
          }
        }
        if (name === 'publish') {
          return (topic: Topic, bytes: Uint8Array): void => {
            heard.gossip.push(topic)
            target.publish(topic, bytes)
          }
        }
        const value: unknown = Reflect.get(target, name)
        return typeof value === 'function' ? (value.bind(target) as unknown) : value
      },
    })
  return heard
}

const recipient = new Uint8Array(32).fill(9)

/** Payments of one validator's account, submitted at node `at`. */
async function pay(
  of: TestNodes,
  payer: number,
  nonces: { readonly from: number; readonly count: number },
  at = payer,
): Promise<void> {
  const { node } = of.running[at]!
  const { account, seed } = of.keys[payer]!
  const { from, count } = nonces
  for (let nonce = from; nonce < from + count; nonce += 1) {
    const transaction = {
      chainId: node.chain.chainId,
      sender: account,
      nonce,
      expiryEpoch: node.chain.epoch + 5,
      feeMaxMicro: 1_000_000n,
      transfer: { recipient, amountMicro: 1n },
    }
    const bytes = encodeTransaction(transaction, (message) => ed25519Sign(seed, message))
    unwrap(await node.submit(bytes))
  }
}

function received(of: TestNodes): bigint[] {
  return of.running.map(({ node }) => accountOf(node.chain.tip.state, recipient).balanceMicro)
}

describe('BATCH-1, BATCH-3: payments travel ahead of proposals', () => {
  it('each once, proposals name them, and every node has the same blocks', async () => {
    net = new TestNodes(60_000, { blockIntervalMs: 1500 })
    const heard = listen(net)
    for (let index = 0; index < 5; index += 1) await net.start(index)
    await until(() => net.heights.every((height) => height > 0))
    // What comes in just before a block is not ready and goes without its batch: another round.
    let paid = 0
    while (!heard.direct.some(({ type }) => type === 'compact') && paid < 60) {
      await Promise.all([0, 1, 2, 3].map((payer) => pay(net, payer, { from: paid, count: 4 })))
      paid += 4
      await until(() => received(net).every((amount) => amount === BigInt(4 * paid)), 90_000)
    }
    const parts = heard.direct.flatMap((one) => (one.type === 'compact' ? one.compact.parts : []))
    expect(parts.some(({ batch }) => batch.length === 32)).toBe(true)
    expect(net.network.penalties).toEqual([])
    expect(troublesOf(net.running)).toEqual([])
  }, 120_000)

  it('who has no seat hands them to two seats', async () => {
    net = new TestNodes(60_000)
    const heard = listen(net)
    for (let index = 0; index < 5; index += 1) await net.start(index)
    await until(() => net.heights.every((height) => height > 0))
    await pay(net, 0, { from: 0, count: 5 }, 4)
    await until(() => received(net).every((amount) => amount === 5n))
    expect(heard.direct.filter(({ type }) => type === 'handIn')).toHaveLength(10)
    expect(heard.gossip).not.toContain('tx')
  }, 120_000)

  it('BATCH-4: a payment that no seat passes on is shown to everybody', async () => {
    net = new TestNodes(60_000)
    const heard = listen(net, (_from, _to, { type }) => type !== 'handIn')
    for (let index = 0; index < 5; index += 1) await net.start(index)
    await until(() => net.heights.every((height) => height > 0))
    await pay(net, 0, { from: 0, count: 1 }, 4)
    await until(() => received(net).every((amount) => amount === 1n), 90_000)
    expect(heard.gossip).toContain('tx')
  }, 120_000)
})

describe('BATCH-2: what strangers say of batches', () => {
  it('a batch under another seat’s name costs its sender, and is not held', async () => {
    net = new TestNodes(60_000)
    for (let index = 0; index < 4; index += 1) await net.start(index)
    await until(() => net.heights.every((height) => height > 0))
    const stranger = net.network.attach('stranger')
    const batch = { epoch: 0, attempt: 0, seat: 1, transactions: [Uint8Array.of(1)] }
    stranger.send('peer0' as PeerId, encodeMessage({ type: 'batch', batch }))
    await until(() => net.network.penalties.length > 0)
    expect(net.network.penalties).toEqual(['peer0 of stranger: BATCH_SEAT'])
  }, 120_000)
})
