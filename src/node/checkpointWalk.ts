/**
 * The chain of checkpoints from any peer, so that nobody who was trusted with one follows years of
 * boundaries (SYNC-1): each is signed by the set that the one before it names. What was verified is
 * stored and shown to others; where a peer has no more, the next one is asked.
 */
import { equalBytes } from '../core/base/bytes.ts'
import { anchorBytes, readAnchor } from '../core/checkpoint/anchorText.ts'
import { anchorIsTooOld, type HeldCheckpoint } from '../core/checkpoint/held.ts'
import { verifyCheckpoint } from '../core/checkpoint/verifyCheckpoint.ts'
import { readVoterSet, type VoterSet } from '../core/checkpoint/voterSet.ts'
import { ok, type Result } from '../core/base/result.ts'
import type { Committee } from '../core/codec/chain.ts'
import { CheckpointRequest, CheckpointResponse } from '../core/codec/checkpoint.ts'
import type { Genesis } from '../core/codec/state.ts'
import type { BlsBackend } from '../core/crypto/bls.ts'
import { parametersOf } from '../core/ledger/genesis/firstCommittee.ts'
import type { PeerId, Transport } from '../ports/transport.ts'
import type { Chain } from './chain.ts'
import { CheckpointShelf } from './checkpointShelf.ts'
import { ownAnchor } from './ownAnchor.ts'
import { ask, notPeerFault, peerFault, type PeerFailure } from './peerFailure.ts'

const heldName = 'checkpoint/held'
const none = new Uint8Array(0)

export interface WalkParts {
  readonly genesis: Genesis
  readonly chain: Chain
  readonly transport: Pick<Transport, 'request'>
  readonly bls: BlsBackend
  readonly nowMs: () => number
  /** From somebody whom the owner of this node trusts. */
  readonly anchor?: HeldCheckpoint | undefined
}

/** What a step starts from. */
interface Place {
  readonly held: HeldCheckpoint
  /** The sets that the two contents name; undefined until somebody showed them. */
  readonly named: VoterSet | undefined
  readonly postQuantumNamed: VoterSet | undefined
  /** A peer has shown what follows from here, or from before: it is of this chain. */
  readonly isShared: boolean
}

export class CheckpointWalk {
  readonly #parts: WalkParts
  readonly #shelf: CheckpointShelf
  #place: Place | undefined

  constructor(parts: WalkParts) {
    this.#parts = parts
    this.#shelf = new CheckpointShelf(parts.chain.store)
  }

  /** The newest checkpoint that is trusted; undefined without one that is young enough. */
  async held(): Promise<HeldCheckpoint | undefined> {
    const { genesis, nowMs } = this.#parts
    const place = await this.#start()
    const { unbondingMs } = parametersOf(genesis)
    const ageOf = { nowMs: nowMs(), unbondingMs }
    const isOld = place === undefined || anchorIsTooOld(place.held.content.timeMs, ageOf)
    return isOld ? undefined : place.held
  }

  /** Whether somebody has shown what follows from the anchor: until then it may be false itself. */
  get isShared(): boolean {
    return this.#place?.isShared ?? false
  }

  /** Follows one peer as far as it leads; what was verified stays when it fails. */
  async follow(peer: PeerId, isStopped: () => boolean): Promise<Result<undefined, PeerFailure>> {
    while (!isStopped() && (await this.held()) !== undefined && this.#place !== undefined) {
      const next = await this.#step(peer, this.#place)
      if (!next.ok) return next
      if (next.value === undefined) break
      this.#place = next.value
    }
    return ok(undefined)
  }

  /** Who certified the boundary of the newest checkpoint: shown to who begins there. */
  async keepCommittee(committee: Committee): Promise<void> {
    const number = this.#place?.held.content.number
    if (number !== undefined) await this.#shelf.putCommittee(number, committee)
  }

