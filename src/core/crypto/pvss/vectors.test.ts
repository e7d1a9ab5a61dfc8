import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { unwrap } from '../../../../test/support/unwrap.ts'
import { hex } from '../../base/bytes.ts'
import { Deal, DealOpening, DealShares } from '../../codec/sharing.ts'
import { openDeal } from './openDeal.ts'
import { reconstruct } from './reconstruct.ts'
import { decodeDeal, decodeDealOpening, decodeDealShares } from './sharingBytes.ts'
import { testSharing } from './testSharing.fixture.ts'
import { verifyDeal } from './verifyDeal.ts'
import { verifyOpening } from './verifyOpening.ts'
import { verifyShares } from './verifyShares.ts'

/** All bytes as hex. */
interface Vector {
  readonly powers: readonly number[]
  readonly digest: string
  readonly deal: string
  readonly opening: string
  /** Of each seat. */
  readonly shares: readonly string[]
  readonly secret: string
}

const path = new URL('../../../../test/vectors/sharing.json', import.meta.url)
const dealer = 1

function vectorOf(powers: readonly number[]): Vector {
  const { sharing, dealSeed, deal: dealOf, decrypt } = testSharing(powers)
  const deal = dealOf(dealer)
  const opening = openDeal(sharing, dealer, dealSeed(dealer))
  return {
    powers,
    digest: hex(sharing.digest),
    deal: hex(Deal.encode(deal)),
    opening: hex(DealOpening.encode(opening)),
    shares: powers.map((_, seat) => hex(DealShares.encode(decrypt(deal, seat)))),
    secret: hex(unwrap(verifyOpening(deal, opening))),
  }
}

// A change of these bytes is another protocol: the flag says that it is meant.
if (process.env['EMO_WRITE_VECTORS'] === '1') {
  const all = [
    [1, 1, 1, 1],
    [3, 1, 2],
  ].map(vectorOf)
  writeFileSync(path, `${JSON.stringify(all, null, 2)}\n`)
}
const vectors = existsSync(path)
  ? (JSON.parse(readFileSync(path, 'utf8')) as readonly Vector[])
  : []
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'))

describe('BEACON-2 frozen vectors', () => {
  it('are there', () => {
    expect(vectors.map(({ powers }) => powers)).toEqual([
      [1, 1, 1, 1],
      [3, 1, 2],
    ])
  })

  it.each(vectors)('powers $powers: made again byte for byte', (vector) => {
    expect(vectorOf(vector.powers)).toEqual(vector)
  })

  it.each(vectors)('powers $powers: taken, and give the secret', (vector) => {
    const { sharing } = testSharing(vector.powers)
    const deal = unwrap(decodeDeal(bytes(vector.deal)))
    expect(verifyDeal(sharing, deal).ok).toBe(true)
    const shares = vector.shares.map((text) => unwrap(decodeDealShares(bytes(text))))
    for (const one of shares) expect(verifyShares(sharing, deal, one).ok).toBe(true)
    const opening = unwrap(decodeDealOpening(bytes(vector.opening)))
    expect(hex(unwrap(verifyOpening(deal, opening)))).toBe(vector.secret)
    expect(hex(unwrap(reconstruct(sharing, shares)))).toBe(vector.secret)
  })
})
