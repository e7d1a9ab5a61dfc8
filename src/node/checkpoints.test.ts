import { afterEach, describe, expect, it } from 'vitest'
import { blsBlst as bls } from '../adapters/crypto/blsBlst.ts'
import { unwrap } from '../../test/support/unwrap.ts'
import { equalBytes, hex } from '../core/base/bytes.ts'
import { anchorCheckpoint } from '../core/checkpoint/held.ts'
import { verifyCheckpoint } from '../core/checkpoint/verifyCheckpoint.ts'
import { castVote } from '../core/checkpoint/vote.ts'
import { readVoterSet, type VoterSet } from '../core/checkpoint/voterSet.ts'
import {
  CheckpointRequest,
  CheckpointResponse,
  type CheckpointContent,
  type CheckpointRecord,
} from '../core/codec/checkpoint.ts'
import { votingSet } from '../core/ledger/checkpoints.ts'
import { read, readSingle } from '../core/ledger/state.ts'
import { checkpointRecord, doubleVoteMarks, parameters } from '../core/ledger/tables.ts'
import { validatorOf } from '../core/ledger/validators.ts'
import type { Params } from '../core/params.ts'
import type { Transport } from '../ports/transport.ts'
import { CheckpointLease } from './duty/checkpointLease.ts'
import { TestNodes, troublesOf, until, type Running } from './testNodes.fixture.ts'

let net: TestNodes
afterEach(() => Promise.all(net.running.map(({ node }) => node.stop())))

/** Four nodes that keep their leases as a duty cycle does. */
async function started(change: Partial<Params> = {}): Promise<Running> {
  net = new TestNodes(3_000, { checkpointEpochs: 2, ...change })
  for (const index of [0, 1, 2, 3]) {
    const { node } = await net.start(index)
    const lease = new CheckpointLease(node)
    node.events.on((event) => {
      if (event.type === 'final') void lease.look()
    })
  }
  return net.running[0]!
}

const recordOf = ({ node }: Running): CheckpointRecord =>
  readSingle(node.chain.tip.state, checkpointRecord)

/** In the order in which they formed. */
const formedBy = ({ events }: Running): readonly CheckpointContent[] =>
  events.flatMap((event) => (event.type === 'checkpoint' ? [event.content] : []))

async function ask(transport: Transport, change: Partial<CheckpointRequest>) {
  const bytes = CheckpointRequest.encode(change)
  const { self } = net.running[0]!.node.transport
  const answer = await transport.request(self, 'checkpoint', bytes, { timeoutMs: 5_000 })
  return CheckpointResponse.decode(unwrap(answer))
}

/** What a client that holds only `anchor` takes from node 0. */
async function follow(anchor: CheckpointContent, held: VoterSet | undefined) {
  const shown = await ask(net.network.attach('client'), { above: anchor.number })
  const named = held ?? unwrap(readVoterSet(shown.named, anchor.nextVotersRoot))
  const params = readSingle(net.running[0]!.node.chain.tip.state, parameters)
  const trusted = anchorCheckpoint(net.genesis.chainId, anchor)
  const options = { params, bls }
  const bytes = shown.checkpoint
  return verifyCheckpoint(trusted, { bytes, named, postQuantumNamed: named }, options)
}

describe('CKPT-1 nodes form checkpoints', () => {
  it('with one of four offline, and a client takes them', async () => {
    const first = await started()
    await until(() => formedBy(first).length === 1, 90_000)
    const [anchor] = formedBy(first)
    await net.stop(3)
    await until(() => formedBy(first).length === 2, 90_000)
    const next = unwrap(await follow(anchor!, undefined))
    expect(next.content).toEqual(formedBy(first)[1])
    expect(recordOf(first).formedVoters).not.toEqual(Uint8Array.of(0x0f))
    expect(troublesOf(net.running.slice(0, 3))).toEqual([])
  }, 150_000)

  it('with ML-DSA-87 when that is due', async () => {
    const first = await started({ postQuantumBlocks: 1 })
    await until(() => formedBy(first).length === 2, 90_000)
    const [anchor, second] = formedBy(first)
    const next = unwrap(await follow(anchor!, undefined))
    expect(next.postQuantum).toEqual(second)
    expect(troublesOf(net.running)).toEqual([])
  }, 150_000)

  it('E11: who signs another content for a number loses stake, and is jailed', async () => {
    const first = await started()
    const { account } = net.keys[3]!
    const forger = net.running[3]!
    // A peer that answers every question about votes with another vote of node 3. A slow machine
    // may leave a number behind before anybody asks it, so it does so for every one.
    const forged = new Set<number>()
    net.network.attach('forger').onRequest('checkpoint', async (_peer, bytes) => {
      const { votesOn } = CheckpointRequest.decode(bytes)
      const honest = recordOf(forger).content
      const set = votingSet(forger.node.chain.tip.state)
      if (honest?.number !== votesOn || set === undefined) return new Uint8Array(0)
      forged.add(votesOn)
      const voter = set.voters.findIndex((entry) => equalBytes(entry.account, account))
      const key = unwrap(await forger.node.mayAct.signer!.openEpochKey(hex(set.voters[voter]!.key)))
      const content = { ...honest, stateRoot: new Uint8Array(32) }
      const env = { chainId: net.genesis.chainId, set, bls }
      const vote = castVote(env, content, { voter, sign: (message) => key.sign(message) })
      return CheckpointResponse.encode({ votes: [vote] })
    })
    const isMarked = (number: number): boolean =>
      read(first.node.chain.tip.state, doubleVoteMarks, { account, number }) !== undefined
    await until(() => [...forged].some(isMarked), 220_000)
    const validator = validatorOf(first.node.chain.tip.state, account)!
    expect(validator.jailedUntilEpoch).toBeGreaterThan(0)
  }, 240_000)
})
