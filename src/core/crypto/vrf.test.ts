import { describe, expect, it } from 'vitest'
import { concat, hex, utf8 } from '../base/bytes.ts'
import { hash } from './hash.ts'
import { ticketMessage, ticketUniform } from './vrf.ts'

const input = { chainId: 'chain', epoch: 258, beacon: new Uint8Array(32).fill(7) }

describe('COM-1: what is signed by the registered VRF key', () => {
  it('is bound to chain, epoch and beacon', () => {
    const inputs = [
      input,
      { ...input, chainId: 'other' },
      { ...input, epoch: 259 },
      { ...input, beacon: new Uint8Array(32) },
    ]
    const digests = inputs.map(ticketMessage)
    expect(new Set(digests.map(hex)).size).toBe(4)
  })

  it('has one form: a tag, the chain with its length, the epoch in 8 bytes, the beacon', () => {
    const tail = concat(
      Uint8Array.of(0, 0, 0, 5),
      utf8('chain'),
      Uint8Array.of(0, 0, 0, 0, 0, 0, 1, 2),
      input.beacon,
    )
    const tag = Uint8Array.of(0, 0, 0, 1)
    expect(ticketMessage(input)).toEqual(hash('ticket', tag, tail))
  })

  it('does not take a part of the chain for a part of what follows', () => {
    const longer = { ...input, chainId: 'chain\u0000' }
    expect(hex(ticketMessage(longer))).not.toBe(hex(ticketMessage(input)))
  })
})

describe('COM-1: u is the first 128 bits of H(σ), and one more', () => {
  it('from 1 to 2^128', () => {
    for (const value of [0, 1, 255]) {
      const ticket = new Uint8Array(96).fill(value)
      const digest = hex(hash('ticket', Uint8Array.of(0, 0, 0, 2), ticket))
      expect(ticketUniform(ticket)).toBe(BigInt(`0x${digest.slice(0, 32)}`) + 1n)
      expect(ticketUniform(ticket)).toBeGreaterThan(1n << 100n)
      expect(ticketUniform(ticket)).toBeLessThanOrEqual(1n << 128n)
    }
  })
})
