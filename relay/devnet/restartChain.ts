/**
 * What `npm run restart` does with a follower of the chain (RECOVER-1): waits until it knows the
 * final tip and who stands there, names them in a record, hands it to the network, and waits until
 * blocks are final again.
 */
import { hex } from '../../src/core/base/bytes.ts'
import { ok, type Result } from '../../src/core/base/result.ts'
import type { Seat } from '../../src/core/codec/chain.ts'
import type { Node } from '../../src/node/node.ts'
import {
  planRestart,
  restartCandidates,
  signRestart,
  type RestartPlan,
} from '../../src/node/restartPlan.ts'
import type { PeerId } from '../../src/ports/transport.ts'
import { fail, type Failure } from '../failure.ts'
import { Settling, type Round } from './settling.ts'

export interface RestartOptions {
  /** A follower: it holds no seat. */
  readonly node: Node
  readonly restartSeed: Uint8Array
  /** Says what would be done, and does not do it. */
  readonly dryRun: boolean
  /** Hex beginnings of validators to leave out: who is reachable and signs nothing. */
  readonly without: readonly string[]
  readonly say: (line: string) => void
  /** Time to find the network and to catch up, and then for new blocks. */
  readonly waitMs?: number
}

/** Blocks on the new committee that show that it goes on. */
const freshBlocks = 3

/** Between two rounds of questions. */
const roundMs = 500

export async function restartChain(options: RestartOptions): Promise<Result<RestartPlan, Failure>> {
  const { node, say, waitMs = 60_000 } = options
  const found = await untilSettled(options, waitMs)
  if (!found) return unreachable()
  const { tip } = node.chain
  const nowMs = node.nowMs()
  const secondsAgo = Math.round((nowMs - tip.timeMs) / 1000)
  say(`${node.chain.chainId}: block ${String(tip.height)} is final, ${String(secondsAgo)} s old.`)
  const planned = planRestart(tip, { nowMs, isLive: (seat) => isLive(options, seat) })
  if (!planned.ok) return refused(planned.error, nowMs)
  const plan = planned.value
  describe(plan, say)
  const record = signRestart(tip, plan, options.restartSeed)
  if (!record.ok) return refused(record.error, nowMs)
  if (options.dryRun) {
    say('Nothing was sent (--dry-run).')
    return ok(plan)
  }
  const sent = await node.submit(record.value)
  if (!sent.ok) return refused(sent.error, nowMs)
  say(`Sent to ${String(node.transport.peers().length)} peers; waiting for new blocks.`)
  const goal = tip.height + freshBlocks
  const moved = await until(() => node.chain.tip.height >= goal, waitMs)
  if (!moved) return standsStill(node.chain.tip.height)
  say(`Block ${String(node.chain.tip.height)} is final: the chain goes on.`)
  return ok(plan)
}

/** False when no peer answered in time, or the newest final block could not be fetched. */
async function untilSettled(options: RestartOptions, waitMs: number): Promise<boolean> {
  const settling = new Settling()
  const endMs = performance.now() + waitMs
  while (performance.now() <= endMs) {
    await options.node.peers.askAll()
    if (settling.isOver(roundOf(options), performance.now())) return true
    await new Promise((resolve) => setTimeout(resolve, roundMs))
  }
  return false
}

function roundOf(options: RestartOptions): Round {
  const { tip } = options.node.chain
  const heights = options.node.transport
    .peers()
    .flatMap(({ peer }) => options.node.peers.statusOf(peer)?.height ?? [])
  const candidates = restartCandidates(tip).filter((seat) => !isLeftOut(seat, options.without))
  return {
    height: tip.height,
    behindBlocks: heights.length === 0 ? Infinity : Math.max(...heights) - tip.height,
    candidates: candidates.length,
    live: candidates.filter((seat) => isLive(options, seat)).map(({ peerId }) => peerId),
  }
}

function isLive(
  { node, without }: RestartOptions,
  seat: Pick<Seat, 'peerId' | 'validator'>,
): boolean {
  const isConnected = node.transport.peers().some((one) => one.peer === seat.peerId)
  const { height } = node.peers.statusOf(seat.peerId as PeerId) ?? {}
  return isConnected && height === node.chain.tip.height && !isLeftOut(seat, without)
}

function isLeftOut(seat: Pick<Seat, 'validator'>, without: readonly string[]): boolean {
  return without.some((start) => hex(seat.validator).startsWith(start.toLowerCase()))
}

function describe(plan: RestartPlan, say: (line: string) => void): void {
  const { epoch, attempt, baseHeight, seats, left } = plan
  say(
    `Restart of epoch ${String(epoch)} on block ${String(baseHeight)}, attempt ${String(attempt)}`,
  )
  for (const seat of seats) {
    const from = seat.from === 'committee' ? 'seated' : 'ready for the next epoch'
    say(`  in   ${hex(seat.validator).slice(0, 16)}  ${from}`)
  }
  for (const seat of left) say(`  out  ${hex(seat.validator).slice(0, 16)}  not at this block`)
}

async function until(isDone: () => boolean, waitMs: number): Promise<boolean> {
  const endMs = performance.now() + waitMs
  while (!isDone()) {
    if (performance.now() > endMs) return false
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return true
}

type Refused = { readonly ok: false; readonly error: Failure }

function unreachable(): Refused {
  return fail(
    'RESTART_UNREACHABLE',
    'No node of this chain answered, or the newest final block could not be fetched.',
    'Start the relay and the validators of this devnet, then run it again.',
  )
}

function standsStill(height: number): Refused {
  return fail(
    'RESTART_NO_BLOCKS',
    `The record was sent and block ${String(height)} is still the newest final one.`,
    'Run it again; leave out with --without who is listed as in and signs nothing.',
  )
}

function refused(
  error: { readonly code: string; readonly notBeforeMs?: number; readonly live?: number },
  nowMs: number,
): Refused {
  switch (error.code) {
    case 'RESTART_FORBIDDEN':
      return fail(error.code, 'This chain has no restart key.', 'It halts rather than forks.')
    case 'RESTART_EARLY': {
      const waitS = Math.ceil(((error.notBeforeMs ?? nowMs) - nowMs) / 1000)
      return fail(
        error.code,
        'Blocks were final a moment ago: the chain may go on by itself.',
        `If it still stands in ${String(waitS)} s, run it again.`,
      )
    }
    case 'RESTART_TOO_FEW':
      return fail(
        error.code,
        `Only ${String(error.live ?? 0)} reachable validators hold a key that may sit; it takes 2.`,
        'Start validators of this chain that were seated or ready when it stopped.',
      )
    case 'RESTART_SIGNATURE':
      return fail(
        error.code,
        'The restart key is not the one that the genesis of this chain names.',
        'Give the folder in which this devnet was made; its restart.key belongs to its genesis.',
      )
    case 'RESTART_STALE':
      return fail(
        error.code,
        'The chain moved on, or another restart was taken meanwhile.',
        'See whether blocks are final again; if not, run it again.',
      )
    default:
      return fail(error.code, `The record was refused: ${error.code}.`, 'Run it again.')
  }
}
