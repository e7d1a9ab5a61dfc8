/**
 * The hash of the chain: BLAKE3-256 in derive-key mode, one context for each use (HASH-1).
 *
 * A digest of one use can never be taken for a digest of another. The parts are hashed one after
 * the other without separators: callers give parts of fixed length or self-delimiting ones, so
 * that no two inputs of one use read the same.
 *
 * What fits into one chunk, and that is nearly everything, takes the way of `blake3Chunk.ts`.
 */

import { blake3 } from '@noble/hashes/blake3.js'
import { utf8 } from '../base/bytes.ts'
import { blake3Chunk, blake3ChunkBytes, contextKey, type ContextKey } from './blake3Chunk.ts'

/** Context of every use. The strings are part of the protocol: changing one is a new chain. */
export const hashContexts = {
  header: 'emotionalchain/v1/header',
  body: 'emotionalchain/v1/body',
  batch: 'emotionalchain/v1/batch',
  transaction: 'emotionalchain/v1/transaction',
  txTree: 'emotionalchain/v1/tx-tree',
  txLeaf: 'emotionalchain/v1/tx-leaf',
  receiptTree: 'emotionalchain/v1/receipt-tree',
  receiptLeaf: 'emotionalchain/v1/receipt-leaf',
  smtLeaf: 'emotionalchain/v1/smt-leaf',
  smtNode: 'emotionalchain/v1/smt-node',
  smtKey: 'emotionalchain/v1/smt-key',
  vote: 'emotionalchain/v1/vote',
  certificate: 'emotionalchain/v1/certificate',
  ticket: 'emotionalchain/v1/ticket',
  beacon: 'emotionalchain/v1/beacon',
  sharing: 'emotionalchain/v1/sharing',
  seatOrder: 'emotionalchain/v1/seat-order',
  leaderOrder: 'emotionalchain/v1/leader-order',
  committee: 'emotionalchain/v1/committee',
  genesis: 'emotionalchain/v1/genesis',
  identity: 'emotionalchain/v1/identity',
  account: 'emotionalchain/v1/account',
  audit: 'emotionalchain/v1/audit',
  proofBytes: 'emotionalchain/v1/proof-bytes',
  justification: 'emotionalchain/v1/justification',
  message: 'emotionalchain/v1/message',
  registrationWork: 'emotionalchain/v1/registration-work',
  restart: 'emotionalchain/v1/restart',
  restartTip: 'emotionalchain/v1/restart-tip',
  restartSeat: 'emotionalchain/v1/restart-seat',
  restartList: 'emotionalchain/v1/restart-list',
  restartStake: 'emotionalchain/v1/restart-stake',
  restartDraw: 'emotionalchain/v1/restart-draw',
  evidence: 'emotionalchain/v1/evidence',
  epochKey: 'emotionalchain/v1/epoch-key',
  readyWindow: 'emotionalchain/v1/ready-window',
  codeword: 'emotionalchain/v1/codeword',
  wellness: 'emotionalchain/v1/wellness',
  renewal: 'emotionalchain/v1/renewal',
  sensorStream: 'emotionalchain/v1/sensor-stream',
  livenessProof: 'emotionalchain/v1/liveness-proof',
  keyDerivation: 'emotionalchain/v1/key-derivation',
  safetyRecord: 'emotionalchain/v1/safety-record',
  keyFile: 'emotionalchain/v1/key-file',
  checkpoint: 'emotionalchain/v1/checkpoint',
  checkpointPostQuantum: 'emotionalchain/v1/checkpoint-post-quantum',
  checkpointVoter: 'emotionalchain/v1/checkpoint-voter',
  checkpointVoters: 'emotionalchain/v1/checkpoint-voters',
  checkpointDraw: 'emotionalchain/v1/checkpoint-draw',
  checkpointAnchor: 'emotionalchain/v1/checkpoint-anchor',
  postQuantumKey: 'emotionalchain/v1/post-quantum-key',
  operatorLabel: 'emotionalchain/v1/operator-label',
  reviewer: 'emotionalchain/v1/reviewer',
} as const

export type HashDomain = keyof typeof hashContexts

/** Bytes of a digest. */
export const hashBytes = 32

type KeyedState = ReturnType<typeof blake3.create>

const contextKeys = new Map<HashDomain, ContextKey>()
const keyedStates = new Map<HashDomain, KeyedState>()

export function hash(domain: HashDomain, ...parts: readonly Uint8Array[]): Uint8Array {
  let sizeBytes = 0
  for (const part of parts) sizeBytes += part.length
  if (sizeBytes <= blake3ChunkBytes) return blake3Chunk(contextKeyOf(domain), parts)
  const state = keyedStateOf(domain).clone()
  for (const part of parts) state.update(part)
  return state.digest()
}

/** The context key is derived once a domain, here and below. */
function contextKeyOf(domain: HashDomain): ContextKey {
  const known = contextKeys.get(domain)
  if (known !== undefined) return known
  const key = contextKey(utf8(hashContexts[domain]))
  contextKeys.set(domain, key)
  return key
}

/** For inputs of more than one chunk: each hash starts from a copy of that state. */
function keyedStateOf(domain: HashDomain): KeyedState {
  const known = keyedStates.get(domain)
  if (known !== undefined) return known
  const state = blake3.create({ context: utf8(hashContexts[domain]) })
  keyedStates.set(domain, state)
  return state
}
