import { afterEach, describe, expect, it } from 'vitest'
import { blsBlst as bls } from '../adapters/crypto/blsBlst.ts'
import { openMemoryStore } from '../adapters/storage/memoryStore.ts'
import { setOf, testContent, testVoter, upTo } from '../core/checkpoint/testVoters.fixture.ts'
import { RestartRecord } from '../core/codec/restart.ts'
import { CheckpointBallot } from './checkpointBallot.ts'
import { OwnVotes } from './checkpoints/ownVotes.ts'
import type { Node } from './node.ts'
import { TestNodes } from './testNodes.fixture.ts'

const checkpointEpochs = 2
const signedEpoch = 9

let net: TestNodes
afterEach(() => Promise.all(net.running.map(({ node }) => node.stop())))

/** A node whose device signed for attempt 1 of that epoch, in a process before this one. */
async function started(isSigned: boolean): Promise<Node> {
  net = new TestNodes(3_000, { checkpointEpochs })
  const record = { epoch: signedEpoch, attempt: 1, payload: new Uint8Array(32) }
  const store = openMemoryStore(net.disks[0])
  if (isSigned) await store.putValue('restart/signed', RestartRecord.encode(record))
  return (await net.start(0)).node
}

/** Whether it votes on the checkpoint of that epoch, as its desk has it vote. */
async function votesOn(node: Node, epoch: number): Promise<boolean> {
  const { signer } = node.mayAct
  if (signer === undefined) throw new Error('the node has keys')
  const { publicKey: key } = await signer.createEpochKey()
  const own = { ...testVoter(1, 100n), account: signer.identity, key }
  const set = setOf([own, ...upTo(3).map((id) => testVoter(id + 2, 100n))])
  const content = { ...testContent(epoch, set), epoch }
  const env = { chainId: node.chain.chainId, set, bls }
  const layout = { subnets: 64, subnetAggregators: 8 }
  const ballot = new CheckpointBallot(env, content, { due: undefined, layout })
  const votes = new OwnVotes(node)
  await votes.castIn(ballot)
  const voter = votes.placeIn(set)
  if (voter === undefined) throw new Error('the set names the node')
  return ballot.has(voter)
}

describe('RECOVER-1, CKPT-1 a voter that signed for a restart which brought nothing', () => {
  it('votes on no checkpoint from that epoch on, in another process too', async () => {
    const node = await started(true)
    expect(await votesOn(node, signedEpoch - 1)).toBe(true)
    expect(await votesOn(node, signedEpoch)).toBe(false)
    expect(await votesOn(node, signedEpoch + 2 * checkpointEpochs - 1)).toBe(false)
  }, 120_000)

  it('votes again two checkpoints later, and is not silent for good', async () => {
    const node = await started(true)
    expect(await votesOn(node, signedEpoch + 2 * checkpointEpochs)).toBe(true)
  }, 120_000)

  it('who signed for none votes as always', async () => {
    const node = await started(false)
    expect(await votesOn(node, signedEpoch)).toBe(true)
  }, 120_000)
})
