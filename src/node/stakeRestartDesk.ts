/**
 * A node's part in a restart by stake (RECOVER-1): when nothing became final for 120 s† it reports
 * its newest final block and a seat, gathers the reports of others, makes the list when it is the
 * drawn aggregator, signs one list an attempt, and hands the record to the network once 2/3 of the
 * stake signed. Nodes without a vote gather as well, so that everything reaches everybody.
 *
 * Peers are asked in turn for what is lacking: who comes late has lost nothing.
 */
import { equalBytes, hex, mapKey } from '../core/base/bytes.ts'
import { RestartRequest, RestartResponse, type RestartReport } from '../core/codec/restart.ts'
import { decodeStrict } from '../core/codec/strict.ts'
import type { BlsBackend } from '../core/crypto/bls.ts'
import { restartVoters } from '../core/ledger/checkpoints.ts'
import { beaconOf } from '../core/ledger/epochs.ts'
import { readSingle } from '../core/ledger/state.ts'
import { chainInfo, epochRecord, parameters } from '../core/ledger/tables.ts'
import { lastAttempt } from '../core/ledger/transactions/restart.ts'
import { isJailed, validatorOf } from '../core/ledger/validators.ts'
import { makeList } from '../core/restart/list.ts'
import { restartStakeMessage } from '../core/restart/messages.ts'
import { makeReport } from '../core/restart/report.ts'
import { mayApprove, ownAttempt } from '../core/restart/voterRules.ts'
import type { Clock } from '../ports/clock.ts'
import type { EpochKey } from '../ports/signer.ts'
import { StoreFailure } from '../ports/store.ts'
import type { PeerId, Transport } from '../ports/transport.ts'
import type { Chain } from './chain.ts'
import type { MayAct } from './mayAct.ts'
import type { NodeEvents } from './nodeEvents.ts'
import { ask } from './peerFailure.ts'
import type { RestartDesk } from './restartDesk.ts'
import { encodeRestart } from './restartPlan.ts'
import { RestartRound } from './restartRound.ts'

/** Public key of the seat offered last, kept so that it is not erased (EPOCH-3). */
export const restartSeatName = 'restart/seat-key'

interface Host {
  readonly chain: Chain
  readonly events: NodeEvents
  readonly mayAct: MayAct
  readonly transport: Transport
  nowMs(): number
  submit(bytes: Uint8Array): Promise<unknown>
}

interface Parts {
  readonly desk: RestartDesk
  readonly bls: BlsBackend
  readonly clock: Clock
}

/** Looks, and asks some peers, so often while nothing becomes final: at most this, … */
const lookMs = 1_000
/** … and so often in an attempt. */
const looksAnAttempt = 32
const peersALook = 3

/** Bitmaps over 10,000 voters, twice. */
const requestBytesMax = 4_096

/** An aggregator that has enough reports waits this part of an attempt for more of them. */
const patienceParts = 16

/** Every node of a chain without a restart key has one; it ends with the desk. */
export function withStakeRestarts(
  node: Host,
  desk: RestartDesk,
  { bls, clock }: Pick<Parts, 'bls' | 'clock'>,
): void {
  if (readSingle(node.chain.tip.state, chainInfo).devnet !== undefined) return
  const restarts = new StakeRestarts(node, { desk, bls, clock })
  node.transport.onRequest('restart', (peer, bytes) => restarts.answer(peer, bytes))
  restarts.begin()
}

class StakeRestarts {
  readonly #node: Host
  readonly #parts: Parts
  #round: RestartRound | undefined
  /** Of the round. */
  #enoughSinceMs: number | undefined
  #isSent = false
  /** Peers are asked in turn. */
  #turn = 0

  constructor(node: Host, parts: Parts) {
    this.#node = node
    this.#parts = parts
  }

  begin(): void {
    const { clock, desk } = this.#parts
    clock.after(Math.min(lookMs, this.#attemptMs / looksAnAttempt), () => {
      if (desk.isStopped) return
      void this.#look()
        .catch((error: unknown) => {
          // A node that was stopped has closed its store.
          if (!(error instanceof StoreFailure && desk.isStopped)) {
            this.#node.events.emit({ type: 'failure', error })
          }
        })
        .finally(() => {
          this.begin()
        })
    })
  }

  get #attemptMs(): number {
    return readSingle(this.#node.chain.tip.state, parameters).restartAfterMs
  }

  async #look(): Promise<void> {
    // What is final here is not what the network stands on: it is reported to nobody (RECOVER-1).
    if (this.#node.mayAct.stopped !== undefined) {
      this.#round = undefined
      return
    }
    const round = this.#roundOfNow()
    if (round === undefined || this.#parts.desk.attempt >= round.attempt) return
    await this.#report(round)
    await this.#gather(round)
    await this.#propose(round)
    await this.#approve(round)
    const record = this.#isSent ? undefined : round.record()
    if (record === undefined) return
    this.#isSent = true
    await this.#node.submit(encodeRestart(round.env.chainId, record))
  }

