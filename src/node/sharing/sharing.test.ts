import { afterEach, describe, expect, it } from 'vitest'
import { testSigner } from '../../../test/support/testSigner.ts'
import { blsBlst as bls } from '../../adapters/crypto/blsBlst.ts'
import { hex } from '../../core/base/bytes.ts'
import type { SharingPart } from '../../core/codec/chain.ts'
import { Deal } from '../../core/codec/sharing.ts'
import { decodeBody } from '../../core/codec/decodeBody.ts'
import { beaconAfter } from '../../core/committee/beacon/beaconAfter.ts'
import { committeeRoot } from '../../core/committee/handOver.ts'
import { makeDeal } from '../../core/crypto/pvss/makeDeal.ts'
import { withByte } from '../../core/crypto/pvss/testSharing.fixture.ts'
import { beaconOf } from '../../core/ledger/epochs.ts'
import { sharingOf } from '../../core/ledger/sharing/committeeSharing.ts'
import { read, readSingle } from '../../core/ledger/state.ts'
import { epochRecord, sharingDeals } from '../../core/ledger/tables.ts'
import { testSharingSeeds } from '../../core/ledger/testChain.fixture.ts'
import { decodeTransaction } from '../../core/ledger/transactionBytes.ts'
import { validatorOf } from '../../core/ledger/validators.ts'
import { duty } from '../duty/ownTransactions.ts'
import { committeeOf } from '../epochEnv.ts'
import { MayAct } from '../mayAct.ts'
import type { Node } from '../node.ts'
import { TestNodes, troublesOf, until } from '../testNodes.fixture.ts'
import type { SharingCrypto } from './crypto.ts'

/** Deals until 7 s, shares from 9 s, boundaries from 14 s and at 20 s at the latest. */
const epochMs = 15_000
const none = new Uint8Array(0)
const all = [0, 1, 2, 3]

let nodes: TestNodes | undefined

afterEach(async () => {
  await Promise.all(nodes?.running.map(({ node }) => node.stop()) ?? [])
})

async function network(
  works: Partial<Record<number, Partial<SharingCrypto>>> = {},
): Promise<TestNodes> {
  const net = new TestNodes(epochMs)
  nodes = net
  const shared = net.sharing(0)
  net.sharing = (index) => ({ ...shared, ...works[index] })
  await Promise.all(all.map((index) => net.start(index)))
  return net
}

const refusing = (): Promise<never> => Promise.reject(new Error('kept back'))

function nodeOf(net: TestNodes, index: number): Node {
  const running = net.running[index]
  if (running === undefined) throw new Error('the node runs')
  return running.node
}

/** The beacon that the boundary of `epoch` fixed, on every node the same one. */
async function beaconFixedBy(net: TestNodes, epoch: number): Promise<string> {
  const fixed = (node: Node): Uint8Array | undefined =>
    beaconOf(readSingle(node.chain.tip.state, epochRecord), epoch + 5)
  await until(() => all.every((index) => fixed(nodeOf(net, index)) !== undefined), 90_000)
  const beacons = new Set(all.map((index) => hex(fixed(nodeOf(net, index)) ?? none)))
  expect(beacons.size).toBe(1)
  return [...beacons].join()
}

function fallbackOf(net: TestNodes, epoch: number, previous?: Uint8Array): string {
  const before = previous ?? net.genesis.beacons[epoch + 4] ?? none
  return hex(beaconAfter(before, epoch + 5, { kind: 'fallback' }))
}

/** What seats said in the final blocks of an epoch, in their order. */
async function saidIn(
  node: Node,
  epoch: number,
): Promise<readonly { readonly sender: string; readonly part: SharingPart }[]> {
  const blocks = await node.chain.store.readBlocks(1, 1_000)
  return blocks
    .filter((block) => block.epoch === epoch)
    .flatMap((block) => {
      const body = decodeBody(block.body, 1_000_000)
      return body.ok ? body.value.transactions : []
    })
    .flatMap((bytes) => {
      const decoded = decodeTransaction(bytes, 65_536)
      const part = decoded.ok ? decoded.value.transaction.sharing : undefined
      return decoded.ok && part ? [{ sender: hex(decoded.value.transaction.sender), part }] : []
    })
}

