/** Asks for what a ballot lacks, of one peer after the other (CKPT-1, NET-3). */
import { CheckpointRequest, CheckpointResponse } from '../../core/codec/checkpoint.ts'
import type { PeerId, Transport } from '../../ports/transport.ts'
import type { CheckpointBallot } from '../checkpointBallot.ts'
import { ask } from '../peerFailure.ts'
import { takeAnswer } from './takeAnswer.ts'

export class Fetching {
  readonly #transport: Transport
  #turn = 0
  #number = 0
  /** About that number. */
  readonly #asked = new Set<PeerId>()

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /** `singlesOf`: bitmap of the subnets whose single votes are asked for. */
  async next(
    ballot: CheckpointBallot,
    how: { readonly singlesOf: Uint8Array; readonly onlyNewPeers: boolean },
  ): Promise<void> {
    const { heldVotes, postQuantum, content } = ballot
    const peer = this.#choose(content.number, how.onlyNewPeers)
    if (peer === undefined) return
    const bytes = CheckpointRequest.encode({
      votesOn: content.number,
      heldVotes,
      heldPostQuantum: postQuantum.held,
      singlesOf: how.singlesOf,
    })
    const answer = await ask(this.#transport, peer, {
      protocol: 'checkpoint',
      bytes,
      codec: CheckpointResponse,
    })
    if (answer.ok) takeAnswer(this.#transport, ballot, { peer, answer: answer.value })
    else if (answer.error.isPeerFault) this.#transport.penalise(peer, answer.error.code)
  }

  #choose(number: number, onlyNew: boolean): PeerId | undefined {
    if (this.#number !== number) this.#asked.clear()
    this.#number = number
    const all = this.#transport.peers().map(({ peer }) => peer)
    const peers = onlyNew ? all.filter((peer) => !this.#asked.has(peer)) : all
    const peer = peers[this.#turn % Math.max(1, peers.length)]
    this.#turn += 1
    if (peer !== undefined) this.#asked.add(peer)
    return peer
  }
}
