/** The oracle is shown one broken invariant at a time and has to name it, and nothing else. */
import { describe, expect, it } from 'vitest'
import { Justification, Vote, VoteKind } from '../../src/core/codec/chain.ts'
import {
  certificateOf,
  first,
  headerOf,
  quiet,
  second,
  third,
  voteOf,
  type Block,
  type Story,
} from './story.fixture.ts'

const { VOTE, COMMIT, SKIP } = VoteKind
const skip = { view: 4, block: 0 }
/** Another block in the place of the third, and what would stand on the third. */
const other: Block = { ...third, block: 4 }
const fourth: Block = { view: 5, block: 5, height: 4, parent: 3, timeMs: 4000 }

interface Planted {
  readonly name: string
  /** More than the protocol bears, so that no honest seat has to contradict itself. */
  readonly byzantine?: readonly number[]
  readonly plant: (story: Story) => unknown
  readonly named: RegExp
}

const signed: readonly Planted[] = [
  {
    name: 'BFT-10: a VOTE before its record is durable',
    plant: (story) => story.sends(0, voteOf(VOTE, 0, third)),
    named: /^BFT-10: node 0 sent 2:0\.4:\w+ before it was durable$/,
  },
  {
    name: 'BFT-10: a record that holds the COMMIT of another block',
    plant: (story) => story.durable(0, voteOf(COMMIT, 0, other)).sends(0, voteOf(COMMIT, 0, third)),
    named: /^BFT-10: node 0 sent 3:0\.4:\w+ before it was durable$/,
  },
  {
    name: 'BFT-10: a SKIP that only another seat’s record holds',
    plant: (story) => story.durable(1, voteOf(SKIP, 0, skip)).sends(0, voteOf(SKIP, 0, skip)),
    named: /^BFT-10: node 0 sent 4:0\.4: before it was durable$/,
  },
  {
    name: 'BFT-10: a PROPOSE before its record is durable',
    plant: (story) => story.shows(3, headerOf(third)),
    named: /^BFT-10: node 3 sent 1:0\.4: before it was durable$/,
  },
  {
    name: 'two PROPOSEs in a view (E1)',
    plant: (story) => story.proposes(3, third).proposes(3, { ...third, timeMs: 3001 }),
    named: /^node 3 signed two of kind 1 at 0\.4$/,
  },
  {
    name: 'BFT-3: two VOTEs in a view (E2)',
    plant: (story) => story.votes(VOTE, third, [0]).votes(VOTE, other, [0]),
    named: /^node 0 signed two of kind 2 at 0\.4$/,
  },
  {
    name: 'two COMMITs in a view (E3)',
    plant: (story) => story.votes(COMMIT, third, [0]).votes(COMMIT, other, [0]),
    named: /^node 0 signed two of kind 3 at 0\.4$/,
  },
  {
    name: 'BFT-5: SKIP after COMMIT (E4)',
    plant: (story) => story.votes(COMMIT, third, [0]).votes(SKIP, skip, [0]),
    named: /^BFT-5: node 0 sent COMMIT and SKIP at 0\.4$/,
  },
  {
    name: 'BFT-5: COMMIT after SKIP (E4)',
    plant: (story) => story.votes(SKIP, skip, [0]).votes(COMMIT, third, [0]),
    named: /^BFT-5: node 0 sent COMMIT and SKIP at 0\.4$/,
  },
  {
    name: 'a vote in the name of another seat',
    plant: (story) => story.durable(0, voteOf(VOTE, 1, third)).sends(0, voteOf(VOTE, 1, third)),
    named: /^node 0 sent a vote of another seat$/,
  },
]

