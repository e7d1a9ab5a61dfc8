/**
 * The agreement of one epoch: its state, what it is told (inputs) and what it orders (effects).
 *
 * Plain data. `step` (step.ts) is the only way from one state to the next; the shell in `src/node`
 * carries the effects out, in their order, and never lets one that follows a `persist` happen
 * before that record is durable (BFT-10).
 */
import type { Certificate, Header, Proposal, Vote } from '../codec/chain.ts'
import type { ShownProposal } from '../committee/proposalFault.ts'
import type { BlsBackend } from '../crypto/bls.ts'
import type { HashHex, SeatIndex, TimeMs, View } from '../types/ids.ts'

export interface AgreementSeat {
  /** Epoch key of the seat (EPOCH-3), 48 bytes. */
  readonly epochKey: Uint8Array
  readonly power: number
}

/** A block every seat of the epoch starts from: boundary(e-1), or the genesis block. */
export interface AgreementRoot {
  readonly hash: Uint8Array
  readonly height: number
  readonly timeMs: TimeMs
  /** The hand-over (EPOCH-2): FC of the boundary or of a tail; undefined for the genesis. */
  readonly certificate: Certificate | undefined
  /** Headers from above the boundary up to the certified tail. */
  readonly path: readonly Uint8Array[]
}

export interface AgreementTimes {
  /** Δ of BFT-9 and its two caps. */
  readonly deltaMs: number
  readonly deltaCapMs: number
  readonly deltaSlowCapMs: number
  /** PACE-1: least distance between a block's time and its parent's. */
  readonly blockIntervalMs: number
  /** TIME-1: how old and how new a header may be for a voter. */
  readonly timePastMs: number
  readonly timeFutureMs: number
  /** BFT-8. */
  readonly standstillMs: number
}

/** The own seat; its key stays behind `sign` (EPOCH-3), which is deterministic. */
export interface OwnSeat {
  readonly seat: SeatIndex
  readonly sign: (message: Uint8Array) => Uint8Array
  /** A hint that `sign` will probably be asked for this message; it stays behind `sign` too. */
  readonly prepare?: (message: Uint8Array) => void
}

/** What does not change within an epoch. */
export interface AgreementEnv {
  readonly chainId: string
  readonly epoch: number
  /** Which Restart of the epoch named the committee, 0 for none (RECOVER-1). */
  readonly attempt: number
  readonly committeeRoot: Uint8Array
  readonly seats: readonly AgreementSeat[]
  /** COM-4: seat of view v is `leaders[(v - 1) mod n]`. */
  readonly leaders: readonly number[]
  /** Total power, F and the quorum, fixed by the hand-over (BFT-11). */
  readonly totalPower: number
  readonly faultyPower: number
  readonly quorumPower: number
  /** BFT-12: power that makes a final block strong; at least the quorum. */
  readonly strongPower: number
  readonly root: AgreementRoot
  readonly times: AgreementTimes
  readonly bls: BlsBackend
  /** Undefined for a node that only follows. */
  readonly own: OwnSeat | undefined
}

/** Why a seat that could sign does not. */
export type AbstainReason = 'RECORD_OLD' | 'RECORD_CORRUPT' | 'STATE_DIVERGED' | 'FORK'

export type Mode =
  | { readonly type: 'active' }
  /** BFT-10: waits for the answers of F+1 power; `answered` holds the seats heard. */
  | { readonly type: 'recovering'; readonly answered: readonly number[] }
  | { readonly type: 'abstaining'; readonly reason: AbstainReason }
  | { readonly type: 'observing' }
  /** The boundary is final: nothing more is signed in this epoch. */
  | { readonly type: 'closed' }

/** A header above the final block. */
export interface BlockNode {
  readonly hash: Uint8Array
  readonly key: HashHex
  readonly header: Header
  readonly headerBytes: Uint8Array
  readonly parentKey: HashHex
  /** `held`: body here, not checked; `checking`: the shell executes it. */
  readonly validity: 'held' | 'checking' | 'valid' | 'invalid'
  /** The block ends the epoch, or descends from one that does (EPOCH-2). */
  readonly isBoundary: boolean
  readonly isTail: boolean
  readonly proposal: Proposal
}

