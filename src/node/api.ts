/**
 * What a running node tells its owner and what its owner can ask of it: the contract between
 * `src/app` (view models, in the window) and the node (in its worker, or in a Node process).
 *
 * Plain structured-clonable data. The node sends a whole `NodeSnapshot` at most four times a
 * second, only when something changed. Amounts are decimal strings of µEMO, hashes lowercase hex.
 */

import type { Outlook } from '../core/emotion/outlook.ts'
import type { ScoreMode } from '../core/emotion/scoreMode.ts'
import type { ProverStage } from '../ports/prover.ts'
import type { Elsewhere } from './strangers.ts'

/** The five phases of an epoch (docs/spec/epochs.md). */
export type EpochPhase =
  | 'EMOTIONAL_ASSESSMENT'
  | 'COMMITTEE_SELECTION'
  | 'BLOCK_PROPOSAL'
  | 'EMOTIONAL_VOTING'
  | 'BLOCK_FINALIZATION'

export interface BlockSummary {
  readonly height: number
  readonly hash: string
  readonly epoch: number
  readonly view: number
  readonly timeMs: number
  /** Seat index of the leader, and the account behind it. */
  readonly seat: number
  readonly proposer: string
  readonly seatCount: number
  /** Seat indices whose COMMIT is in the certificate. */
  readonly signers: readonly number[]
  readonly transactionCount: number
  /** From the header's time to the certificate seen here. */
  readonly finalAfterMs: number | undefined
  /** Certificate and parent link were checked by this node. */
  readonly verified: boolean
  /** BFT-12: as many seats signed as the threat level asks for; undefined where nobody counted. */
  readonly isStrong?: boolean
}

export interface SeatSummary {
  readonly seat: number
  readonly validator: string
  readonly mine: boolean
  readonly score: number
  /** Votes of this seat seen in the last views. */
  readonly heard: boolean
}

export interface EpochSummary {
  readonly epoch: number
  readonly startMs: number
  readonly lengthMs: number
  readonly phase: EpochPhase
  readonly seats: readonly SeatSummary[]
  /** Candidates whose READY for the next epoch is on chain. */
  readonly readyCount: number
  /** Known from the selection block on. */
  readonly nextSeats: readonly SeatSummary[] | undefined
}

/** Where this validator stands; the page turns it into one sentence, its cause and a next step. */
export type Duty =
  /** No keys are unlocked here: this node only follows. */
  | { readonly state: 'following' }
  /** Keys are unlocked, the account is not registered yet. */
  | { readonly state: 'unregistered' }
  /** Registration or bond is on its way into a block. */
  | { readonly state: 'registering'; readonly step: 'fund' | 'register' | 'bond' }
  /** Registered; too young to serve (EPOCH-0). */
  | { readonly state: 'waiting'; readonly servesFromEpoch: number; readonly startsAtMs: number }
  /** The sensor is live, a minute is not whole yet; `epoch` is the first that it can serve. */
  | { readonly state: 'measuring'; readonly epoch: number; readonly windowEndMs: number }
  | {
      readonly state: 'proving'
      readonly epoch: number
      readonly stage: ProverStage
      readonly percent: number
    }
  /** READY for `epoch` is sent; `onChain` when a final block holds it. */
  | { readonly state: 'ready'; readonly epoch: number; readonly onChain: boolean }
  /** Drawn for the next epoch, CONFIRM sent. */
  | { readonly state: 'confirmed'; readonly epoch: number; readonly seat: number | undefined }
  /** Holds a seat in the running epoch and votes. */
  | { readonly state: 'seated'; readonly epoch: number; readonly seat: number }
  /** Not drawn for this epoch; the next chance is known. */
  | { readonly state: 'idle'; readonly nextEpoch: number; readonly nextAtMs: number }
  /** Off duty without penalty until the cause is gone. */
  | { readonly state: 'absent'; readonly reason: DutyReason }
  /** Holds a seat but signs nothing until its service ends (BFT-10). */
  | { readonly state: 'abstaining'; readonly reason: DutyReason }
  | { readonly state: 'jailed'; readonly untilEpoch: number; readonly reason: DutyReason }

