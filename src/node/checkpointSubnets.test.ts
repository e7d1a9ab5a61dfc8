import { afterEach, describe, expect, it } from 'vitest'
import { blsBlst as bls } from '../adapters/crypto/blsBlst.ts'
import { unwrap } from '../../test/support/unwrap.ts'
import { equalBytes, hex } from '../core/base/bytes.ts'
import { aggregateVotes } from '../core/checkpoint/aggregate.ts'
import { castVote } from '../core/checkpoint/vote.ts'
import { planSubnets, type SubnetPlan } from '../core/checkpoint/subnetPlan.ts'
import { writeSubnetAggregate } from '../core/checkpoint/subnetAggregate.ts'
import type { VoterSet } from '../core/checkpoint/voterSet.ts'
import {
  CheckpointRequest,
  CheckpointResponse,
  SubnetAggregate,
  type CheckpointContent,
} from '../core/codec/checkpoint.ts'
import { votingSet } from '../core/ledger/checkpoints.ts'
import { read, readSingle } from '../core/ledger/state.ts'
import { checkpointRecord, doubleVoteMarks } from '../core/ledger/tables.ts'
import { validatorOf } from '../core/ledger/validators.ts'
import type { Topic, Transport } from '../ports/transport.ts'
import type { GatheringPolicy } from './checkpoints/host.ts'
import { CheckpointLease } from './duty/checkpointLease.ts'
import { TestNodes, troublesOf, until, type Running } from './testNodes.fixture.ts'

const never = 1_000_000
let net: TestNodes
/** What node 0 could vote on, by number. */
const opens = new Map<number, Open>()
afterEach(() => Promise.all(net.running.map(({ node }) => node.stop())))

/** Four voters in two subnets. */
async function started(
  change: Partial<GatheringPolicy> = {},
  wrap: (transport: Transport) => Transport = (transport) => transport,
): Promise<Running> {
  net = new TestNodes(3_000, { checkpointEpochs: 3 })
  opens.clear()
  net.gathering = {
    subnets: 2,
    subnetAggregators: 2,
    firstTurnBlocks: 3,
    fallbackBlocks: never,
    ...change,
  }
  net.wrap = wrap
  for (const index of [0, 1, 2, 3]) {
    const { node } = await net.start(index)
    const lease = new CheckpointLease(node)
    node.events.on((event) => {
      if (event.type !== 'final') return
      void lease.look()
      const open = index === 0 ? openAt(net.running[0]!) : undefined
      if (open !== undefined) opens.set(open.content.number, open)
    })
  }
  return net.running[0]!
}

const formedBy = ({ events }: Running): readonly number[] =>
  events.flatMap((event) => (event.type === 'checkpoint' ? [event.content.number] : []))

interface Open {
  readonly set: VoterSet
  readonly content: CheckpointContent
  readonly plan: SubnetPlan
}

/** What that node may vote on now. */
function openAt({ node }: Running): Open | undefined {
  const { state } = node.chain.tip
  const { content, number, formed } = readSingle(state, checkpointRecord)
  const set = votingSet(state)
  if (content === undefined || set === undefined || formed?.number === number) return undefined
  const seed = { beacon: content.beacon, number }
  return { set, content, plan: planSubnets(set, seed, net.gathering!) }
}

/** The node of a voter. */
function nodeOf({ set }: Open, voter: number): Running {
  const { account } = set.voters[voter]!
  return net.running[net.keys.findIndex((keys) => equalBytes(keys.account, account))]!
}

/** Signed by all members of a subnet, on whatever is said. */
async function aggregateOf(open: Open, subnet: number, content: CheckpointContent) {
  const members = open.plan.members[subnet]!
  const env = { chainId: net.genesis.chainId, set: open.set, bls }
  const votes = await Promise.all(
    members.map(async (voter) => {
      const { signer } = nodeOf(open, voter).node.mayAct
      const key = unwrap(await signer!.openEpochKey(hex(open.set.voters[voter]!.key)))
      return castVote(env, content, { voter, sign: (message) => key.sign(message) })
    }),
  )
  const aggregate = unwrap(aggregateVotes(env, votes))
  return writeSubnetAggregate(env, members, { subnet, aggregate })
}

