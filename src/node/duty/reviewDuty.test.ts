import { afterEach, describe, expect, it } from 'vitest'
import { testSigner } from '../../../test/support/testSigner.ts'
import { unwrap } from '../../../test/support/unwrap.ts'
import { blsBlst as bls } from '../../adapters/crypto/blsBlst.ts'
import { nodeClock } from '../../adapters/node/clock.ts'
import { nodeRandom } from '../../adapters/node/random.ts'
import { openMemoryStore } from '../../adapters/storage/memoryStore.ts'
import { hex } from '../../core/base/bytes.ts'
import { ok, type Result } from '../../core/base/result.ts'
import { Body } from '../../core/codec/chain.ts'
import { hash } from '../../core/crypto/hash.ts'
import {
  addBlock,
  createTestChain,
  testBlock,
  testStartMs,
  type TestChain,
} from '../../core/ledger/testChain.fixture.ts'
import { readyOf } from '../../core/ledger/testDuty.fixture.ts'
import { attestOf, reviewersOf } from '../../core/ledger/testReviews.fixture.ts'
import { reviewCounts } from '../../core/ledger/reviews.ts'
import { decodeTransaction, type DecodedTransaction } from '../../core/ledger/transactionBytes.ts'
import type { HashHex } from '../../core/types/ids.ts'
import type { Prover } from '../../ports/prover.ts'
import { Chain } from '../chain.ts'
import { createDesks } from '../desks.ts'
import { MayAct } from '../mayAct.ts'
import { Mempool } from '../mempool.ts'
import { NodeEvents } from '../nodeEvents.ts'
import { NodeService } from '../service.ts'
import { noProver, TestNodes, troublesOf, until } from '../testNodes.fixture.ts'
import { ReviewDuty } from './reviewDuty.ts'

const before = createTestChain(bls, { validators: 12, seats: 4 })
addBlock(before, testStartMs)
const maker = before.keys.findIndex((_, index) => reviewersOf(before, index).length > 0)
const ready = readyOf(before, maker)
const after: TestChain = { ...before }
addBlock(after, testStartMs + 4_000, [ready])
const [reviewer = -1] = reviewersOf(after, maker)
const passedOver = after.keys.findIndex(
  (_, index) => index !== maker && !reviewersOf(after, maker).includes(index),
)

type Verified = Awaited<ReturnType<Prover['verify']>>

/** A node of that validator whose final tip is `after`, and what it sent. */
async function nodeOf(
  index: number,
  verdict: Verified = ok(undefined),
): Promise<{
  readonly duty: ReviewDuty
  readonly mayAct: MayAct
  readonly sent: DecodedTransaction[]
  readonly asked: number
}> {
  const chain = unwrap(await Chain.open({ genesis: after.genesis, store: openMemoryStore() }))
  const { header } = testBlock(after, testStartMs + 5_000)
  const key = hex(header.parent) as HashHex
  const flags = { isBoundary: false, isTail: false, receipts: [] }
  chain.noteExecuted({ key, hash: header.parent, header, state: after.state, ...flags })
  const host = { asked: 0 }
  const verify: Prover['verify'] = () => {
    host.asked += 1
    return Promise.resolve(verdict)
  }
  const desks = createDesks({ prover: { ...noProver, verify }, bls }, () => undefined)
  const mempool = new Mempool(desks)
  const sent: DecodedTransaction[] = []
  const keys = after.keys[index]
  if (keys === undefined) throw new Error('that validator has keys')
  const submit = async (bytes: Uint8Array): Promise<Result<undefined, never>> => {
    unwrap(await mempool.add(bytes, after.state, testStartMs + 5_000))
    sent.push(unwrap(decodeTransaction(bytes, 4_096)))
    return ok(undefined)
  }
  const tip = { ...chain.tip, state: after.state }
  const mayAct = new MayAct(testSigner(bls, keys, { index, epochs: [] }))
  const around = {
    chain: { chainId: chain.chainId, tip } as unknown as Chain,
    events: new NodeEvents(),
    isSyncing: false,
    mayAct,
    proofs: desks.proofs,
    submit,
  }
  const duty = new ReviewDuty(around)
  return {
    duty,
    mayAct,
    sent,
    get asked() {
      return host.asked
    },
  }
}