  #roundOfNow(): RestartRound | undefined {
    const { chain } = this.#node
    const { state, timeMs } = chain.tip
    const set = restartVoters(state)
    const { epoch, boundaryMs, beacons } = readSingle(state, epochRecord)
    const beacon = beaconOf({ ...readSingle(state, epochRecord), beacons }, epoch)
    const params = readSingle(state, parameters)
    const times = { boundaryMs, timeMs, lastAttempt: lastAttempt(state) }
    const attempt = ownAttempt(times, this.#node.nowMs(), params)
    if (set === undefined || beacon === undefined || attempt === undefined) {
      this.#round = undefined
      return undefined
    }
    const known = this.#round
    if (known?.attempt === attempt && known.env.epoch === epoch) return known
    const { chainId } = chain
    const env = { chainId, epoch, beacon, set, params, bls: this.#parts.bls }
    this.#round = new RestartRound(env, attempt)
    this.#enoughSinceMs = undefined
    this.#isSent = false
    return this.#round
  }

  /** A fresh key for each attempt: what is signed under it means nothing in another one. */
  async #report(round: RestartRound): Promise<void> {
    const own = await this.#ownVoter(round)
    const { mayAct, chain, transport } = this.#node
    const { signer } = mayAct
    if (own === undefined || signer === undefined || round.hasReport(own.voter)) return
    const fresh = await signer.createEpochKey()
    await chain.store.putValue(restartSeatName, fresh.publicKey)
    if (mayAct.signer === undefined) return
    const { height, hash: block } = chain.tip
    const seat = {
      epochKey: fresh.publicKey,
      possession: fresh.possession,
      sharingKey: fresh.sharing().publicKey,
      peerId: transport.self,
    }
    const { attempt } = round
    const sign = (message: Uint8Array): Uint8Array => own.key.sign(message)
    const report = { voter: own.voter, attempt, height, block, seat, sign }
    round.addReport(makeReport(round.env, report))
  }

  async #ownVoter({
    env: { set },
  }: RestartRound): Promise<{ readonly voter: number; readonly key: EpochKey } | undefined> {
    const { signer } = this.#node.mayAct
    const own = signer && mapKey(signer.identity)
    const voter = set.voters.findIndex(({ account }) => mapKey(account) === own)
    const key = set.voters[voter]?.key
    const opened = key && (await signer?.openEpochKey(hex(key)))
    return opened?.ok === true ? { voter, key: opened.value } : undefined
  }

  async #gather(round: RestartRound): Promise<void> {
    const peers = this.#node.transport.peers().map(({ peer }) => peer)
    const turns = Array.from({ length: Math.min(peersALook, peers.length) }, () => {
      this.#turn += 1
      return peers[this.#turn % peers.length]
    })
    await Promise.all(
      turns.flatMap((peer) => (peer === undefined ? [] : [this.#fetch(round, peer)])),
    )
  }

  async #fetch(round: RestartRound, peer: PeerId): Promise<void> {
    const { transport } = this.#node
    const bytes = RestartRequest.encode(round.request())
    const answer = await ask(transport, peer, {
      protocol: 'restart',
      bytes,
      codec: RestartResponse,
    })
    if (!answer.ok) {
      if (answer.error.isPeerFault) transport.penalise(peer, answer.error.code)
      return
    }
    const { reports, list, votes } = answer.value
    // The rest of a false answer is not worth its checks.
    if (!reports.every((report) => round.addReport(report))) {
      transport.penalise(peer, 'RESTART_REPORT_FORGED')
      return
    }
    round.addList(list, this.#isEligible)
    for (const vote of votes) round.addVote(vote)
  }

  readonly #isEligible = (account: Uint8Array): boolean => {
    const { state } = this.#node.chain.tip
    const validator = validatorOf(state, account)
    const { epoch } = readSingle(state, epochRecord)
    return validator !== undefined && !isJailed(validator, epoch)
  }

  /** As the aggregator: of reports about blocks that are final here. */
  async #propose(round: RestartRound): Promise<void> {
    if (round.list !== undefined || !round.isReported) return
    const own = await this.#ownVoter(round)
    if (own?.voter !== round.aggregator) return
    const nowMs = this.#node.nowMs()
    this.#enoughSinceMs ??= nowMs
    const isAll = round.reports.length === round.env.set.voters.length
    const waitMs = this.#attemptMs / patienceParts
    if (!isAll && nowMs - this.#enoughSinceMs < waitMs) return
    const held = await Promise.all(round.reports.map((report) => this.#holds(report)))
    if (this.#node.mayAct.signer === undefined) return
    const reports = round.reports.filter((_, at) => held[at])
    const sign = (message: Uint8Array): Uint8Array => own.key.sign(message)
    const options = { reports, isEligible: this.#isEligible, sign }
    const list = makeList(round.env, round.attempt, options)
    if (list !== undefined) round.addList(list, this.#isEligible)
  }

  async #holds({ height, block }: RestartReport): Promise<boolean> {
    const { tip, store } = this.#node.chain
    if (height >= tip.height) return height === tip.height && equalBytes(block, tip.hash)
    const stored = await store.readBlock(height)
    return stored !== undefined && equalBytes(stored.hash, block)
  }

  async #approve(round: RestartRound): Promise<void> {
    const { list, payload } = round
    const own = await this.#ownVoter(round)
    if (list === undefined || payload === undefined || own === undefined) return
    const { epoch, tip } = this.#node.chain
    if (round.hasVote(own.voter) || !mayApprove(list, { ...tip, epoch })) return
    if (!(await this.#parts.desk.sign(payload)) || this.#node.mayAct.signer === undefined) return
    const signature = own.key.sign(restartStakeMessage(payload))
    round.addVote({ voter: own.voter, signature })
  }

  async answer(peer: PeerId, bytes: Uint8Array): Promise<Uint8Array> {
    const request = decodeStrict(RestartRequest, bytes, requestBytesMax)
    if (!request.ok) {
      this.#node.transport.penalise(peer, request.error.code)
      return RestartResponse.encode({})
    }
    const round = this.#round
    const { epoch, attempt, votersOf } = request.value
    if (votersOf > 0) {
      const voters = await this.#node.chain.restartVoters.of(votersOf)
      return RestartResponse.encode(voters === undefined ? {} : { voters })
    }
    const isOwn = round?.attempt === attempt && round.env.epoch === epoch
    return RestartResponse.encode(isOwn ? round.lackedBy(request.value) : {})
  }
}
