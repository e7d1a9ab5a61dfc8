/** BFT-3: the body is the one that the header commits to. */
import { describe, expect, it } from 'vitest'
import { Bench } from '../../../test/sim/bench4.ts'
import { Body, Header } from '../codec/chain.ts'
import { merkleRoot, transactionTree } from '../crypto/merkle.ts'
import { bodyBytesMax, bodyMatches, knownBodyRoot } from './body.ts'

const transactions = [Uint8Array.of(1, 2), Uint8Array.of(3)]
const root = merkleRoot(transactionTree, transactions)
const { proposal } = new Bench(1).proposal(1)
const header: Header = { ...Header.decode(proposal.header), transactionsRoot: root }

describe('BFT-3: a body', () => {
  it('is the one of the header, and its root is known from then on', () => {
    const body = Body.encode({ transactions })
    expect(knownBodyRoot(body)).toBeUndefined()
    expect(bodyMatches(header, body)).toBe(true)
    expect(knownBodyRoot(body)).toEqual(root)
  })

  it('is not, with another transaction, another order or none', () => {
    const others = [[transactions[0]!], transactions.toReversed(), []]
    for (const other of others) {
      expect(bodyMatches(header, Body.encode({ transactions: other }))).toBe(false)
    }
  })

  it('is none when it does not decode or is too large', () => {
    expect(bodyMatches(header, Uint8Array.of(0x0a, 9))).toBe(false)
    const large = [new Uint8Array(bodyBytesMax)]
    const fitting = { ...header, transactionsRoot: merkleRoot(transactionTree, large) }
    expect(bodyMatches(fitting, Body.encode({ transactions: large }))).toBe(false)
  })
})