/** A vote as received; its signature is checked only when it matters. */
export interface VoteSlot {
  readonly vote: Vote
  readonly verified: boolean
  /** Held in a sum with others, when one of them was wrong: that says nothing of it alone. */
  readonly summed?: boolean
}

export interface ViewState {
  /** First header of the leader whose signature holds. */
  readonly proposed: HashHex | undefined
  /** By block key ('' for SKIP) and seat. At most two different blocks a seat are kept. */
  readonly votes: ReadonlyMap<number, VoteSlot>
  readonly commits: ReadonlyMap<number, VoteSlot>
  readonly skips: ReadonlyMap<number, VoteSlot>
  readonly quorum: Certificate | undefined
  readonly commitCertificate: Certificate | undefined
  readonly skipCertificate: Certificate | undefined
  /** A commit certificate of strong power was reported (BFT-12). */
  readonly isStrong: boolean
  readonly own: OwnVotes
}

/** What this seat signed in a view: the content of the safety record. */
export interface OwnVotes {
  readonly propose: Vote | undefined
  readonly vote: Vote | undefined
  readonly commit: Vote | undefined
  readonly skip: Vote | undefined
}

export interface Agreement {
  readonly mode: Mode
  readonly view: View
  readonly enteredAtMs: TimeMs
  /** View of the highest FC; 0 is the root. */
  readonly finalView: View
  readonly finalKey: HashHex
  readonly finalCertificate: Certificate | undefined
  /** Nothing is signed in views below it. */
  readonly floorView: View
  readonly views: ReadonlyMap<View, ViewState>
  readonly blocks: ReadonlyMap<HashHex, BlockNode>
  /** Highest view in which a signature of each seat was seen to hold, by seat index. */
  readonly heardViews: readonly number[]
  /** The `build` that is out, with the justification its header commits to. */
  readonly building: Building | undefined
  readonly lastProgressAtMs: TimeMs
  readonly lastStandstillAtMs: TimeMs
  /** Since when a block is missing, or when it was last asked for; undefined when none is. */
  readonly missingAtMs: TimeMs | undefined
  /** Sequence number of the newest safety record. */
  readonly sequence: number
  /** Proposals that were wrong by their bytes; the newest. */
  readonly malformed: readonly Malformed[]
  /** Evidence already filed, by kind:view:seat. */
  readonly filed: readonly string[]
}

export interface Building {
  readonly view: View
  readonly parentKey: HashHex
  readonly isFirstOfEpoch: boolean
  readonly certificate: Certificate | undefined
  readonly skips: readonly Certificate[]
}

export type Input =
  | { readonly type: 'start'; readonly nowMs: TimeMs }
  | { readonly type: 'tick'; readonly nowMs: TimeMs }
  | { readonly type: 'proposal'; readonly nowMs: TimeMs; readonly proposal: Proposal }
  | { readonly type: 'vote'; readonly nowMs: TimeMs; readonly vote: Vote }
  | { readonly type: 'certificate'; readonly nowMs: TimeMs; readonly certificate: Certificate }
  /** The shell executed a block on its parent's state. */
  | {
      readonly type: 'checked'
      readonly nowMs: TimeMs
      readonly hash: Uint8Array
      readonly valid: boolean
      readonly isBoundary: boolean
    }
  /** Answer to `build`; the block is valid by construction. */
  | {
      readonly type: 'built'
      readonly nowMs: TimeMs
      readonly view: View
      readonly header: Uint8Array
      readonly body: Uint8Array
      readonly isBoundary: boolean
    }
  /** The shell could not build (parent gone, body too large): skip this view. */
  | { readonly type: 'buildFailed'; readonly nowMs: TimeMs; readonly view: View }
  | {
      readonly type: 'recoverAnswer'
      readonly nowMs: TimeMs
      readonly seat: SeatIndex
      readonly certificates: readonly Certificate[]
      readonly votes: readonly Vote[]
    }
  /**
   * The shell caught up by final blocks (SYNC-1): it verified the certificate and executed
   * everything up to `header`.
   */
  | {
      readonly type: 'synced'
      readonly nowMs: TimeMs
      readonly header: Uint8Array
      readonly body: Uint8Array
      readonly certificate: Certificate
    }
  /** A gap of more than 2 s in this seat's own time: recover before signing (BFT-10). */
  | { readonly type: 'gap'; readonly nowMs: TimeMs }