/** Stable codes; `src/app/words.ts` holds the sentence and the next step for each. */
export type DutyReason =
  | 'NO_SENSOR'
  | 'SENSOR_LOST'
  | 'SIGNAL_GAP'
  | 'SIGNAL_TOO_SHORT'
  | 'SIGNAL_QUALITY'
  | 'RHYTHM_IRREGULAR'
  | 'HEART_RATE_HIGH'
  | 'SCORE_LOW'
  | 'NO_BASELINE'
  /** No liveness credential in the leaf that the proof of this epoch is about (LIVE-6). */
  | 'NO_CREDENTIAL'
  | 'NO_PEERS'
  | 'CLOCK_OFF'
  | 'HIDDEN'
  | 'LATE'
  | 'STORAGE_FULL'
  /** The store went away or an own invariant broke: nothing is signed until the next start. */
  | 'NODE_FAILED'
  | 'RECORD_OLD'
  | 'RECORD_CORRUPT'
  | 'EPOCH_KEY_ELSEWHERE'
  | 'PROOF_FAILED'
  | 'STEPPED_DOWN'
  /** Consent was taken back (ZK-3): grant it again to serve. */
  | 'CONSENT_REVOKED'
  /** Registered, with less than the least bond (STAKE-1). */
  | 'UNBONDED'
  | 'SECOND_TAB'
  | 'EVIDENCE'
  /** Two chains are final: nothing is signed any more (FORK-1). */
  | 'FORK'
  /** A quorum certified what this node's own execution refuses. */
  | 'STATE_DIVERGED'
  /** The network was restarted below what is final here (RECOVER-1): start the chain anew. */
  | 'RESTART_PASSED'
  | 'RECOVERING'

/** One line of the epoch report. */
export interface DutyRecord {
  readonly epoch: number
  readonly outcome: 'served' | 'missed' | 'none'
  readonly reason: DutyReason | undefined
  readonly seat: number | undefined
}

export interface SensorSummary {
  readonly provenance: 'strap' | 'camera' | 'simulated'
  readonly state: 'searching' | 'connecting' | 'live' | 'lost' | 'reconnecting'
  readonly heartRateBpm: number | undefined
  /** RMSSD of the last 60 s, in ms; undefined when the window does not support it. */
  readonly rmssdMs: number | undefined
  /** 0..10000, with the reason when it is too low. */
  readonly quality: number
  readonly qualityReason: DutyReason | undefined
  /** Seconds of contiguous beats, up to 60. */
  readonly windowSeconds: number
  /** The score the window would give, 0..10000; undefined below the gate. */
  readonly score: number | undefined
}

export interface BaselineSummary {
  readonly state: 'none' | 'recording' | 'done'
  readonly recordedMs: number
  readonly neededMs: number
  readonly restBpm: number | undefined
  readonly rmssdMs: number | undefined
  /** Long enough, and still not taken: why. */
  readonly problem?: DutyReason | undefined
  /** Of a rest that is not done: what outlives a reload. */
  readonly kept?: KeptRest | undefined
}

/** What is kept of a rest that is not done, sealed under the keys: no beat (PRIV-1). */
export interface KeptRest {
  /** Unix time at which none of it counts any more and it is erased. */
  readonly untilMs: number
  /** 60 s each, oldest first. */
  readonly windows: readonly {
    readonly startMs: number
    readonly heartRateBpm: number
    readonly rmssdMs: number
  }[]
}

/** One window of a breathing challenge: what the person is asked to breathe (LIVE-1, LIVE-2). */
export interface AskedCodeword {
  /** Index into `codebook60`. */
  readonly codeword: number
  /** Its breaths, oldest first, each in half seconds. */
  readonly breathHalves: readonly number[]
}

