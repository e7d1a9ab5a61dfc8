import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { forgeProposal, forgeVote } from '../../../sim/adversary/forge.ts'
import type { Instance } from '../../../sim/node/instance.ts'
import type { Message } from '../../../sim/node/message.ts'
import { timesWith } from '../../../sim/options.ts'
import { Simulation } from '../../../sim/simulation.ts'
import { VoteKind, type Proposal } from '../codec/chain.ts'

/** Seats 0 to 2 are honest; seat 3 also signs what the commands say: F = 1 of 4. */
const seats = 4
const liar = 3

interface Mail {
  readonly from: Instance
  readonly to: Instance
  readonly message: Message
}

/** What is final at the honest seats only grows. */
interface Model {
  readonly heights: number[]
}

class Network {
  readonly sim = new Simulation({ seats, seed: 1, byzantine: [liar], times: timesWith({}) })
  /** On its way until a command delivers it. */
  readonly mail: Mail[] = []
  readonly proposals: Proposal[] = []

  constructor() {
    this.sim.filter = (from, to, message) => {
      this.mail.push({ from, to, message })
      if (message.type === 'proposal') this.proposals.push(message.proposal)
      return []
    }
  }

  post({ from, to, message }: Mail): void {
    this.sim.deliver(from, to, message)
    this.sim.run(1)
  }

  seat(index: number): Instance {
    return this.sim.instances[index % seats] as Instance
  }

  /** All messages arrive again, and everyone is there. */
  heal(): void {
    this.sim.filter = (_from, _to, message) => [message]
    for (const instance of this.sim.instances) if (!instance.isUp) this.sim.restart(instance.id)
    for (const one of this.mail.splice(0)) this.post(one)
  }
}

/** BFT-6: judged by an oracle that reads the wire and counts for itself (sim/oracle). */
function check(model: Model, { sim }: Network): void {
  expect(sim.oracle.violations).toEqual([])
  expect(sim.oracle.forked).toBe(false)
  expect([...sim.oracle.named].filter((validator) => validator !== liar)).toEqual([])
  for (const [id, height] of model.heights.entries()) {
    const now = sim.instances[id]?.final.length ?? 0
    expect(now).toBeGreaterThanOrEqual(height)
    model.heights[id] = now
  }
}

function command(name: string, run: (network: Network) => void): fc.Command<Model, Network> {
  return {
    check: () => true,
    run: (model, network) => {
      run(network)
      check(model, network)
    },
    toString: () => name,
  }
}

const index = fc.nat({ max: 200 })
const seat = fc.nat({ max: seats - 1 })

const pass = fc
  .constantFrom(1, 100, 300, 1000, 2500)
  .map((ms) => command(`pass ${String(ms)} ms`, ({ sim }) => sim.run(ms)))

const deliver = index.map((at) =>
  command(`deliver ${String(at)}`, (network) => {
    const [one] = network.mail.splice(at % Math.max(1, network.mail.length), 1)
    if (one !== undefined) network.post(one)
  }),
)

const deliverAll = fc.tuple(seat, fc.boolean()).map(([to, isBackwards]) =>
  command(`deliver all to ${String(to)}${isBackwards ? ', last first' : ''}`, (network) => {
    const isHis = (one: Mail): boolean => one.to.id === to
    const his = network.mail.filter(isHis)
    network.mail.splice(0, network.mail.length, ...network.mail.filter((one) => !isHis(one)))
    for (const one of isBackwards ? his.reverse() : his) network.post(one)
  }),
)

/** What comes of it too, to everyone: a moment without trouble. */
const calm = fc.constant(
  command('deliver everything, four times', (network) => {
    for (let round = 0; round < 4; round += 1) {
      for (const one of network.mail.splice(0)) network.post(one)
    }
  }),
)

const duplicate = index.map((at) =>
  command(`deliver ${String(at)}, and again later`, (network) => {
    const one = network.mail[at % Math.max(1, network.mail.length)]
    if (one !== undefined) network.post(one)
  }),
)

const drop = index.map((at) =>
  command(`drop ${String(at)}`, ({ mail }) => mail.splice(at % Math.max(1, mail.length), 1)),
)

const crash = seat.map((id) => command(`crash ${String(id)}`, ({ sim }) => sim.crash(id)))

/** From what was durable, also while others are down (BFT-10). */
const restart = seat.map((id) =>
  command(`restart ${String(id)}`, (network) => {
    network.sim.restart(id)
    network.sim.run(1)
  }),
)

const lie = fc
  .record({
    to: fc.nat({ max: liar - 1 }),
    kind: fc.constantFrom(VoteKind.VOTE, VoteKind.COMMIT, VoteKind.SKIP),
    about: index,
    later: fc.nat({ max: 2 }),
  })
  .map(({ to, kind, about, later }) =>
    command(`seat 3 sends ${String(to)} a ${kind} of proposal ${String(about)}`, (network) => {
      const { sim, proposals } = network
      const by = network.seat(liar)
      const known = proposals[about % Math.max(1, proposals.length)]
      if (known === undefined || !by.isUp) return
      const forged = forgeProposal(sim, by, known, 1)
      const view = by.state.view + later
      const block = kind === VoteKind.SKIP ? new Uint8Array(0) : forged.hash
      const message = forgeVote(sim, by, { kind, view, block })
      if (message !== undefined) network.post({ from: by, to: network.seat(to), message })
    }),
  )

/** Two headers of one view: what the leader itself could have signed. */
const lead = fc.tuple(seat, index).map(([to, about]) =>
  command(`seat 3 sends ${String(to)} another header`, (network) => {
    const { sim, proposals } = network
    const by = network.seat(liar)
    const own = proposals.filter((one) => one === proposals[about % proposals.length])
    const [known] = own
    if (known === undefined || !by.isUp) return
    const { message } = forgeProposal(sim, by, known, 2)
    network.post({ from: by, to: network.seat(to), message })
  }),
)

const commands = fc.commands(
  [calm, pass, deliver, deliverAll, duplicate, drop, crash, restart, lie, lead, calm, pass],
  { maxCommands: 50, size: 'max' },
)

describe('BFT-4, BFT-6, BFT-10: any order of messages, losses, crashes, lies of one seat', () => {
  it('gives no two final blocks at one height, and no COMMIT and SKIP of one view', () => {
    let finalised = 0
    fc.assert(
      fc.property(commands, (sequence) => {
        const network = new Network()
        const model: Model = { heights: [0, 0, 0] }
        fc.modelRun(() => ({ model, real: network }), sequence)
        // What was cut heals: the honest seats go on from wherever they are (BFT-9).
        const before = Math.max(...model.heights)
        network.heal()
        for (let second = 0; second < 60; second += 1) {
          network.sim.run(1_000)
          check(model, network)
          if (Math.min(...model.heights) > before) break
        }
        network.sim.oracle.finish()
        check(model, network)
        expect(Math.min(...model.heights)).toBeGreaterThan(before)
        finalised += before
      }),
      { seed: 20_26, numRuns: 15 },
    )
    // The commands themselves reach finality: not all of it comes from healing.
    expect(finalised).toBeGreaterThan(0)
  })
})
