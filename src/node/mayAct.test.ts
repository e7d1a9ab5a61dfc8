import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, expectTypeOf, it } from 'vitest'
import { spiedSigner, type SpiedSigner } from '../../test/support/spiedSigner.ts'
import { blsBlst as bls } from '../adapters/crypto/blsBlst.ts'
import { nodeClock } from '../adapters/node/clock.ts'
import { nodeRandom } from '../adapters/node/random.ts'
import { RestartRequest, RestartResponse } from '../core/codec/restart.ts'
import { restartableEpoch } from '../core/chain/stakeRestartChain.fixture.ts'
import { postQuantumKeyHash as keyHash } from '../core/checkpoint/message.ts'
import { setOf, testContent, testVoter, upTo } from '../core/checkpoint/testVoters.fixture.ts'
import { readSingle } from '../core/ledger/state.ts'
import { epochRecord } from '../core/ledger/tables.ts'
import { checkpointSecret } from '../core/ledger/testCheckpoints.fixture.ts'
import { attemptAt } from '../core/restart/voterRules.ts'
import type { Signer } from '../ports/signer.ts'
import type { Store } from '../ports/store.ts'
import { CheckpointBallot } from './checkpointBallot.ts'
import { OwnVotes } from './checkpoints/ownVotes.ts'
import { CheckpointLease } from './duty/checkpointLease.ts'
import type { Author } from './duty/ownTransactions.ts'
import { MayAct, type ActingSigner } from './mayAct.ts'
import type { Node } from './node.ts'
import { NodeService } from './service.ts'
import { standingNode } from './standingNode.fixture.ts'
import { notePassed } from './startAnew.ts'
import { noProver, TestNodes, until } from './testNodes.fixture.ts'

const folder = import.meta.dirname
const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && !/\.(test|fixture)\.ts$/.test(path))
  .map((path) => ({ path, text: readFileSync(join(folder, path), 'utf8') }))

const filesWith = (pattern: RegExp): readonly string[] =>
  sources.flatMap(({ path, text }) => (pattern.test(text) ? [path] : [])).toSorted()

let net: TestNodes | undefined
let service: NodeService | undefined
const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  await service?.stop()
  const stopped = net?.running.filter(({ node }) => node.mayAct.stopped === undefined) ?? []
  await Promise.all(stopped.map(({ node }) => node.stop()))
  for (const close of closing.splice(0)) await close()
  net = undefined
  service = undefined
})

describe('FORK-1, RECOVER-1 one place says who may sign', () => {
  it('keys that nobody asked for sign nothing: the type of an author', () => {
    expectTypeOf<Signer>().not.toExtend<Author['signer']>()
    expectTypeOf<ActingSigner>().toExtend<Author['signer']>()
  })

  it('whoever holds keys got them there', () => {
    // It makes them, hands them over, asks for them, or erases what is spent.
    const known = ['duty/epochKeys.ts', 'keySigner.ts', 'mayAct.ts', 'node.ts', 'service.ts']
    expect(filesWith(/import type \{[^}]*\bSigner\b[^}]*\} from '[./]+ports\/signer\.ts'/)).toEqual(
      known,
    )
    expect(filesWith(/as ActingSigner\b/)).toEqual(['mayAct.ts'])
  })

  it('what signs is one of these; a new one asks `mayAct`, and is tried below', () => {
    const signing = /\.(sign|signIdentity|signVrf|proveVrfPossession)\(|\b(paid|duty)\(|sharing\(\)/
    expect(filesWith(signing)).toEqual([
      'checkpoints/ownVotes.ts',
      'duty/checkpointLease.ts',
      'duty/confirmAttempt.ts',
      'duty/consentChange.ts',
      'duty/duty.ts',
      'duty/livenessAnswer.ts',
      'duty/livenessDuty.ts',
      'duty/ownTransactions.ts',
      'duty/readyAttempt.ts',
      'duty/registration.ts',
      'duty/reviewDuty.ts',
      'epochRunner.ts',
      'keySigner.ts',
      'ownCommands.ts',
      'service.ts',
      'sharing/sharingDuty.ts',
      'stakeRestartDesk.ts',
    ])
  })

  it('gives keys while they are unlocked and nothing stands against it', () => {
    const { signer } = spiedSigner(bls, 3)
    const mayAct = new MayAct(undefined)
    expect([mayAct.signer, mayAct.identity, mayAct.stopped].every((one) => one === undefined)).toBe(
      true,
    )
    mayAct.setSigner(signer)
    expect(mayAct.signer).toBe(signer)
    mayAct.stop('FORK')
    expect([mayAct.signer, mayAct.stopped]).toEqual([undefined, 'FORK'])
    expect(mayAct.identity).toBe(signer.identity)
    // Other keys change nothing about what this chain is.
    mayAct.setSigner(undefined)
    mayAct.setSigner(signer)
    expect(mayAct.signer).toBeUndefined()
  })
})

/** A node that alone is up of four, with its keys spied on; nothing becomes final. */
async function alone(): Promise<{ readonly node: Node; readonly spied: SpiedSigner }> {
  net = new TestNodes(60_000)
  const { node } = await net.open(0)
  const spied = spiedSigner(bls, 0)
  await node.setSigner(spied.signer)
  return { node, spied }
}