/** Says it for each number that is open, again and again, until it has led to something. */
async function attack(
  first: Running,
  bytesFor: (open: Open) => Promise<Uint8Array>,
  step: (open: Open, bytes: Uint8Array) => boolean,
): Promise<void> {
  const made = new Map<number, Uint8Array>()
  const endMs = Date.now() + 120_000
  for (;;) {
    if (Date.now() > endMs) throw new Error('it led to nothing')
    const open = openAt(first)
    if (open !== undefined) {
      const { number } = open.content
      const bytes = made.get(number) ?? (await bytesFor(open))
      made.set(number, bytes)
      if (step(open, bytes)) return
    }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

const isFiled = ({ node }: Running, mark: { account: Uint8Array; number: number }): boolean =>
  read(node.chain.tip.state, doubleVoteMarks, mark) !== undefined

const formedLater = (first: Running): boolean => formedBy(first).some((number) => number >= 2)

/** Each node is behind a relay of its own: votes reach it through that one alone. */
function behindRelays(transport: Transport): Transport {
  const relay = (peer: string): string =>
    `/dns4/${peer}.example/tcp/443/tls/ws/p2p/12D3${peer.replace('0', 'z')}`
  return {
    ...transport,
    addresses: () => [`${relay(transport.self)}/p2p-circuit/p2p/${transport.self}`],
    request: (peer, protocol, bytes, options) => {
      const isVote = protocol === 'checkpoint' && CheckpointRequest.decode(bytes).vote !== undefined
      const isReached = !isVote || options.via?.includes(relay(peer)) === true
      if (isReached) return transport.request(peer, protocol, bytes, options)
      return Promise.resolve({ ok: false, error: { code: 'PEER_UNREACHABLE', peer } })
    },
  }
}

describe('CKPT-1 votes stay in their subnet', () => {
  it('and reach aggregators that have no address, through relays that leases name', async () => {
    let handed = 0
    const first = await started({ subnetAggregators: 1 }, (transport) => {
      const behind = behindRelays(transport)
      return {
        ...behind,
        request: async (peer, protocol, bytes, options) => {
          const answer = await behind.request(peer, protocol, bytes, options)
          if (answer.ok && protocol === 'checkpoint') {
            if (CheckpointResponse.decode(answer.value).taken) handed += 1
          }
          return answer
        },
      }
    })
    await until(() => handed > 0 && formedLater(first), 120_000)
    expect(troublesOf(net.running)).toEqual([])
  }, 180_000)

  it('and only aggregates travel further: a number forms by them', async () => {
    const seen: { by: string; number: number; voter: number }[] = []
    let aggregates = 0
    const overhear = (transport: Transport): Transport => ({
      ...transport,
      publish: (topic: Topic, bytes) => {
        if (topic === 'checkpoint') aggregates += 1
        transport.publish(topic, bytes)
      },
      request: async (peer, protocol, bytes, options) => {
        const answer = await transport.request(peer, protocol, bytes, options)
        if (protocol !== 'checkpoint' || !answer.ok) return answer
        for (const { voter, content } of CheckpointResponse.decode(answer.value).votes) {
          if (content !== undefined) {
            seen.push({ by: transport.self, number: content.number, voter })
          }
        }
        return answer
      },
    })
    const first = await started({}, overhear)
    await until(() => formedLater(first), 120_000)
    const strayed = seen.filter(({ by, number, voter }) => {
      const { set, plan } = opens.get(number) ?? {}
      const { account } = net.keys[Number(by.slice(4))]!
      const place = set?.voters.findIndex((one) => equalBytes(one.account, account))
      return place === undefined || plan?.subnetOf(place) !== plan?.subnetOf(voter)
    })
    expect(strayed).toEqual([])
    expect(aggregates).toBeGreaterThanOrEqual(2)
    expect(net.network.penalties).toEqual([])
    expect(troublesOf(net.running)).toEqual([])
  }, 240_000)

  it('with an aggregator absent its fellow does it', async () => {
    const first = await started()
    await until(() => formedBy(first).includes(1), 120_000)
    await net.stop(3)
    await until(() => formedLater(first), 120_000)
    expect(troublesOf(net.running.slice(0, 3))).toEqual([])
  }, 240_000)

  it('with aggregators that send nothing on, single votes are asked for everywhere', async () => {
    const first = await started({ subnetAggregators: 1, fallbackBlocks: 2 }, (transport) => ({
      ...transport,
      publish: (topic, bytes) => {
        if (topic !== 'checkpoint') transport.publish(topic, bytes)
      },
      request: async (peer, protocol, bytes, options) => {
        const answer = await transport.request(peer, protocol, bytes, options)
        if (protocol !== 'checkpoint' || !answer.ok) return answer
        // Nor shows one who is asked.
        const response = CheckpointResponse.decode(answer.value)
        return { ok: true, value: CheckpointResponse.encode({ ...response, aggregates: [] }) }
      },
    }))
    await until(() => formedLater(first), 120_000)
    expect(troublesOf(net.running)).toEqual([])
  }, 240_000)
})

describe('CKPT-1 hostile aggregates', () => {
  it('of who aggregates cost their sender; of who does not they are not looked at', async () => {
    const first = await started({ firstTurnBlocks: 6 })
    const stranger = net.network.attach('stranger')
    const { penalties } = net.network
    const forged = async (open: Open): Promise<Uint8Array> => {
      const right = await aggregateOf(open, 0, open.content)
      return SubnetAggregate.encode({ ...right, subnet: 1 })
    }
    await attack(first, forged, (open, bytes) => {
      const { transport } = nodeOf(open, open.plan.aggregatorsOf(1)[0]!).node
      stranger.publish('checkpoint', bytes)
      transport.publish('checkpoint', bytes)
      return penalties.some((text) => text.endsWith(`of ${transport.self}: GOSSIP_REJECTED`))
    })
    expect(penalties.some((text) => text.includes('stranger'))).toBe(false)
    stranger.publish('checkpoint', Uint8Array.of(1, 2, 3))
    await until(() => penalties.some((text) => text.includes('stranger')), 120_000)
    const before = formedBy(first).length
    await until(() => formedBy(first).length > before, 120_000)
    expect(troublesOf(net.running)).toEqual([])
  }, 300_000)

  it('E11: two aggregates of two contents convict everybody who is in both', async () => {
    const first = await started()
    let accounts: readonly Uint8Array[] = []
    const forged = async (open: Open): Promise<Uint8Array> => {
      const content = { ...open.content, stateRoot: new Uint8Array(32) }
      return SubnetAggregate.encode(await aggregateOf(open, 1, content))
    }
    const said: Open[] = []
    await attack(first, forged, (open, bytes) => {
      nodeOf(open, open.plan.aggregatorsOf(1)[0]!).node.transport.publish('checkpoint', bytes)
      if (said.at(-1)?.content.number !== open.content.number) said.push(open)
      return said.some(({ content: { number }, set, plan }) => {
        accounts = plan.members[1]!.map((voter) => set.voters[voter]!.account)
        return accounts.every((account) => isFiled(first, { account, number }))
      })
    })
    expect(accounts).toHaveLength(2)
    for (const account of accounts) {
      const validator = validatorOf(first.node.chain.tip.state, account)!
      expect(validator.jailedUntilEpoch).toBeGreaterThan(0)
    }
  }, 240_000)
})