/** What a seat signed and no honest one does, for EVID-1. */
export type Contradiction = ContradictingVotes | MalformedVote

export interface ContradictingVotes {
  readonly kind: 'E1_DOUBLE_PROPOSE' | 'E2_DOUBLE_VOTE' | 'E3_DOUBLE_COMMIT' | 'E4_COMMIT_AND_SKIP'
  readonly seat: SeatIndex
  readonly first: Vote
  readonly second: Vote
}

/** A PROPOSE, VOTE or COMMIT for bytes that are wrong by themselves (E5, E6). */
export interface MalformedVote {
  readonly kind: 'E5_MALFORMED_PROPOSAL' | 'E6_VOTE_ON_MALFORMED'
  readonly seat: SeatIndex
  readonly first: Vote
  readonly shown: ShownProposal
}

/** A proposal that no honest seat votes for (E6). */
export interface Malformed {
  readonly key: HashHex
  readonly view: number
  readonly shown: ShownProposal
}

export interface BuildRequest {
  readonly view: View
  readonly seat: SeatIndex
  /** Parent to extend: its key and what the header says of it. */
  readonly parent: HashHex
  readonly parentHeight: number
  readonly parentTimeMs: TimeMs
  /** A tail carries no payload and leaves the state alone (EPOCH-2). */
  readonly isTail: boolean
  readonly justification: Uint8Array
  /** PACE-1. */
  readonly notBeforeMs: TimeMs
}

export type Effect =
  /** Durable before any later effect of this step (BFT-10); `pending` are the blocks voted for. */
  | {
      readonly type: 'persist'
      readonly sequence: number
      readonly record: Uint8Array
      readonly pending: readonly { readonly hash: Uint8Array; readonly bytes: Uint8Array }[]
    }
  | { readonly type: 'sendProposal'; readonly proposal: Proposal }
  | { readonly type: 'sendVote'; readonly vote: Vote }
  | { readonly type: 'sendCertificate'; readonly certificate: Certificate }
  | { readonly type: 'build'; readonly request: BuildRequest }
  /** Execute the block on its parent and answer with `checked`. */
  | { readonly type: 'check'; readonly node: BlockNode }
  /** Fetch proposals by header hash from the signers of a certificate. */
  | {
      readonly type: 'fetch'
      readonly hashes: readonly Uint8Array[]
      readonly seats: readonly number[]
    }
  /** Blocks that became final, oldest first; `path` leads from the last to the certified one. */
  | {
      readonly type: 'final'
      readonly nodes: readonly BlockNode[]
      readonly path: readonly Uint8Array[]
      readonly certificate: Certificate
      readonly closesEpoch: boolean
    }
  /** BFT-12: a certified block that more than a quorum has signed. */
  | { readonly type: 'strong'; readonly certificate: Certificate }
  | { readonly type: 'evidence'; readonly contradiction: Contradiction }
  /** The very object of an input: its signature does not hold, maybe found long after it came. */
  | { readonly type: 'refused'; readonly message: Vote | Certificate | Proposal }
  | { readonly type: 'wake'; readonly atMs: TimeMs }
  /** FORK-1, or a quorum that disagrees with this node's own execution. */
  | {
      readonly type: 'alarm'
      readonly code: 'FORK' | 'STATE_DIVERGED'
      readonly view: View
      /** What shows it: the pair that excludes each other, or what leads past a final block. */
      readonly certificates: readonly Certificate[]
      /** Seats that signed both of a pair. */
      readonly culprits: readonly SeatIndex[]
    }

export interface Step {
  readonly state: Agreement
  readonly effects: readonly Effect[]
}

/** How far above the current view messages are kept, and below the final one votes are. */
export const viewWindow = { ahead: 64, behind: 16 } as const
