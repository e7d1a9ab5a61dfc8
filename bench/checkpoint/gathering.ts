/**
 * What one node pays for the votes of a whole set (CKPT-1), by the ballot that nodes run: every
 * vote one by one, or its part in its subnet and the aggregates of all. The keys are decoded before
 * and the own vote is signed before, in both cases. Bytes are those of the messages, each once:
 * GossipSub brings copies of an aggregate from several neighbours.
 */
import { bitmapOf } from '../../src/core/base/bitmap.ts'
import { checkpointProtocol, type SubnetLayout } from '../../src/core/checkpoint/parameters.ts'
import {
  CheckpointRequest,
  CheckpointResponse,
  SubnetAggregate,
  type CheckpointVote,
} from '../../src/core/codec/checkpoint.ts'
import { decodeStrict } from '../../src/core/codec/strict.ts'
import type { BlsBackend } from '../../src/core/crypto/bls.ts'
import { CheckpointBallot } from '../../src/node/checkpointBallot.ts'
import { chainId, votesIn, type World } from './world.ts'

export interface GatheringRow {
  readonly name: string
  readonly bytesIn: number
  readonly bytesOut: number
  readonly cpuMs: number
}

const oneSubnet: SubnetLayout = { subnets: 1, subnetAggregators: 8 }
const votesEach = 256
const sizeBytesMax = 4 * 1024 * 1024

export function measureGathering(world: World, bls: BlsBackend): readonly GatheringRow[] {
  for (const { key } of world.set.voters) bls.isPublicKeyValid(key)
  const votes = votesIn(world)
  const pages = Array.from({ length: Math.ceil(votes.length / votesEach) }, (_, page) =>
    CheckpointResponse.encode({ votes: votes.slice(page * votesEach, (page + 1) * votesEach) }),
  )
  const plan = ballotOf(world, bls, checkpointProtocol, votes).plan
  const aggregates = plan.members.map((members, subnet) => {
    const ballot = ballotOf(world, bls, checkpointProtocol, votes)
    for (const voter of members) take(ballot, votes[voter])
    const aggregate = ballot.aggregateOf(subnet)
    if (aggregate === undefined) throw new Error('a subnet has no aggregate')
    return SubnetAggregate.encode(aggregate)
  })
  const aggregatorOf = plan.aggregatorsOf(0)[0] ?? 0
  const voter = plan.members[0]?.find((one) => !plan.aggregatorsOf(0).includes(one)) ?? 0
  return [
    singles(world, bls, { votes, pages }),
    inSubnet(world, bls, { name: 'voter in a subnet', votes, aggregates, own: voter }),
    inSubnet(world, bls, { name: 'aggregator', votes, aggregates, own: aggregatorOf }),
  ].map((row) => ({ ...row, name: `${row.name}, ${bls.name}` }))
}

/** As in a network with one subnet. */
function singles(
  world: World,
  bls: BlsBackend,
  { votes, pages }: { readonly votes: readonly CheckpointVote[]; readonly pages: Uint8Array[] },
): GatheringRow {
  let bytesOut = 0
  const cpuMs = processorMs(() => {
    const ballot = ballotOf(world, bls, oneSubnet, votes)
    for (const page of pages) {
      bytesOut += CheckpointRequest.encode({
        votesOn: ballot.content.number,
        heldVotes: ballot.heldVotes,
        singlesOf: bitmapOf(1, [0]),
      }).length
      const read = decodeStrict(CheckpointResponse, page, sizeBytesMax)
      if (!read.ok) throw new Error(read.error.code)
      for (const vote of read.value.votes) take(ballot, vote)
    }
    certify(ballot)
  })
  return { name: 'every vote', bytesIn: sum(pages), bytesOut, cpuMs }
}

function inSubnet(
  world: World,
  bls: BlsBackend,
  what: {
    readonly name: string
    readonly votes: readonly CheckpointVote[]
    readonly aggregates: readonly Uint8Array[]
    readonly own: number
  },
): GatheringRow {
  const { name, votes, aggregates, own } = what
  let [bytesIn, bytesOut] = [sum(aggregates), 0]
  const cpuMs = processorMs(() => {
    const ballot = ballotOf(world, bls, checkpointProtocol, votes)
    const { plan } = ballot
    const subnet = plan.subnetOf(own)
    const number = ballot.content.number
    const handed = (vote: CheckpointVote | undefined): Uint8Array =>
      CheckpointRequest.encode({ votesOn: number, ...(vote && { vote }) })
    if (plan.aggregatorsOf(subnet).includes(own)) {
      for (const voter of plan.members[subnet] ?? []) {
        const bytes = handed(votes[voter])
        if (voter !== own) bytesIn += bytes.length
        take(ballot, CheckpointRequest.decode(bytes).vote)
      }
      const aggregate = ballot.aggregateOf(subnet)
      bytesOut += SubnetAggregate.encode(aggregate ?? {}).length
    } else {
      take(ballot, votes[own])
      bytesOut += 2 * handed(votes[own]).length
    }
    for (const [at, bytes] of aggregates.entries()) {
      // Whose word it may be is drawn for each subnet.
      plan.aggregatorsOf(at)
      const read = decodeStrict(SubnetAggregate, bytes, sizeBytesMax)
      if (!read.ok || ballot.addAggregate(read.value) !== 'kept') throw new Error('not taken')
    }
    certify(ballot)
  })
  return { name, bytesIn, bytesOut, cpuMs }
}

function ballotOf(
  { set }: World,
  bls: BlsBackend,
  layout: SubnetLayout,
  [first]: readonly CheckpointVote[],
): CheckpointBallot {
  if (first?.content === undefined) throw new Error('nobody votes')
  return new CheckpointBallot({ chainId, set, bls }, first.content, { due: undefined, layout })
}

function take(ballot: CheckpointBallot, vote: CheckpointVote | undefined): void {
  if (vote === undefined || ballot.addVote(vote) !== 'kept') throw new Error('a vote is refused')
}

function certify(ballot: CheckpointBallot): void {
  if (ballot.aggregate() === undefined) throw new Error('no certificate')
}

function sum(parts: readonly Uint8Array[]): number {
  return parts.reduce((bytes, part) => bytes + part.length, 0)
}

function processorMs(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}
