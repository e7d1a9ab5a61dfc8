import { afterEach, describe, expect, it } from 'vitest'
import { testSigner } from '../../../test/support/testSigner.ts'
import { unwrap } from '../../../test/support/unwrap.ts'
import { blsBlst as bls } from '../../adapters/crypto/blsBlst.ts'
import { nodeClock } from '../../adapters/node/clock.ts'
import { nodeRandom } from '../../adapters/node/random.ts'
import { signersOf } from '../../core/bft/certificate.ts'
import { Certificate } from '../../core/codec/chain.ts'
import { hasRevoked, validatorOf } from '../../core/ledger/validators.ts'
import type { Signer } from '../../ports/signer.ts'
import { committeeOf, seatIndexOf } from '../epochEnv.ts'
import { NodeService } from '../service.ts'
import { MayAct } from '../mayAct.ts'
import { noProver, TestNodes, troublesOf, until } from '../testNodes.fixture.ts'
import { consentTransaction } from './consentChange.ts'
import { authorOf } from './ownTransactions.ts'

let nodes: TestNodes | undefined
let service: NodeService | undefined

afterEach(async () => {
  await service?.stop()
  await Promise.all(nodes?.running.slice(1, 4).map(({ node }) => node.stop()) ?? [])
})

interface Seated {
  readonly net: TestNodes
  readonly own: NodeService
  readonly signer: Signer
  /** Seats that committed the newest block of another node. */
  readonly signers: () => Promise<readonly number[]>
  readonly seat: number
}

/** The owner of the first seat of four, with its service around it. */
async function seated(): Promise<Seated> {
  const net = new TestNodes(60_000)
  nodes = net
  const { node } = await net.open(0)
  const keys = net.keys[0]
  if (keys === undefined) throw new Error('the first validator has keys')
  const signer = testSigner(bls, keys, { index: 0, epochs: [0] })
  const own = new NodeService({
    node,
    clock: nodeClock,
    random: nodeRandom,
    prover: noProver,
    createSigner: () => Promise.resolve(signer),
    faucet: undefined,
  })
  service = own
  await Promise.all([own.start(), ...[1, 2, 3].map((index) => net.start(index))])
  const seeds = { identitySeed: keys.seed, vrfSeed: keys.seed, networkSeed: keys.seed }
  await own.command({ type: 'unlock', keys: { ...seeds, proofSecret: new Uint8Array(32) } })
  await until(() => Math.min(...net.heights) >= 3)
  await until(() => own.snapshot().duty.state === 'seated')
  const other = net.running[1]?.node
  const committee = other && committeeOf(other.chain.tip.state, 0)
  const seat = committee && seatIndexOf(committee, keys.account)
  if (other === undefined || seat === undefined) throw new Error('the first validator has a seat')
  const signers = async (): Promise<readonly number[]> => {
    const block = await other.chain.store.readBlock(other.chain.tip.height)
    if (block === undefined) throw new Error('the newest block is stored')
    return signersOf(4, Certificate.decode(block.certificate).signers) ?? []
  }
  return { net, own, signer, signers, seat }
}

async function isSilent({ net, own, signers, seat, signer }: Seated): Promise<void> {
  const other = net.running[1]?.node
  if (other === undefined) throw new Error('the second node runs')
  await until(() => hasRevoked(other.chain.tip.state, signer.identity))
  const revoked = { state: 'abstaining', reason: 'CONSENT_REVOKED' }
  await until(() => JSON.stringify(own.snapshot().duty) === JSON.stringify(revoked))
  const { height } = other.chain.tip
  await until(() => other.chain.tip.height > height + 3)
  for (let blocks = 0; blocks < 3; blocks += 1) {
    expect(await signers()).not.toContain(seat)
    const at = other.chain.tip.height
    await until(() => other.chain.tip.height > at)
  }
  const account = signer.identity
  const { state } = other.chain.tip
  expect(validatorOf(state, account)).toMatchObject({ absent: true, convictions: 0 })
  expect(troublesOf(net.running)).toEqual([])
}

describe('ZK-3 the seat of who takes back consent', () => {
  it('is silent from the command on, without penalty, while the others go on', async () => {
    const person = await seated()
    const { own } = person
    expect(await own.command({ type: 'consent', version: 0 })).toEqual({ ok: true })
    await isSilent(person)
    expect(await own.command({ type: 'consent', version: 0 })).toMatchObject({
      code: 'CONSENT_NONE',
    })
    const { duty, history } = own.snapshot()
    expect(duty).toEqual({ state: 'abstaining', reason: 'CONSENT_REVOKED' })
    // The epoch started again without a voice, and is one epoch still.
    expect(history.map(({ epoch }) => epoch)).toEqual([0])
    expect(await own.command({ type: 'consent', version: 2 })).toMatchObject({
      code: 'CONSENT_VERSION',
    })
  }, 120_000)

  it('is silent too when its owner revoked on another device', async () => {
    const person = await seated()
    const { net, signer } = person
    const other = net.running[1]?.node
    if (other === undefined) throw new Error('the second node runs')
    const mayAct = new MayAct(signer)
    const author = authorOf({ chain: other.chain, mayAct })
    if (author === undefined) throw new Error('the owner has the keys')
    unwrap(await other.submit(consentTransaction(author, 0)))
    await isSilent(person)
  }, 120_000)
})
