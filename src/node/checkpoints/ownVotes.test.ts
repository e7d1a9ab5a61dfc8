import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { blsBlst as bls } from '../../adapters/crypto/blsBlst.ts'
import { openFileStore } from '../../adapters/node/fileStore.ts'
import { nodeRandom } from '../../adapters/node/random.ts'
import { postQuantumKeyHash } from '../../core/checkpoint/message.ts'
import { setOf, testContent, testVoter, upTo } from '../../core/checkpoint/testVoters.fixture.ts'
import type { VoterSet } from '../../core/checkpoint/voterSet.ts'
import type { Signer } from '../../ports/signer.ts'
import { StoreFailure, type Store } from '../../ports/store.ts'
import { CheckpointBallot } from '../checkpointBallot.ts'
import { createKeySigner } from '../keySigner.ts'
import { MayAct } from '../mayAct.ts'
import { OwnVotes } from './ownVotes.ts'

const seed = (byte: number): Uint8Array => new Uint8Array(32).fill(byte)
const number = 3

let folder: string
let store: Store
afterEach(async () => {
  await store.close()
  await rm(folder, { recursive: true })
})

function signerOn(opened: Store): Signer {
  const keys = {
    identitySeed: seed(1),
    vrfSeed: seed(2),
    networkSeed: seed(3),
    proofSecret: seed(4),
  }
  return createKeySigner({ keys, store: opened, bls, random: nodeRandom })
}

/** A set that names a validator with a fresh key in a store of files, and three others. */
async function started(): Promise<{ readonly set: VoterSet; readonly alone: VoterSet }> {
  folder = await mkdtemp(join(tmpdir(), 'own-votes-'))
  store = await openFileStore(folder)
  const signer = signerOn(store)
  const { publicKey: key, postQuantum } = await signer.createEpochKey()
  const keyHash = postQuantumKeyHash(postQuantum().publicKey)
  const own = { account: signer.identity, key, postQuantumKeyHash: keyHash, stakeMicro: 1_000n }
  return { set: setOf([own, ...upTo(3).map((id) => testVoter(id + 2, 100n))]), alone: setOf([own]) }
}

/** The next process: what was not durable is gone. */
async function reopened(): Promise<void> {
  await store.close()
  store = await openFileStore(folder)
}

function votesOn(on: Store, mayVoteOn: () => boolean = () => true): OwnVotes {
  return new OwnVotes({ mayAct: new MayAct(signerOn(on)), chain: { store: on, mayVoteOn } })
}

const layout = { subnets: 64, subnetAggregators: 8 }

/** `turn` makes another content of the same number; of `due` ML-DSA-87 is due as well. */
function ballotOf(set: VoterSet, turn: number, due?: VoterSet): CheckpointBallot {
  const content = testContent(number, set, { stateRoot: seed(turn) })
  const named = due && { named: due, seed: { beacon: seed(9), number } }
  return new CheckpointBallot({ chainId: 'own-votes', set, bls }, content, { due: named, layout })
}

const signatures = (ballot: CheckpointBallot): readonly number[] => [
  ballot.env.set.voters.filter((_, voter) => ballot.has(voter)).length,
  ballot.postQuantum.signatures.length,
]

/** Takes a write of the safety record as this says. */
function failing(how: (write: () => Promise<void>) => Promise<void>): Store {
  return { ...store, writeSafety: (write) => how(() => store.writeSafety(write)) }
}

const broken = (): Promise<void> =>
  Promise.reject(new StoreFailure({ code: 'STORAGE_UNAVAILABLE', reason: 'unplugged' }))

describe('BFT-10, CKPT-1 a checkpoint key signs one content for a number (E11)', () => {
  it('of calls at once, in this process and the next', async () => {
    const { set } = await started()
    const ballots = upTo(6).map((turn) => ballotOf(set, turn))
    const [one, other] = [votesOn(store), votesOn(store)]
    await Promise.all(ballots.map((ballot, at) => (at % 2 === 0 ? one : other).castIn(ballot)))
    const cast = ballots.filter((ballot) => signatures(ballot)[0] === 1)
    expect(cast).toHaveLength(1)
    await reopened()
    const again = upTo(6).map((turn) => ballotOf(set, turn))
    const after = votesOn(store)
    await Promise.all(again.map((ballot) => after.castIn(ballot)))
    expect(again.map(signatures)).toEqual(ballots.map(signatures))
  })

  it('in ML-DSA-87 as well, and what that signed binds the vote', async () => {
    const { set, alone } = await started()
    const [first, second] = [ballotOf(set, 1, alone), ballotOf(set, 2, alone)]
    await Promise.all([votesOn(store).castIn(first), votesOn(store).castIn(second)])
    const both = [signatures(first), signatures(second)]
    expect(both.toSorted()).toEqual([
      [0, 0],
      [1, 1],
    ])
    await reopened()
    const late = ballotOf(set, 3, alone)
    await votesOn(store).castIn(late)
    expect(signatures(late)).toEqual([0, 0])
  })

  it('for one set: the same content by another set is another message', async () => {
    const { set } = await started()
    const wider = setOf([...set.voters, testVoter(9, 100n)])
    const [first, second] = [ballotOf(set, 1), ballotOf(wider, 1)]
    const contents = new CheckpointBallot(second.env, first.content, { due: undefined, layout })
    const votes = votesOn(store)
    await votes.castIn(first)
    await votes.castIn(contents)
    expect([signatures(first), signatures(contents)]).toEqual([
      [1, 0],
      [0, 0],
    ])
  })
})

describe('BFT-10, CKPT-1 nothing is signed that is not durable', () => {
  it('when the record is not written: the next process may choose anew', async () => {
    const { set, alone } = await started()
    const ballot = ballotOf(set, 1, alone)
    await expect(votesOn(failing(broken)).castIn(ballot)).rejects.toThrow('STORAGE_UNAVAILABLE')
    expect(signatures(ballot)).toEqual([0, 0])
    await reopened()
    const next = ballotOf(set, 2, alone)
    await votesOn(store).castIn(next)
    expect(signatures(next)).toEqual([1, 1])
  })

  it('when it is written and the answer is lost: that one is signed, and no other', async () => {
    const { set } = await started()
    const ballot = ballotOf(set, 1)
    const lossy = failing(async (write) => {
      await write()
      await broken()
    })
    await expect(votesOn(lossy).castIn(ballot)).rejects.toThrow('STORAGE_UNAVAILABLE')
    expect(signatures(ballot)).toEqual([0, 0])
    await reopened()
    const other = ballotOf(set, 2)
    await votesOn(store).castIn(other)
    await votesOn(store).castIn(ballot)
    expect([signatures(other), signatures(ballot)]).toEqual([
      [0, 0],
      [1, 0],
    ])
  })

  it('RECOVER-1 nor when a restart is signed while it is written', async () => {
    const { set } = await started()
    let isRestarted = false
    const slow = failing(async (write) => {
      await write()
      isRestarted = true
    })
    const ballot = ballotOf(set, 1)
    await votesOn(slow, () => !isRestarted).castIn(ballot)
    expect(signatures(ballot)).toEqual([0, 0])
  })
})
