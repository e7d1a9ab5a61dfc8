/** A proposal of the bench with another header, signed by the leader of that header's view. */
import { Header, VoteKind, type Proposal } from '../../src/core/codec/chain.ts'
import { messageOf } from '../../src/core/bft/signing.ts'
import { hash } from '../../src/core/crypto/hash.ts'
import type { Bench } from './bench4.ts'

export interface Made {
  readonly proposal: Proposal
  readonly hash: Uint8Array
}

export function resigned(bench: Bench, made: Made, change: Partial<Header>): Made {
  const fields = { ...Header.decode(made.proposal.header), ...change }
  const header = Header.encode(fields)
  const block = hash('header', header)
  const leader = bench.envs[(fields.view + 3) % 4]
  if (leader?.own === undefined) throw new Error('four seats')
  const { view } = fields
  const signature = leader.own.sign(messageOf(leader, { kind: VoteKind.PROPOSE, view, block }))
  return { proposal: { ...made.proposal, header, signature }, hash: block }
}
