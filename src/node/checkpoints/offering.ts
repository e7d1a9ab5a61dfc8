/**
 * One certificate for everybody, so that it is verified once and before any block has it (CKPT-1):
 * voters offer in turn, each a final block after the one before, until one waits or is in a block.
 */
import type { CheckpointBallot } from '../checkpointBallot.ts'
import type { CheckpointHost } from './host.ts'
import { unsignedBytes } from './unsignedBytes.ts'

/** Who is not among the first voters in turn offers a certificate with the last of them. */
const ranksMax = 8

export class Offering {
  readonly #node: Pick<CheckpointHost, 'chain' | 'mempool' | 'submit'>
  #number: number | undefined
  /** Final blocks since the votes on that number were enough. */
  #waited = 0

  constructor(node: Pick<CheckpointHost, 'chain' | 'mempool' | 'submit'>) {
    this.#node = node
  }

  /** With each final block until the number formed; `place` is this node's in the set, if any. */
  async look(ballot: CheckpointBallot, place: number | undefined): Promise<void> {
    const { number } = ballot.content
    if (this.#number !== number) {
      this.#number = number
      this.#waited = 0
    }
    if (!ballot.isDecided || this.#isOffered(number)) return
    this.#waited += 1
    if (this.#waited <= rankOf(place, ballot)) return
    const aggregate = ballot.aggregate()
    if (aggregate === undefined) return
    const { voters, signature } = aggregate
    const checkpoint = { number, voters, signature }
    await this.#node.submit(unsignedBytes(this.#node.chain, { checkpoint }))
  }

  #isOffered(number: number): boolean {
    return this.#node.mempool
      .candidates()
      .some(({ transaction }) => transaction.checkpoint?.number === number)
  }
}

function rankOf(place: number | undefined, { env, content }: CheckpointBallot): number {
  const count = env.set.voters.length
  if (place === undefined) return ranksMax
  return Math.min(ranksMax, (place + count - (content.number % count)) % count)
}
