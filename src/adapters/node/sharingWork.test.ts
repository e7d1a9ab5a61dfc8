import { afterAll, expect, it } from 'vitest'
import { unwrap } from '../../../test/support/unwrap.ts'
import { openDeal } from '../../core/crypto/pvss/openDeal.ts'
import { reconstruct } from '../../core/crypto/pvss/reconstruct.ts'
import { testSharing, withByte } from '../../core/crypto/pvss/testSharing.fixture.ts'
import { createNodeSharingWork } from './sharingWork.ts'

const work = createNodeSharingWork()
afterAll(() => work.close())

it('BEACON-2 a thread of Node does all that core does, with the same bytes and codes', async () => {
  const { sharing, input, dealSeed, shareKey, deal: dealOf, decrypt } = testSharing([1, 2, 1, 1])
  const deal = dealOf(2)
  expect(unwrap(await work.makeDeal(input, 2, dealSeed(2)))).toEqual(deal)
  expect(unwrap(await work.verifyDeal(input, deal))).toEqual({ ok: true, value: undefined })
  const spoilt = { ...deal, challenge: withByte(deal.challenge, 0) }
  const refused = { ok: false, error: { code: 'DEAL_PROOF' } }
  expect(unwrap(await work.verifyDeal(input, spoilt))).toEqual(refused)
  const opening = openDeal(sharing, 2, dealSeed(2))
  expect(unwrap(await work.openDeal(input, 2, dealSeed(2)))).toEqual(opening)
  const list = [0, 1].map((seat) => decrypt(deal, seat))
  const worked = [0, 1].map((seat) => work.decryptShares(input, deal, shareKey(seat)))
  const shares = (await Promise.all(worked)).map((one) => unwrap(unwrap(one)))
  expect(shares).toEqual(list)
  expect(unwrap(await work.verifyShares(input, deal, list[1]!)).ok).toBe(true)
  const secret = reconstruct(sharing, list)
  expect(unwrap(await work.reconstruct(input, list))).toEqual(secret)
  expect(unwrap(await work.verifyOpening(input, deal, opening))).toEqual(secret)
  const none = await work.verifyDeal({ ...input, seats: [] }, deal)
  expect(none).toEqual({ ok: false, error: { code: 'SHARING_POWER' } })
})
