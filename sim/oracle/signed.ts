/**
 * What the nodes of a run made durable and sent: each vote after its record (BFT-10), one of a kind
 * a view, never COMMIT and SKIP of the same (BFT-5).
 */
import { hexOf, kinds, readRecord, type SeenVote } from './messages.ts'

export class Signed {
  readonly #fail: (text: string) => void
  readonly #durable = new Map<number, Set<string>>()
  /** By node, view and kind: the block, or the header bytes of a PROPOSE. */
  readonly #sent = new Map<string, string>()

  constructor(fail: (text: string) => void) {
    this.#fail = fail
  }

  durable(node: number, record: Uint8Array): void {
    const known = this.#durable.get(node) ?? new Set<string>()
    this.#durable.set(node, known)
    for (const vote of readRecord(record)) known.add(idOf(vote))
  }

  /** Whether a record of the node ever held the vote. */
  holds(node: number, vote: Omit<SeenVote, 'seat'>): boolean {
    return this.#durable.get(node)?.has(idOf(vote)) === true
  }

  vote(node: number, vote: SeenVote): void {
    const { kind, epoch, view, block } = vote
    if (!this.holds(node, vote)) {
      this.#fail(`BFT-10: ${name(node)} sent ${idOf(vote)} before it was durable`)
    }
    this.#once(node, vote, block)
    if (kind === kinds.vote) return
    const other = kind === kinds.commit ? kinds.skip : kinds.commit
    if (this.#sent.has(placeOf(node, { epoch, view, kind: other }))) {
      this.#fail(`BFT-5: ${name(node)} sent COMMIT and SKIP at ${String(epoch)}.${String(view)}`)
    }
  }

  proposal(node: number, place: { epoch: number; view: number }, header: Uint8Array): void {
    const proposed = { ...place, kind: kinds.propose, block: '' }
    if (!this.holds(node, proposed)) {
      this.#fail(`BFT-10: ${name(node)} sent ${idOf(proposed)} before it was durable`)
    }
    this.#once(node, proposed, hexOf(header))
  }

  #once(node: number, vote: Omit<SeenVote, 'seat' | 'block'>, what: string): void {
    const place = placeOf(node, vote)
    const known = this.#sent.get(place)
    if (known !== undefined && known !== what) {
      const at = `${String(vote.epoch)}.${String(vote.view)}`
      this.#fail(`${name(node)} signed two of kind ${String(vote.kind)} at ${at}`)
    }
    this.#sent.set(place, what)
  }
}

function placeOf(node: number, vote: Omit<SeenVote, 'seat' | 'block'>): string {
  return `${String(node)}:${String(vote.epoch)}.${String(vote.view)}:${String(vote.kind)}`
}

/** The block of a PROPOSE is left out: its hash is the core's. */
function idOf({ kind, epoch, view, block }: Omit<SeenVote, 'seat'>): string {
  const what = kind === kinds.propose ? '' : block
  return `${String(kind)}:${String(epoch)}.${String(view)}:${what}`
}

export function name(node: number): string {
  return `node ${String(node)}`
}