const block = (...transactions: readonly DecodedTransaction[]): { readonly body: Uint8Array } => ({
  body: Body.encode({ transactions: transactions.map(({ bytes }) => bytes) }),
})

let nodes: TestNodes | undefined
let service: NodeService | undefined

afterEach(async () => {
  await service?.stop()
  await Promise.all(nodes?.running.slice(1, 4).map(({ node }) => node.stop()) ?? [])
})

describe('ZK-4 a drawn reviewer', () => {
  it('attests by itself in a running network, and the review is on the chain', async () => {
    const net = new TestNodes(60_000)
    nodes = net
    net.prover = { ...noProver, verify: () => Promise.resolve(ok(undefined)) }
    const { node } = await net.open(0)
    const keys = net.keys[0]
    if (keys === undefined) throw new Error('the first validator has keys')
    const own = new NodeService({
      node,
      clock: nodeClock,
      random: nodeRandom,
      prover: net.prover,
      createSigner: () => Promise.resolve(testSigner(bls, keys, { index: 0, epochs: [0] })),
      faucet: undefined,
    })
    service = own
    await Promise.all([own.start(), ...[1, 2, 3].map((index) => net.start(index))])
    const seeds = { identitySeed: keys.seed, vrfSeed: keys.seed, networkSeed: keys.seed }
    await own.command({ type: 'unlock', keys: { ...seeds, proofSecret: new Uint8Array(32) } })
    const other = net.running[1]?.node
    if (other === undefined) throw new Error('the second node runs')
    await until(() => other.chain.tip.height >= 3)
    const { genesis } = net
    const chain = { bls, genesis, keys: net.keys, state: other.chain.tip.state } as TestChain
    const reviewed = net.keys.findIndex((_, index) => reviewersOf(chain, index).includes(0))
    unwrap(await other.submit(readyOf(chain, reviewed).bytes))
    await until(() => reviewCounts(other.chain.tip.state, keys.account) === 1)
    expect(troublesOf(net.running)).toEqual([])
  }, 120_000)

  it('attests once what it verified of a final block', async () => {
    const { duty, sent } = await nodeOf(reviewer)
    await duty.look(block(ready))
    await duty.look(block(ready))
    const { attest } = attestOf(after, reviewer, ready).transaction
    expect(sent.map(({ transaction }) => transaction.attest)).toEqual([attest])
  })

  it('attests nothing that its verifier refuses, or cannot judge', async () => {
    const crashed = { code: 'PROVER_CRASHED', reason: 'memory' } as const
    for (const error of [{ code: 'PROOF_INVALID' } as const, crashed]) {
      const node = await nodeOf(reviewer, { ok: false, error })
      await node.duty.look(block(ready))
      expect([node.sent, node.asked]).toEqual([[], 1])
    }
  })

  it('FORK-1 signs nothing once it is stopped, also while it verifies', async () => {
    const stopped = await nodeOf(reviewer)
    const looking = stopped.duty.look(block(ready))
    stopped.mayAct.stop('FORK')
    await looking
    expect([stopped.sent, stopped.asked]).toEqual([[], 1])
    await stopped.duty.look(block(ready))
    expect(stopped.asked).toBe(1)
  })

  it('verifies nothing for whom others were drawn, and attests no copy of a READY', async () => {
    const idle = await nodeOf(passedOver)
    await idle.duty.look(block(ready))
    expect([idle.sent, idle.asked]).toEqual([[], 0])
    const node = await nodeOf(reviewer)
    await node.duty.look(block(readyOf(before, maker, { proof: Uint8Array.of(9) })))
    await node.duty.look({ body: hash('message') })
    expect([node.sent, node.asked]).toEqual([[], 0])
  })
})
