/**
 * Tickets (COM-1): a BLS signature is unique, so its hash is a value that its signer cannot choose
 * and everyone can check. It is by the registered VRF key, over chain, epoch and beacon.
 */
import { concat, u32be, u64be, utf8 } from '../base/bytes.ts'
import { hash } from './hash.ts'

const tagMessage = u32be(1)
const tagValue = u32be(2)

export interface VrfInput {
  readonly chainId: string
  readonly epoch: number
  /** beacon(epoch). */
  readonly beacon: Uint8Array
}

function inputBytes(input: VrfInput): Uint8Array {
  const chain = utf8(input.chainId)
  return concat(u32be(chain.length), chain, u64be(input.epoch), input.beacon)
}

/** What the ticket of `input.epoch` signs. */
export function ticketMessage(input: VrfInput): Uint8Array {
  return hash('ticket', tagMessage, inputBytes(input))
}

/** u · 2^128 of COM-1, 1 … 2^128: the first 128 bits of H(σ), plus one. */
export function ticketUniform(ticket: Uint8Array): bigint {
  let value = 0n
  for (const byte of hash('ticket', tagValue, ticket).subarray(0, 16)) {
    value = (value << 8n) | BigInt(byte)
  }
  return value + 1n
}