  /** The highest of what the owner gave, what was followed, and what the own chain formed. */
  async #start(): Promise<Place | undefined> {
    const { chain, anchor } = this.#parts
    const own = ownAnchor(chain.chainId, chain.tip.state)
    const stored = this.#place === undefined ? await this.#stored() : undefined
    let best = this.#place
    const given = anchor?.chainId === chain.chainId ? { held: anchor } : undefined
    for (const other of [own, stored, given]) {
      const isHigher =
        other !== undefined && other.held.content.number > (best?.held.content.number ?? 0)
      if (isHigher) {
        best = { named: undefined, postQuantumNamed: undefined, isShared: false, ...other }
      }
    }
    this.#place = best
    return best
  }

  async #stored(): Promise<Pick<Place, 'held' | 'isShared'> | undefined> {
    const { chain } = this.#parts
    const bytes = await chain.store.getValue(heldName)
    const read = bytes && readAnchor(bytes, chain.chainId)
    return read?.ok === true ? { held: read.value, isShared: true } : undefined
  }

  /** Undefined when the peer has nothing above. */
  async #step(peer: PeerId, place: Place): Promise<Result<Place | undefined, PeerFailure>> {
    const { genesis, bls } = this.#parts
    const { content, postQuantum } = place.held
    const known = await this.#known(content.nextVotersRoot, place)
    const shown = await this.#ask(peer, content.number, known)
    if (!shown.ok) return shown
    const { checkpoint: bytes } = shown.value
    if (bytes.length === 0) return ok(undefined)
    const named = known === undefined ? setIn(shown.value, place) : ok(known)
    if (!named.ok) return named
    const isOne = postQuantum.number === content.number
    const drawn = isOne ? named : await this.#drawnFrom(peer, place)
    if (!drawn.ok) return drawn
    const sets = { named: named.value, postQuantumNamed: drawn.value }
    const params = parametersOf(genesis)
    const verified = verifyCheckpoint(place.held, { bytes, ...sets }, { params, bls })
    if (!verified.ok) return failure(verified.error.code)
    const held = verified.value
    await this.#keep(place, { held, bytes, named: named.value })
    const isSame = held.postQuantum.number === postQuantum.number
    return ok({
      held,
      named: named.value,
      postQuantumNamed: isSame ? drawn.value : undefined,
      isShared: true,
    })
  }

  async #ask(
    peer: PeerId,
    above: number,
    held: VoterSet | undefined,
  ): Promise<Result<CheckpointResponse, PeerFailure>> {
    const request = { above, heldRoot: held?.root ?? none }
    return ask(this.#parts.transport, peer, {
      protocol: 'checkpoint',
      bytes: CheckpointRequest.encode(request),
      codec: CheckpointResponse,
    })
  }

  /** A set that was shown before, in this process or in one before it. */
  async #known(root: Uint8Array, place: Place): Promise<VoterSet | undefined> {
    for (const set of [place.named, place.postQuantumNamed]) {
      if (set !== undefined && equalBytes(set.root, root)) return set
    }
    const bytes = await this.#shelf.voters(root)
    const set = bytes && readVoterSet(bytes, root)
    return set?.ok === true ? set.value : undefined
  }

  /** The set that ML-DSA-87 signers are drawn from, where another content names it. */
  async #drawnFrom(peer: PeerId, place: Place): Promise<Result<VoterSet, PeerFailure>> {
    const { number, nextVotersRoot } = place.held.postQuantum
    const known = await this.#known(nextVotersRoot, place)
    if (known !== undefined) return ok(known)
    const shown = await this.#ask(peer, number, undefined)
    if (!shown.ok) return shown
    if (shown.value.named.length === 0) return notPeerFault('CHECKPOINT_VOTERS_NOT_HELD')
    const set = readVoterSet(shown.value.named, nextVotersRoot)
    return set.ok ? set : failure(set.error.code, place)
  }

  async #keep(
    { held: before }: Place,
    next: { readonly held: HeldCheckpoint; readonly bytes: Uint8Array; readonly named: VoterSet },
  ): Promise<void> {
    const { number } = next.held.content
    await this.#shelf.putNamed(before.content.number, next.named)
    await this.#shelf.putFormed(number, next.bytes, before.content.number)
    await this.#shelf.moveTo(number)
    await this.#parts.chain.store.putValue(heldName, anchorBytes(next.held))
  }
}

function setIn({ named }: CheckpointResponse, place: Place): Result<VoterSet, PeerFailure> {
  const set = readVoterSet(named, place.held.content.nextVotersRoot)
  return set.ok ? set : failure(set.error.code, place)
}

/**
 * Before anybody showed what follows from it, an anchor itself may be of another history than what
 * peers have: then they do nothing wrong. And stake that left without a checkpoint is nobody's
 * fault.
 */
function failure(code: string, place?: Place): ReturnType<typeof peerFault> {
  if (code === 'VOTERS_ROOT' && place?.isShared === false) {
    return notPeerFault('CHECKPOINT_ANCHOR_UNKNOWN')
  }
  return code === 'CHECKPOINT_LEFT_STAKE' ? notPeerFault(code) : peerFault(code)
}
