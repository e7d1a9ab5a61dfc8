/**
 * What a relay answers and what this browser remembers, as the page understands it.
 *
 * Both come from outside, so both are decoded strictly: bounded sizes, checked types, else nothing.
 */

import type { BlockSummary, EpochSummary, SeatSummary, ValidatorSummary } from '../node/api.ts'
import { epochClock, phaseSpans } from './phases.ts'
import type { ChainInfo, FeedBlock, FeedState } from './services.ts'

type Fields = Readonly<Record<string, unknown>>

const textMax = 512 * 1024
const blocksMax = 100
const seatsMax = 63
const bytesMax = 256 * 1024

/** A stored state: its connection is over and its checks are not repeated. */
export function feedFromText(text: string | undefined): FeedState | undefined {
  const value = fieldsOf(parseText(text))
  const blocks = listOf(value?.['blocks'], blocksMax)
  const receivedMs = countOf(value?.['receivedMs'])
  if (value === undefined || blocks === undefined || receivedMs === undefined) return undefined
  return {
    connection: 'connecting',
    chain: chainOf(value['chain']),
    epoch: epochOf(value['epoch'], countOf(fieldsOf(value['epoch'])?.['lengthMs']), receivedMs),
    blocks: blocksOf(blocks),
    check: value['check'] === 'verified' ? 'verified' : 'checking',
    receivedMs,
  }
}

export function feedToText(state: FeedState): string {
  const { chain, epoch, check, receivedMs } = state
  return JSON.stringify({ chain, epoch, check, receivedMs, blocks: state.blocks.slice(0, 12) })
}

