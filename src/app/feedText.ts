/**
 * The text form of the light feed: what a relay streams and what this browser remembers.
 *
 * Both come from outside, so both are decoded strictly: bounded sizes, checked types, else nothing.
 */

import type { BlockSummary, EpochPhase, EpochSummary, SeatSummary } from '../node/api.ts'
import type { ChainInfo, FeedBlock, FeedState } from './services.ts'

export interface FeedStatus {
  readonly chain: ChainInfo
  readonly epoch: EpochSummary | undefined
}

const textMax = 256 * 1024
const blocksMax = 50
const seatsMax = 63
const proofMax = 128 * 1024

const phases: readonly EpochPhase[] = [
  'EMOTIONAL_ASSESSMENT',
  'COMMITTEE_SELECTION',
  'BLOCK_PROPOSAL',
  'EMOTIONAL_VOTING',
  'BLOCK_FINALIZATION',
]

/** A stored state: its connection is over and its checks are not repeated here. */
export function feedFromText(text: string | undefined): FeedState | undefined {
  const value = parse(text)
  if (value === undefined) return undefined
  const blocks = list(value['blocks'], blocksMax)?.map(blockSummary)
  const receivedMs = count(value['receivedMs'])
  if (blocks === undefined || receivedMs === undefined) return undefined
  return {
    connection: 'connecting',
    chain: chainInfo(value['chain']),
    epoch: epochSummary(value['epoch']),
    blocks: blocks.filter((block) => block !== undefined),
    check: value['check'] === 'verified' ? 'verified' : 'checking',
    receivedMs,
  }
}

export function feedToText(state: FeedState): string {
  const { chain, epoch, check, receivedMs } = state
  return JSON.stringify({ chain, epoch, check, receivedMs, blocks: state.blocks.slice(0, 12) })
}

/** `event: status`. */
export function statusFromText(text: string): FeedStatus | undefined {
  const value = parse(text)
  const chain = value === undefined ? undefined : chainInfo(value)
  if (value === undefined || chain === undefined) return undefined
  return { chain, epoch: epochSummary(value['epoch']) }
}

/** `event: block`. Not verified, whatever it says. */
export function blockFromText(text: string): FeedBlock | undefined {
  const value = parse(text)
  const summary = value === undefined ? undefined : blockSummary(value['summary'])
  if (value === undefined || summary === undefined) return undefined
  const header = string(value['header'], proofMax)
  const certificate = string(value['certificate'], proofMax)
  if (header === undefined || certificate === undefined) return undefined
  return { summary: { ...summary, verified: false }, header, certificate }
}

export function blockSummary(input: unknown): BlockSummary | undefined {
  if (!isRecord(input)) return undefined
  const height = count(input['height'])
  const hash = hexText(input['hash'])
  const epoch = count(input['epoch'])
  const view = count(input['view'])
  const timeMs = count(input['timeMs'])
  const seat = count(input['seat'])
  const proposer = string(input['proposer'], 128)
  const seatCount = count(input['seatCount'])
  const signers = list(input['signers'], seatsMax)?.map(count)
  const transactionCount = count(input['transactionCount'])
  if (height === undefined || hash === undefined || epoch === undefined) return undefined
  if (view === undefined || timeMs === undefined || seat === undefined) return undefined
  if (proposer === undefined || seatCount === undefined || seatCount > seatsMax) return undefined
  if (signers === undefined || transactionCount === undefined) return undefined
  return {
    height,
    hash,
    epoch,
    view,
    timeMs,
    seat,
    proposer,
    seatCount,
    signers: signers.filter((signer) => signer !== undefined && signer < seatCount),
    transactionCount,
    finalAfterMs: count(input['finalAfterMs']),
    verified: input['verified'] === true,
  }
}

function epochSummary(input: unknown): EpochSummary | undefined {
  if (!isRecord(input)) return undefined
  const epoch = count(input['epoch'])
  const startMs = count(input['startMs'])
  const lengthMs = count(input['lengthMs'])
  const seats = list(input['seats'], seatsMax)?.map(seatSummary)
  const phase = phases.find((name) => name === input['phase'])
  if (epoch === undefined || startMs === undefined || lengthMs === undefined) return undefined
  if (phase === undefined || seats === undefined) return undefined
  return {
    epoch,
    startMs,
    lengthMs,
    phase,
    seats: seats.filter((seat) => seat !== undefined),
    readyCount: count(input['readyCount']) ?? 0,
    nextSeats: undefined,
  }
}

function seatSummary(input: unknown): SeatSummary | undefined {
  if (!isRecord(input)) return undefined
  const seat = count(input['seat'])
  const validator = string(input['validator'], 128)
  if (seat === undefined || validator === undefined) return undefined
  const score = count(input['score']) ?? 0
  return { seat, validator, mine: false, score, heard: input['heard'] === true }
}

function chainInfo(input: unknown): ChainInfo | undefined {
  if (!isRecord(input)) return undefined
  const chainId = string(input['chainId'], 128)
  return chainId === undefined ? undefined : { chainId, devnet: input['devnet'] === true }
}

function parse(text: string | undefined): Readonly<Record<string, unknown>> | undefined {
  if (text === undefined || text.length > textMax) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function count(value: unknown): number | undefined {
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) return undefined
  return value <= Number.MAX_SAFE_INTEGER ? Math.floor(value) : undefined
}

function string(value: unknown, lengthMax: number): string | undefined {
  return typeof value === 'string' && value.length <= lengthMax ? value : undefined
}

function hexText(value: unknown): string | undefined {
  return typeof value === 'string' && /^[0-9a-f]{1,128}$/.test(value) ? value : undefined
}

function list(value: unknown, countMax: number): readonly unknown[] | undefined {
  return Array.isArray(value) && value.length <= countMax ? value : undefined
}
