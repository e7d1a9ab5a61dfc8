import { describe, expect, it } from 'vitest'
import { blsBlst } from '../../adapters/crypto/blsBlst.ts'
import {
  setOf,
  testContent,
  testEnv,
  testVoter,
  testVotes,
  upTo,
} from '../../core/checkpoint/testVoters.fixture.ts'
import { CheckpointResponse, type CheckpointVote } from '../../core/codec/checkpoint.ts'
import type { PeerId } from '../../ports/transport.ts'
import { CheckpointBallot, singlesMax } from '../checkpointBallot.ts'
import { straysMax, takeAnswer } from './takeAnswer.ts'

const set = setOf(upTo(12).map((id) => testVoter(id, 100n)))
const content = testContent(5, set)
const [first, second] = testVotes(testEnv(set), content, [0, 1])
const peer = 'peer1' as PeerId

function taken(answer: Partial<CheckpointResponse>) {
  const penalties: string[] = []
  let checks = 0
  const bls = {
    ...blsBlst,
    verify: (...question: Parameters<typeof blsBlst.verify>) => {
      checks += 1
      return blsBlst.verify(...question)
    },
  }
  const layout = { subnets: 1, subnetAggregators: 8 }
  const ballot = new CheckpointBallot({ ...testEnv(set), bls }, content, { due: undefined, layout })
  const transport = { penalise: (_: PeerId, reason: string) => penalties.push(reason) }
  const decoded = CheckpointResponse.decode(CheckpointResponse.encode(answer))
  takeAnswer(transport, ballot, { peer, answer: decoded })
  return { penalties, checks, has: (voter: number) => ballot.has(voter) }
}

describe('CKPT-1 what a peer answers about votes', () => {
  it('is taken where it holds', () => {
    const { penalties, has } = taken({ votes: [first!, second!] })
    expect([has(0), has(1), penalties]).toEqual([true, true, []])
  })

  it('costs the peer at the first vote that does not hold, and nothing after it is read', () => {
    const forged = { ...first!, voter: 2 }
    const { penalties, checks, has } = taken({ votes: [forged, first!, second!] })
    expect([penalties, checks, has(0)]).toEqual([['CHECKPOINT_VOTE_INVALID'], 1, false])
  })

  it('of other sets is looked at a few times, without a price', () => {
    const stray = (voter: number): CheckpointVote => ({
      ...first!,
      voter,
      content: { ...content, height: 1 },
    })
    const { penalties, checks } = taken({ votes: upTo(12).map(stray) })
    expect([penalties, checks]).toEqual([[], straysMax])
  })

  it('and is longer than anybody asked for: none of it', () => {
    const votes = Array.from({ length: 2 * singlesMax + 1 }, () => first!)
    const { penalties, checks } = taken({ votes })
    expect([penalties, checks]).toEqual([['CHECKPOINT_VOTE_INVALID'], 0])
  })
})