const certified: readonly Planted[] = [
  {
    name: 'BFT-11: a certificate of less than a quorum',
    plant: (story) => story.votes(VOTE, third, [0, 1]).certifies(VOTE, third, { signers: [0, 1] }),
    named: /^an honest node sent a certificate without quorum at 0\.4$/,
  },
  {
    name: 'BFT-11: seats beyond the committee count for nothing',
    plant: (story) => story.votes(SKIP, skip).certifies(SKIP, skip, { signers: [0, 1, 4, 5] }),
    named: /^an honest node sent a certificate without quorum at 0\.4$/,
  },
  {
    name: 'a certificate that names who did not vote',
    plant: (story) => story.votes(VOTE, third, [0, 1]).certifies(VOTE, third),
    named: /^a certificate at 0\.4 forges node 2$/,
  },
  {
    name: 'a certificate that names who voted for another block',
    plant: (story) =>
      story.votes(VOTE, third, [0, 1]).votes(VOTE, other, [2]).certifies(VOTE, third),
    named: /^a certificate at 0\.4 forges node 2$/,
  },
  {
    name: 'two QCs in a view',
    byzantine: [0, 1],
    plant: (story) =>
      story
        .votes(VOTE, third, [2])
        .votes(VOTE, other, [3])
        .certifies(VOTE, third, { by: 2 })
        .certifies(VOTE, other, { by: 3, signers: [0, 1, 3] }),
    named: /^two quorums at 0\.4$/,
  },
  {
    name: 'two FCs in a view',
    byzantine: [0, 1],
    plant: (story) =>
      story
        .votes(VOTE, third, [2])
        .votes(VOTE, other, [3])
        .votes(COMMIT, third, [2])
        .votes(COMMIT, other, [3])
        .certifies(COMMIT, third, { by: 2 })
        .certifies(COMMIT, other, { by: 3, signers: [0, 1, 3] }),
    named: /^two quorums at 0\.4$/,
  },
  {
    name: 'FC and NC of one view',
    byzantine: [0, 1],
    plant: (story) =>
      story
        .votes(VOTE, third, [2])
        .votes(COMMIT, third, [2])
        .votes(SKIP, skip, [3])
        .certifies(SKIP, skip, { by: 3, signers: [0, 1, 3] })
        .certifies(COMMIT, third, { by: 2 }),
    named: /^FC and NC at 0\.4$/,
  },
  {
    name: 'FC without QC',
    plant: (story) =>
      story.votes(VOTE, third, [0, 1]).votes(COMMIT, third).certifies(COMMIT, third),
    named: /^FC without QC in view 0\.4: power 2 voted$/,
  },
]

const chained: readonly Planted[] = [
  {
    name: 'agreement: two final blocks at one height',
    byzantine: [0, 1],
    plant: (story) =>
      story
        .votes(VOTE, third, [2])
        .votes(COMMIT, third, [2])
        .finalises(third, [2])
        .votes(VOTE, { ...other, view: 5 }, [3])
        .votes(COMMIT, { ...other, view: 5 }, [3])
        .finalises(other, [3], certificateOf(COMMIT, { view: 5, block: 4 }, [0, 1, 3])),
    named: /^agreement: two final blocks at height 3$/,
  },
  {
    name: 'a height that a node finalises twice',
    plant: (story) => story.finalises(second, [0]),
    named: /^node 0 finalised 2 after 2$/,
  },
  {
    name: 'a height that a node leaves out',
    plant: (story) =>
      story
        .agrees(third)
        .commits(fourth)
        .finalises({ ...fourth, height: 5 }, [0]),
    named: /^node 0 finalised 5 after 3$/,
  },
  {
    name: 'BFT-7: a block that a QC alone makes final',
    plant: (story) => story.votes(VOTE, third).finalises(third, [0], certificateOf(VOTE, third)),
    named: /^node 0 finalised without FC$/,
  },
  {
    name: 'an ancestor of an FC without QC',
    plant: (story) => {
      const above = certificateOf(COMMIT, fourth)
      return story.commits(fourth).finalises(third, [0], above).finalises(fourth, [0], above)
    },
    named: /^FC without QC in view 0\.4: power 0 voted$/,
  },
  {
    name: 'a view that the chain leaves out without NC',
    plant: (story) => story.skips(4).agrees({ ...third, view: 6 }),
    named: /^view 5 was left out without NC below height 3$/,
  },
  {
    name: 'a parent that is not the block below',
    plant: (story) => story.agrees({ ...third, parent: 1 }),
    named: /^the final chain breaks at height 3$/,
  },
  {
    name: 'TIME-1: a time that is not above the parent’s',
    plant: (story) => story.agrees({ ...third, timeMs: second.timeMs }),
    named: /^time is not monotone at height 3$/,
  },
  {
    name: 'a view that is not above the parent’s',
    byzantine: [0, 1, 2],
    plant: (story) =>
      story.finalises({ ...third, view: 2 }, [3], certificateOf(COMMIT, { view: 4, block: 3 })),
    named: /^views run back at height 3$/,
  },
  {
    name: 'EPOCH-2: an epoch that starts from another block than the boundary',
    plant: (story) => story.agrees({ ...third, epoch: 1, view: 1, parent: 1 }),
    named: /^the final chain breaks at height 3$/,
  },
  {
    name: 'EPOCH-2: an epoch that follows a later one',
    byzantine: [0, 1, 2],
    plant: (story) => {
      const next = { ...third, epoch: 1, view: 1 }
      const back = certificateOf(COMMIT, { view: 5, block: 5 })
      return story.finalises(next, [3]).finalises({ ...fourth, view: 1 }, [3], back)
    },
    named: /^epochs run back at height 4$/,
  },
]

