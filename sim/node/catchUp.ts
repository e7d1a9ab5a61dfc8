/**
 * How a node of a run gets what it missed, as `src/node` does it: proposals by hash from their
 * signers, final blocks from whoever is ahead (SYNC-1), and what the others hold of it after a
 * restart (BFT-10). Requests and answers take the time of the links.
 */
import { certificatesAbove } from '../../src/core/bft/draft.ts'
import { votesOfSeat } from '../../src/core/bft/recover.ts'
import type { AgreementRoot, Effect } from '../../src/core/bft/types.ts'
import { equalBytes, hex } from '../../src/core/base/bytes.ts'
import { seatOf, timeOf } from '../../src/core/types/ids.ts'
import type { FinalEntry, Instance } from './instance.ts'
import type { Network } from './network.ts'

const askAgainMs = 500
const syncEveryMs = 200
/** To one peer, as `src/node/router.ts` does. */
const showEveryMs = 500

/** Size of a request or a small answer, bytes. */
const smallBytes = 200
const blockBytes = 1000

export class CatchUp {
  readonly #sim: Network
  readonly #askedUs = new Map<number, number>()
  readonly #shownUs = new Map<string, number>()

  constructor(sim: Network) {
    this.#sim = sim
  }

  /** After a restart: the last final block, what was voted for, then the others' answers. */
  resume(instance: Instance): void {
    this.#feedTip(instance)
    for (const proposal of instance.pending.values()) {
      instance.take(() => ({ type: 'proposal', nowMs: instance.nowMs, proposal }))
    }
    this.askRecovery(instance)
  }

  fetch(instance: Instance, effect: Extract<Effect, { type: 'fetch' }>): void {
    const { validators } = this.#sim.committees.of(instance.env.epoch)
    for (const seat of effect.seats) {
      for (const other of this.#sim.instances) {
        if (other.validator !== validators[seat] || other.id === instance.id) continue
        this.#ask(instance, other, blockBytes, () => {
          for (const wanted of effect.hashes) this.#answerFetch(instance, other, hex(wanted))
        })
      }
    }
  }

  /** Takes final blocks of `other`; asked at most five times a second. */
  sync(instance: Instance, other: Instance): void {
    const { queue } = this.#sim
    if (queue.nowUs < (this.#askedUs.get(instance.id) ?? 0) + syncEveryMs * 1000) return
    this.#askedUs.set(instance.id, queue.nowUs)
    this.#ask(instance, other, blockBytes, () => {
      this.#takeFinal(instance, other)
    })
  }

  /** EPOCH-2: who speaks of an epoch that is over is shown the boundary, and asks for the rest. */
  show(ahead: Instance, behind: Instance): void {
    const { queue } = this.#sim
    const pair = `${String(ahead.id)} to ${String(behind.id)}`
    const shownUs = this.#shownUs.get(pair)
    if (shownUs !== undefined && queue.nowUs < shownUs + showEveryMs * 1000) return
    this.#shownUs.set(pair, queue.nowUs)
    this.#sim.carry(ahead, behind, blockBytes, () => {
      if (behind.env.epoch < ahead.env.epoch) this.sync(behind, ahead)
    })
  }

  #answerFetch(instance: Instance, other: Instance, key: string): void {
    const node = [...other.shown.blocks.values()].find((one) => one.key === key)
    if (node !== undefined && node.proposal.signature.length > 0) {
      const { proposal } = node
      this.#sim.deliver(other, instance, { type: 'proposal', epoch: other.env.epoch, proposal })
    } else this.#takeFinal(instance, other)
  }

  #takeFinal(instance: Instance, other: Instance): void {
    const have = instance.final.length
    const missing = other.final.slice(have)
    const certified = missing.findLastIndex(
      ({ node, certificate, closesEpoch }) =>
        closesEpoch || equalBytes(node.hash, certificate.block),
    )
    const taken = missing.slice(0, certified + 1)
    const first = taken[0]
    const below = instance.final.at(-1)
    if (first === undefined) return
    if (below !== undefined && first.node.parentKey !== below.node.key) return // Another chain.
    for (const entry of taken) {
      instance.final.push(entry)
      this.#sim.reportSynced(instance, entry)
    }
    const closing = taken.findLast(({ closesEpoch }) => closesEpoch)
    if (closing !== undefined && closing.node.header.epoch >= instance.env.epoch) {
      this.#sim.beginEpoch(instance, closing.node.header.epoch + 1, rootAfter(closing))
    }
    this.#feedTip(instance)
  }

  /** The agreement goes on above the last final block of its epoch. */
  #feedTip(instance: Instance): void {
    const last = instance.final.findLast(
      ({ node, certificate }) =>
        node.header.epoch === instance.env.epoch && equalBytes(node.hash, certificate.block),
    )
    if (last === undefined) return
    const { headerBytes: header, proposal } = last.node
    instance.take(() => ({
      type: 'synced',
      nowMs: instance.nowMs,
      header,
      body: proposal.body,
      certificate: last.certificate,
    }))
  }

  /** Until enough others said what they hold of it (BFT-10). */
  askRecovery(instance: Instance): void {
    const { seat } = instance
    if (instance.state.mode.type !== 'recovering' || seat === undefined) return
    const { generation } = instance
    const { epoch } = instance.env
    for (const other of this.#sim.instances) {
      const answering = other.seat
      if (other.id === instance.id || answering === undefined) continue
      this.#ask(instance, other, smallBytes, () => {
        if (other.env.epoch !== epoch) return
        const certificates = certificatesAbove(other.shown)
        const votes = votesOfSeat(other.env, other.shown, seat)
        instance.take(() => {
          const from = seatOf(answering)
          return { type: 'recoverAnswer', nowMs: instance.nowMs, seat: from, certificates, votes }
        })
      })
    }
    this.#sim.queue.after(askAgainMs * 1000, () => {
      if (instance.generation === generation) this.askRecovery(instance)
    })
  }

  /** Runs `answer` when the question has gone there and the answer has come back. */
  #ask(asking: Instance, asked: Instance, bytes: number, answer: () => void): void {
    const { links, queue } = this.#sim
    const { generation } = asking
    const reaches = (): boolean =>
      asked.isUp && this.#sim.isLinked(asking, asked) && this.#sim.isLinked(asked, asking)
    const thereUs = links.send(asking.validator, asked.validator, smallBytes, queue.nowUs)
    if (!reaches() || thereUs === undefined) return
    queue.at(thereUs, () => {
      if (!reaches()) return
      const backUs = links.send(asked.validator, asking.validator, bytes, queue.nowUs)
      if (backUs === undefined) return
      queue.at(backUs, () => {
        if (asking.generation === generation && asking.isUp) answer()
      })
    })
  }
}

function rootAfter({ node, certificate, path }: FinalEntry): AgreementRoot {
  const { height, timeMs } = node.header
  return { hash: node.hash, height, timeMs: timeOf(timeMs), certificate, path }
}