/** A breathing challenge that this validator may answer now. */
export interface ChallengeSummary {
  /** The epoch whose beacon asks; the answer counts until its boundary (LIVE-2). */
  readonly epoch: number
  /** Of the windows 0 to 2, from the codebook of 60 s. */
  readonly asked: readonly AskedCodeword[]
  /** The boundary of `epoch`, as far as it is known: the answer is on chain by then. */
  readonly endsAtMs: number
  /** A guide of one window that begins later, with its breath to come in, ends too late. */
  readonly lastStartMs: number
  readonly step:
    /** Nothing was handed in. */
    | 'open'
    | 'proving'
    /** On its way into a block. */
    | 'sent'
}

/** The liveness credential of this validator (LIVE-6). */
export interface LivenessSummary {
  /** `granted`: by the genesis of a development chain, without any challenge. */
  readonly credential: 'none' | 'granted' | 'answered'
  /** Last epoch that it counts for, and when that epoch ends; undefined without one. */
  readonly expiryEpoch: number | undefined
  readonly expiresAtMs: number | undefined
  /** Asked now, and answerable. Answers to an earlier one are refused. */
  readonly challenge: ChallengeSummary | undefined
  /** When the next one may be asked, at the earliest, and when at the latest. */
  readonly nextFromMs: number | undefined
  readonly nextUntilMs: number | undefined
  /** Contact with the sensor is lost since then; after 10 s an answered credential ends. */
  readonly contactLostSinceMs: number | undefined
}

/** Beats while a person followed a codeword, from the guide's first breath on (LIVE-1). */
export interface AnsweredWindow {
  /** Intervals in 1/1024 s, oldest first. */
  readonly ticks: readonly number[]
  /** True for an interval that is no normal beat; as long as `ticks`. */
  readonly marks: readonly boolean[]
  /** From the start of the window to the start of the first interval, 1/1024 s. */
  readonly firstOffsetTicks: number
}

export interface AccountSummary {
  readonly id: string
  readonly balanceMicro: string
  readonly bondedMicro: string
  /** STAKE-1: what was bonded, and is within reach of slashing until then; unix ms. */
  readonly unbonding: readonly { readonly amountMicro: string; readonly freeFromMs: number }[]
  /** How long unbonding takes on this chain. */
  readonly unbondingMs: number
  /** Of the consent that stands (PRIV-4); 0 when it was taken back, undefined before any. */
  readonly consentVersion: number | undefined
  readonly nonce: number
}

/** The proof of the newest READY. */
export interface ProofSummary {
  readonly epoch: number
  readonly tookMs: number
  /** From the finished proof to the moment when READY closes (EPOCH-0). */
  readonly marginMs: number
  /** Whether this node took the READY and sent it on; no block has it yet by that. */
  readonly accepted: boolean
}

/** Whether this device is quick enough (ZK-5). */
export interface ProvingSummary {
  /** Of a proof about made-up beats, with this device's prover; undefined until it was tried. */
  readonly triedMs: number | undefined
  /** From the latest moment at which the duty cycle begins a proof until READY closes. */
  readonly availableMs: number
}

export interface NodeSnapshot {
  readonly chainId: string
  readonly devnet: boolean
  readonly nowMs: number
  readonly sync: {
    readonly state: 'starting' | 'syncing' | 'live'
    readonly height: number
    readonly target: number
  }
  readonly head: BlockSummary | undefined
  /** Newest first, at most 50. */
  readonly blocks: readonly BlockSummary[]
  readonly epoch: EpochSummary | undefined
  readonly duty: Duty
  /** Newest last, at most 120 epochs. */
  readonly history: readonly DutyRecord[]
  readonly account: AccountSummary | undefined
  readonly sensor: SensorSummary | undefined
  /** FIT-5; undefined while there is no score, or too few before it. */
  readonly outlook?: Outlook | undefined
  readonly baseline: BaselineSummary
  /** Undefined while no keys are unlocked or the account is not registered. */
  readonly liveness?: LivenessSummary | undefined
  readonly peers: readonly {
    readonly peer: string
    readonly path: string
    readonly isRelay: boolean
    readonly roundTripMs: number | undefined
    readonly seat: number | undefined
  }[]
  /** How far the seats are ahead of this clock; 0 while too few answer (TIME-1). */
  readonly clockOffsetMs: number
  /** ENC-2: what most peers are that were met lately, when that is not this chain. */
  readonly elsewhere?: Elsewhere | undefined
  /** How often something was refused since the start, by code. */
  readonly refused?: Readonly<Record<string, number>>
  /** Median and 95th percentile of finality over the last blocks, from header time. */
  readonly finalityMs:
    { readonly median: number; readonly p95: number; readonly count: number } | undefined
  readonly storageBytes: number | undefined
  readonly mempoolCount: number
  /** Last proof made here. */
  readonly lastProof: ProofSummary | undefined
  readonly proving: ProvingSummary
}