const accused: readonly Planted[] = [
  {
    name: 'evidence that names an honest seat',
    plant: ({ oracle }) => {
      oracle.evidence(2, 'E2_DOUBLE_VOTE')
    },
    named: /^E2_DOUBLE_VOTE against honest node 2$/,
  },
  {
    name: 'evidence that shows nothing wrong (E5)',
    plant: ({ oracle }) => {
      const vote = Vote.encode(voteOf(VoteKind.PROPOSE, 2, second))
      const skips = [certificateOf(SKIP, { view: 2, block: 0 })]
      const parent = certificateOf(VOTE, first)
      const justification = Justification.encode({ parent, path: [], skips })
      const shown = { header: headerOf(second), justification, parentHeader: new Uint8Array(0) }
      oracle.shown('E5_MALFORMED_PROPOSAL', vote, shown)
    },
    named: /^E5_MALFORMED_PROPOSAL in view 3 shows nothing wrong$/,
  },
  {
    name: 'FORK-1: an alarm that names an honest seat',
    plant: ({ oracle }) => {
      oracle.alarm(0, { code: 'FORK', view: 3 }, [1])
    },
    named: /^an alarm names honest node 1$/,
  },
]

describe('the oracle', () => {
  it('finds nothing wrong with a quiet chain, nor with what goes on from it', () => {
    expect(quiet().violations()).toEqual([])
    expect(quiet().agrees(third).agrees(fourth).violations()).toEqual([])
    const next = { ...third, epoch: 1, view: 1 }
    expect(quiet().agrees(next).violations()).toEqual([])
  })

  it('does not judge what seats do that are Byzantine by the scenario', () => {
    const story = quiet([0])
      .sends(0, voteOf(VOTE, 0, third))
      .votes(VOTE, other, [0])
    story.votes(SKIP, skip, [0]).certifies(VOTE, third, { by: 0, signers: [0] })
    story.oracle.evidence(0, 'E2_DOUBLE_VOTE')
    expect(story.violations()).toEqual([])
    expect([...(story.oracle.convicted.get(0) ?? [])]).toEqual(['E2_DOUBLE_VOTE'])
  })

  it.each([...signed, ...certified, ...chained, ...accused])(
    '$name',
    ({ byzantine, plant, named }) => {
      const story = quiet(byzantine)
      plant(story)
      const violations = story.violations()
      expect(violations).toHaveLength(1)
      expect(violations[0]).toMatch(named)
    },
  )
})