export function parseText(text: string | undefined): unknown {
  if (text === undefined || text.length > textMax) return undefined
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

/** `{ items: […] }`, as every list of the API. */
export function itemsOf(answer: unknown): readonly unknown[] {
  return listOf(fieldsOf(answer)?.['items'], blocksMax) ?? []
}

export function blocksOf(list: readonly unknown[]): readonly BlockSummary[] {
  return list.map(blockOf).filter((block) => block !== undefined)
}

export function blockOf(input: unknown): BlockSummary | undefined {
  const fields = fieldsOf(input)
  if (fields === undefined) return undefined
  const height = countOf(fields['height'])
  const hash = hexOf(fields['hash'])
  const epoch = countOf(fields['epoch'])
  const view = countOf(fields['view'])
  const timeMs = countOf(fields['timeMs'])
  const seat = countOf(fields['seat'])
  const proposer = textOf(fields['proposer'], 128)
  const signers = listOf(fields['signers'], seatsMax)
  const transactionCount = countOf(fields['transactionCount'])
  if (height === undefined || hash === undefined || epoch === undefined) return undefined
  if (view === undefined || timeMs === undefined || seat === undefined) return undefined
  if (proposer === undefined || signers === undefined || transactionCount === undefined) {
    return undefined
  }
  const seats = signers.map(countOf).filter((signer) => signer !== undefined && signer < seatsMax)
  const signed = seats.filter((signer) => signer !== undefined)
  // The API leaves the number of seats to the epoch: at least those that show themselves.
  const seatCount = countOf(fields['seatCount']) ?? Math.max(seat, ...signed, 0) + 1
  return {
    height,
    hash,
    epoch,
    view,
    timeMs,
    seat,
    proposer,
    seatCount: Math.min(seatCount, seatsMax),
    signers: signed,
    transactionCount,
    finalAfterMs: countOf(fields['finalAfterMs']),
    verified: fields['verified'] === true,
  }
}

/** `event: block` of the stream, and a block of the API with its bytes. */
export function feedBlockOf(input: unknown): FeedBlock | undefined {
  const fields = fieldsOf(input)
  const height = countOf(fields?.['height'])
  const epoch = countOf(fields?.['epoch'])
  const hash = hexOf(fields?.['hash'])
  const header = bytesOf(fields?.['header'])
  const certificate = bytesOf(fields?.['certificate'])
  const path = bytesOf(fields?.['path'])
  if (height === undefined || epoch === undefined || hash === undefined) return undefined
  if (header === undefined || certificate === undefined || path === undefined) return undefined
  return { height, epoch, hash, header, body: bytesOf(fields?.['body']), certificate, path }
}

/** An epoch of the API with its seats; its length is not in it. */
export function epochOf(
  input: unknown,
  lengthMs: number | undefined,
  nowMs: number,
): EpochSummary | undefined {
  const fields = fieldsOf(input)
  const epoch = countOf(fields?.['epoch'])
  const startMs = countOf(fields?.['startMs'])
  const seats = listOf(fields?.['seats'], seatsMax)?.map(seatOf)
  if (epoch === undefined || startMs === undefined || seats === undefined) return undefined
  if (lengthMs === undefined) return undefined
  const readyCount =
    countOf(fields?.['readyCount']) ?? listOf(fields?.['ready'], 100_000)?.length ?? 0
  const summary: EpochSummary = {
    epoch,
    startMs,
    lengthMs,
    phase: 'EMOTIONAL_ASSESSMENT',
    seats: seats.filter((seat) => seat !== undefined),
    readyCount,
    nextSeats: undefined,
  }
  const span = phaseSpans[epochClock(summary, nowMs).phaseIndex]
  return span === undefined ? summary : { ...summary, phase: span.phase }
}

export function validatorOf(
  input: unknown,
  seated: ReadonlySet<string>,
): ValidatorSummary | undefined {
  const fields = fieldsOf(input)
  const id = hexOf(fields?.['id'])
  const bondedMicro = fields?.['bondedMicro']
  if (id === undefined || typeof bondedMicro !== 'string') return undefined
  if (!/^\d{1,40}$/.test(bondedMicro)) return undefined
  const jailedUntil = countOf(fields?.['jailedUntilEpoch']) ?? 0
  return {
    id,
    bondedMicro,
    reputation: countOf(fields?.['reputation']) ?? 0,
    registeredEpoch: countOf(fields?.['registeredEpoch']) ?? 0,
    jailedUntilEpoch: jailedUntil === 0 ? undefined : jailedUntil,
    absent: fields?.['status'] === 'absent',
    seated: seated.has(id),
  }
}

export function chainOf(input: unknown): ChainInfo | undefined {
  const fields = fieldsOf(input)
  const chainId = textOf(fields?.['chainId'], 128)
  if (chainId === undefined) return undefined
  return { chainId, devnet: fields?.['isDevnet'] === true || fields?.['devnet'] === true }
}

export function countOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined
}

export function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : undefined
}

function seatOf(input: unknown): SeatSummary | undefined {
  const fields = fieldsOf(input)
  const seat = countOf(fields?.['seat'])
  const validator = textOf(fields?.['validator'], 128)
  if (seat === undefined || validator === undefined) return undefined
  return { seat, validator, mine: false, score: countOf(fields?.['score']) ?? 0, heard: true }
}

function textOf(value: unknown, lengthMax: number): string | undefined {
  return typeof value === 'string' && value.length <= lengthMax ? value : undefined
}

function hexOf(value: unknown): string | undefined {
  return typeof value === 'string' && /^[0-9a-f]{1,64}$/.test(value) ? value : undefined
}

/** Base64 of bounded size. */
export function bytesOf(value: unknown, sizeBytesMax = bytesMax): Uint8Array | undefined {
  if (typeof value !== 'string' || value.length > (sizeBytesMax * 4) / 3 + 3) return undefined
  try {
    return Uint8Array.from(atob(value), (character) => character.charCodeAt(0))
  } catch {
    return undefined
  }
}

function listOf(value: unknown, countMax: number): readonly unknown[] | undefined {
  return Array.isArray(value) && value.length <= countMax ? value : undefined
}