describe('BEACON-6, BEACON-7: four nodes', () => {
  it('make a beacon of all secrets in each epoch, with the keys of those who stay', async () => {
    const net = await network()
    const first = await beaconFixedBy(net, 0)
    expect(first).not.toBe(fallbackOf(net, 0))
    const second = await beaconFixedBy(net, 1)
    expect(second).not.toBe(fallbackOf(net, 1, Uint8Array.from(Buffer.from(first, 'hex'))))
    const said = await saidIn(nodeOf(net, 1), 1)
    expect(said.filter(({ part }) => part.deal.length > 0).length).toBe(4)
    expect(said.filter(({ part }) => part.opening.length > 0).length).toBe(4)
    expect(troublesOf(net.running)).toEqual([])
    expect(net.network.penalties).toEqual([])
  }, 120_000)

  it('open what one of them keeps back', async () => {
    const net = await network({ 3: { open: refusing } })
    expect(await beaconFixedBy(net, 0)).not.toBe(fallbackOf(net, 0))
    const said = await saidIn(nodeOf(net, 0), 0)
    const withheld = hex(net.keys[3]?.account ?? none)
    const openings = said.filter(({ part }) => part.opening.length > 0)
    expect(openings.some(({ sender }) => sender === withheld)).toBe(false)
    expect(said.filter(({ part }) => part.shares.length > 0).length).toBeGreaterThanOrEqual(3)
    expect(troublesOf(net.running)).toEqual([])
  }, 120_000)

  it('one that starts again between deal and opening opens its own deal', async () => {
    const net = await network()
    const isDealt = (index: number): boolean =>
      read(nodeOf(net, index).chain.tip.state, sharingDeals, 3) !== undefined
    await until(() => isDealt(3) && isDealt(0))
    await net.stop(3)
    await net.start(3)
    expect(await beaconFixedBy(net, 0)).not.toBe(fallbackOf(net, 0))
    const own = hex(net.keys[3]?.account ?? none)
    const said = (await saidIn(nodeOf(net, 0), 0)).filter(({ sender }) => sender === own)
    expect(said.filter(({ part }) => part.opening.length > 0).length).toBe(1)
    expect(troublesOf(net.running)).toEqual([])
  }, 120_000)

  it('fall back when fewer than W − F deal, and lose no epoch', async () => {
    const net = await network({ 2: { deal: refusing }, 3: { deal: refusing } })
    expect(await beaconFixedBy(net, 0)).toBe(fallbackOf(net, 0))
    expect(troublesOf(net.running)).toEqual([])
  }, 120_000)

  it('E8: convict one that deals wrong, and go on without its deal', async () => {
    const net = await network({ 3: { deal: refusing } })
    const guilty = nodeOf(net, 3)
    await until(() => guilty.chain.tip.height >= 1)
    const keys = net.keys[3]
    const committee = committeeOf(guilty.chain.tip.state, 0)
    const sharing = committee && sharingOf(guilty.chain.chainId, committee)
    if (keys === undefined || committee === undefined || sharing === undefined)
      throw new Error('the first committee can share')
    const deal = makeDeal(sharing, 3, testSharingSeeds(3, 0).dealSeed)
    const wrong = Deal.encode({ ...deal, challenge: withByte(deal.challenge, 0) })
    const parts = { deal: wrong, opening: none, shares: none }
    const part = { committeeRoot: committeeRoot(committee), ...parts }
    const { signer } = new MayAct(testSigner(bls, keys, { index: 3, epochs: [0] }))
    const { chainId, tip } = guilty.chain
    const bytes = duty({ chainId, state: tip.state, signer: signer! }, { sharing: part })
    guilty.transport.publish('ready', bytes)
    const convictions = (): number =>
      validatorOf(nodeOf(net, 0).chain.tip.state, keys.account)?.convictions ?? 0
    await until(() => convictions() === 1, 90_000)
    expect(await beaconFixedBy(net, 0)).not.toBe(fallbackOf(net, 0))
    expect(await saidIn(nodeOf(net, 0), 0).then((said) => said.length)).toBeGreaterThanOrEqual(6)
  }, 120_000)
})