/** On a checkpoint whose set names the node; where `due`, ML-DSA-87 of its own is due as well. */
async function castBy(node: Node, meanwhile?: () => void, due = false): Promise<CheckpointBallot> {
  const { identity } = node.mayAct
  const made = await node.mayAct.signer?.createEpochKey()
  if (identity === undefined || made === undefined) throw new Error('the node has keys')
  const postQuantumKeyHash = keyHash(made.postQuantum().publicKey)
  const own = {
    ...testVoter(1, 1_000n),
    account: identity,
    key: made.publicKey,
    postQuantumKeyHash,
  }
  const set = setOf([own, ...upTo(3).map((id) => testVoter(id + 2, 100n))])
  const content = testContent(3, set)
  const env = { chainId: node.chain.chainId, set, bls }
  const layout = { subnets: 64, subnetAggregators: 8 }
  const seed = { beacon: new Uint8Array(32), number: 3 }
  const named = setOf([own])
  const ballot = new CheckpointBallot(env, content, {
    due: due ? { named, seed } : undefined,
    layout,
  })
  const casting = new OwnVotes(node).castIn(ballot)
  meanwhile?.()
  await casting
  return ballot
}

describe('FORK-1, RECOVER-1 each duty asks', () => {
  const stop = (node: Node): void => {
    node.mayAct.stop('RESTART_PASSED')
  }

  it('a lease of checkpoint keys, and again after its key was made', async () => {
    const { node, spied } = await alone()
    const lease = new CheckpointLease(node)
    const looking = lease.look()
    stop(node)
    await looking
    await new CheckpointLease(node).look()
    expect(spied.signed).toEqual([])
    net = undefined
    await node.stop()
    const other = await alone()
    await new CheckpointLease(other.node).look()
    expect(other.spied.signed).toEqual(['identity'])
  })

  it('a vote on a checkpoint, with ML-DSA-87 where due, and again before it is made', async () => {
    const { node, spied } = await alone()
    const voted = await castBy(node, undefined, true)
    expect(spied.signed).toEqual(['ml-dsa', 'epoch key'])
    expect(voted.heldVotes).not.toEqual(new Uint8Array(1))
    spied.signed.length = 0
    await castBy(node, () => stop(node), true)
    expect(spied.signed).toEqual([])
  })

  it.each([false, true])(
    'a report for a restart by stake (is it passed: %s)',
    async (isPassed) => {
      const { signer, signed } = spiedSigner(bls, 1, [checkpointSecret(1)])
      const prepare = (store: Store): Promise<void> =>
        isPassed ? notePassed(store, restartableEpoch) : Promise.resolve()
      const { node, peer, clock } = await standingNode({ signer, prepare })
      closing.push(() => node.stop())
      const reportsNow = async (): Promise<number> => {
        const { boundaryMs } = readSingle(node.chain.tip.state, epochRecord)
        const attempt = attemptAt(boundaryMs, clock.nowMs(), { restartAfterMs: 1_000 })
        const bytes = RestartRequest.encode({ epoch: restartableEpoch, attempt })
        const answer = await peer.request(node.transport.self, 'restart', bytes, {
          timeoutMs: 1_000,
        })
        return answer.ok ? RestartResponse.decode(answer.value).reports.length : 0
      }
      let heard = 0
      const endMs = Date.now() + (isPassed ? 3_000 : 20_000)
      while (heard === 0 && Date.now() < endMs) {
        heard = await reportsNow()
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
      expect(heard).toBe(isPassed ? 0 : 1)
      if (isPassed) expect(signed).toEqual([])
    },
    60_000,
  )

  it('a seat, the beacon, an absence, a payment, a challenge: nothing after FORK', async () => {
    const nodes = new TestNodes(9_000)
    net = nodes
    await Promise.all([0, 1, 2].map((index) => nodes.start(index)))
    const { node } = await nodes.open(3)
    const spied = spiedSigner(bls, 3)
    const keys = nodes.keys[3]!
    const own = new NodeService({
      node,
      clock: nodeClock,
      random: nodeRandom,
      prover: noProver,
      createSigner: () => Promise.resolve(spied.signer),
      faucet: undefined,
    })
    service = own
    await own.start()
    const seeds = { identitySeed: keys.seed, vrfSeed: keys.seed, networkSeed: keys.seed }
    await own.command({ type: 'unlock', keys: { ...seeds, proofSecret: new Uint8Array(32) } })
    // Its seat votes and deals, and its lease is taken.
    await until(() => ['identity', 'epoch key'].every((what) => spied.signed.includes(what)))
    node.mayAct.stop('FORK')
    await node.setSigner(spied.signer)
    spied.signed.length = 0
    const { epoch } = node.chain
    const heightThen = node.chain.tip.height
    const recipient = '11'.repeat(32)
    expect(await own.command({ type: 'transfer', recipient, amountMicro: '1' })).toMatchObject({
      code: 'FORK',
    })
    expect(await own.command({ type: 'answerChallenge', epoch, windows: [] })).toMatchObject({
      ok: false,
    })
    expect(await own.command({ type: 'becomeValidator', consentVersion: 1 })).toMatchObject({
      code: 'FORK',
    })
    expect(await own.command({ type: 'consent', version: 0 })).toMatchObject({ code: 'FORK' })
    await own.command({ type: 'stepDown' })
    await own.command({ type: 'standReady' })
    await until(() => node.chain.epoch > epoch && node.chain.tip.height > heightThen + 5, 90_000)
    expect(spied.signed).toEqual([])
    expect(own.snapshot().duty).toEqual({ state: 'abstaining', reason: 'FORK' })
    // Nothing in the way of its owner: what it knows is shown, and its keys can be locked.
    expect(await own.command({ type: 'lock' })).toEqual({ ok: true })
  }, 180_000)
})