/** Secrets of an unlocked vault, handed to the node once. All 32 bytes. */
export interface UnlockedKeys {
  readonly identitySeed: Uint8Array
  readonly vrfSeed: Uint8Array
  readonly networkSeed: Uint8Array
  readonly proofSecret: Uint8Array
}

export type NodeCommand =
  | { readonly type: 'unlock'; readonly keys: UnlockedKeys }
  /** Forgets the keys; steps down first. */
  | { readonly type: 'lock' }
  | { readonly type: 'startBaseline' }
  | { readonly type: 'pauseBaseline' }
  /** Erases what was recorded of a rest that is not done, whether the keys are locked or not. */
  | { readonly type: 'forgetRest' }
  /** PRIV-5: what the next proofs say of the score; `threshold` until something else is asked. */
  | { readonly type: 'scoreMode'; readonly mode: ScoreMode }
  /** Faucet (devnets), register and bond, in this order, whatever is still missing. */
  | { readonly type: 'becomeValidator'; readonly consentVersion: number }
  /** Announces absence and finishes the running service. */
  | { readonly type: 'stepDown' }
  | { readonly type: 'standReady' }
  /** Grants consent to that version of its text, or with 0 takes it back (PRIV-4, ZK-3). */
  | { readonly type: 'consent'; readonly version: number }
  /**
   * LIVE-1: the windows of the challenge of that epoch from the first on, 60 s each. Returns when
   * the proof is on its way to a block, or with the reason why it is not: `CHALLENGE_OVER`,
   * `WEAK_RESPONSE` or `OTHER_RHYTHM` (another window may help, or the next challenge), a code of
   * the window or of the proof.
   */
  | {
      readonly type: 'answerChallenge'
      readonly epoch: number
      readonly windows: readonly AnsweredWindow[]
    }
  /** STAKE-1: all of the bond; it is free after the unbonding time, and then to be withdrawn. */
  | { readonly type: 'unbond' }
  | { readonly type: 'withdraw' }
  | { readonly type: 'transfer'; readonly recipient: string; readonly amountMicro: string }
  /** COM-3: the countersigned label of an operator as text, `''` to take it off. */
  | { readonly type: 'labelOperator'; readonly label: string }
  /** The window tells what the worker cannot see. */
  | { readonly type: 'visibility'; readonly hidden: boolean }
  | { readonly type: 'leaving' }
  /** After `RESTART_PASSED`: the next start of this node drops its chain, and keeps all else. */
  | { readonly type: 'startAnew' }

export type CommandResult =
  | { readonly ok: true; readonly value?: string }
  /** `message` says what happened and what to do, in a person's words. */
  | { readonly ok: false; readonly code: string; readonly message: string }

/** The node as the window sees it; implemented over the worker's port. */
export interface NodeClient {
  snapshot(): NodeSnapshot | undefined
  onSnapshot(handler: (snapshot: NodeSnapshot) => void): () => void
  command(command: NodeCommand): Promise<CommandResult>
  /** Blocks by height, newest first, from this node's own store. */
  blocks(beforeHeight: number, countMax: number): Promise<readonly BlockSummary[]>
  validators(): Promise<readonly ValidatorSummary[]>
}

export interface ValidatorSummary {
  readonly id: string
  readonly bondedMicro: string
  readonly reputation: number
  readonly registeredEpoch: number
  readonly jailedUntilEpoch: number | undefined
  readonly absent: boolean
  readonly seated: boolean
}
