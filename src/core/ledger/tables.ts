/** The tables of the state tree (STATE-1). Bytes and ids are part of the protocol. */
import { concat, u32be, u64be } from '../base/bytes.ts'
import { Committee } from '../codec/chain.ts'
import {
  CheckpointKeyOwner,
  CheckpointRecord,
  CheckpointVoters,
  DoubleVotes,
  DutyLease,
} from '../codec/checkpoint.ts'
import {
  Account,
  ChainInfo,
  Convictions,
  Draw,
  EnrolmentChange,
  EnrolmentMeta,
  EnrolmentNode,
  EpochRecord,
  EvidenceMark,
  FitnessState,
  NullifierMark,
  Parameters,
  ReadyEntry,
  RecentRoot,
  Reviews,
  SharingDeal,
  SharingRound,
  ShownShares,
  Supply,
  Tip,
  Validator,
} from '../codec/state.ts'
import type { MessageCodec } from '../codec/strict.ts'
import type { Single, Table } from './state.ts'

const none = new Uint8Array(0)

function single<V>(byte: number, codec: MessageCodec<V>): Single<V> {
  return { byte, codec, idBytes: () => none }
}

function byKey<V>(byte: number, codec: MessageCodec<V>): Table<Uint8Array, V> {
  return { byte, codec, idBytes: (id) => id }
}

function byNumber<V>(byte: number, codec: MessageCodec<V>): Table<number, V> {
  return { byte, codec, idBytes: (id) => u64be(id) }
}

export const chainInfo = single(1, ChainInfo)
export const parameters = single(2, Parameters)
export const supply = single(3, Supply)
export const tip = single(4, Tip)
export const epochRecord = single(5, EpochRecord)
export const draw = single(6, Draw)
/** Of the running epoch (BEACON-6), as the two tables of deals and shares below. */
export const sharingRound = single(7, SharingRound)
export const enrolmentMeta = single(8, EnrolmentMeta)
export const checkpointRecord = single(9, CheckpointRecord)

/** By Ed25519 public key. */
export const accounts = byKey(16, Account)
export const validators = byKey(17, Validator)
/** By epoch. */
export const committees = byNumber(18, Committee)
/** By validator; of the running epoch. */
export const readyEntries = byKey(19, ReadyEntry)
/** By nullifier; of the running epoch. */
export const nullifiers = byKey(20, NullifierMark)
export const enrolmentNodes: Table<EnrolmentPlace, EnrolmentNode> = {
  byte: 21,
  codec: EnrolmentNode,
  idBytes: ({ level, index }) => concat(u32be(level), u32be(index)),
}
/** By sequence number. */
export const enrolmentChanges = byNumber(22, EnrolmentChange)
export const evidenceMarks: Table<EvidenceMark, EvidenceMark> = {
  byte: 23,
  codec: EvidenceMark,
  idBytes: ({ kind, epoch, view, seat }) =>
    concat(u32be(kind), u64be(epoch), u64be(view), u32be(seat)),
}
/** By epoch of the offence. */
export const convictions = byNumber(24, Convictions)
/** By height modulo `recentRootsKept`. */
export const recentRoots = byNumber(25, RecentRoot)

/** By validator (CKPT-1). */
export const duties = byKey(26, DutyLease)
/** By BLS key, or by hash of the ML-DSA-87 key. */
export const checkpointKeyOwners = byKey(27, CheckpointKeyOwner)

/** Sets of voters that the state holds, each cut into leaves. */
export const voterSetRoles = { named: 1, next: 2, postQuantum: 3, restart: 4 } as const
export type VoterSetRole = (typeof voterSetRoles)[keyof typeof voterSetRoles]

export const checkpointVoters: Table<
  { readonly role: VoterSetRole; readonly leaf: number },
  CheckpointVoters
> = {
  byte: 28,
  codec: CheckpointVoters,
  idBytes: ({ role, leaf }) => concat(u32be(role), u32be(leaf)),
}

/** By number of the checkpoint. */
export const doubleVotes = byNumber(29, DoubleVotes)
/** Who was convicted of which number: kept for good, so that nobody is twice. */
export const doubleVoteMarks: Table<
  { readonly account: Uint8Array; readonly number: number },
  CheckpointKeyOwner
> = {
  byte: 30,
  codec: CheckpointKeyOwner,
  idBytes: ({ account, number }) => concat(account, u64be(number)),
}

/** By dealer. */
export const sharingDeals = byNumber(31, SharingDeal)
/** Of deals whose secret is not known yet. */
export const shownShares: Table<{ readonly dealer: number; readonly seat: number }, ShownShares> = {
  byte: 32,
  codec: ShownShares,
  idBytes: ({ dealer, seat }) => concat(u32be(dealer), u32be(seat)),
}

/** By reviewer; of the running epoch (ZK-4). */
export const reviews = byKey(33, Reviews)

/** By validator (FIT-3). */
export const fitnessStates = byKey(34, FitnessState)

/** A node of the enrolment tree: level 0 holds the leaves, level 20 the root. */
export interface EnrolmentPlace {
  readonly level: number
  readonly index: number
}
