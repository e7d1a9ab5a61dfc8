import { beforeAll, describe, expect, it } from 'vitest'
import { blsBlst } from '../../adapters/crypto/blsBlst.ts'
import { hex, u64be } from '../base/bytes.ts'
import { SharingPhase } from '../codec/state.ts'
import { DealOpening, type Deal } from '../codec/sharing.ts'
import { CertifiedChain } from '../chain/certifiedChain.fixture.ts'
import { beaconAfter } from '../committee/beacon/beaconAfter.ts'
import { withByte, withItem } from '../crypto/pvss/testSharing.fixture.ts'
import { sharingPublicKey } from '../crypto/pvss/sharingKey.ts'
import { openedSecret } from '../crypto/pvss/verifyOpening.ts'
import { openDeal } from '../crypto/pvss/openDeal.ts'
import { protocol } from '../params.ts'
import { checkTransaction } from './checkTransaction.ts'
import { deriveHeader } from './deriveHeader.ts'
import { beaconOf } from './epochs.ts'
import { list, read, readSingle } from './state.ts'
import { committees, epochRecord, sharingDeals, sharingRound, shownShares } from './tables.ts'
import {
  addBlock,
  createTestChain,
  signed,
  testBlock,
  testStartMs,
  tryBlock,
  type TestChain,
} from './testChain.fixture.ts'
import { keysOf, runEpoch } from './testDuty.fixture.ts'
import {
  dealOf,
  judged,
  openingOf,
  partOf,
  seatsOf,
  sharesOf,
  wrongSharingOf,
} from './testSharing.fixture.ts'
import type { DecodedTransaction } from './transactionBytes.ts'
import { validatorOf } from './validators.ts'

const none = new Uint8Array(0)
const seats = [0, 1, 2, 3]
const at = (offsetMs: number): number => testStartMs + offsetMs

/** A block whose parts were judged. */
function addParts(
  chain: TestChain,
  timeMs: number,
  parts: readonly DecodedTransaction[] = [],
): void {
  const known = judged(chain, parts)
  addBlock(known, timeMs, parts)
  chain.state = known.state
  chain.derived = known.derived
}

function codeOf(chain: TestChain, part: DecodedTransaction, timeMs: number): string {
  const known = judged(chain, [part])
  const result = checkTransaction(known.state, part, timeMs, known.env)
  return result.ok ? 'ok' : result.error.code
}

const pristine = createTestChain(blsBlst, { validators: 6, seats: 4 })
addBlock(pristine, testStartMs)
const fresh = (chain: TestChain): TestChain => ({ ...chain })
const spoilt = (deal: Deal): Deal => ({ ...deal, challenge: withByte(deal.challenge, 0) })

/** All have dealt, the set is fixed, and three have opened. */
const dealt = fresh(pristine)
const threeOpened = fresh(pristine)
beforeAll(() => {
  addParts(
    dealt,
    at(3_000),
    seats.map((seat) => dealOf(dealt, seat)),
  )
  threeOpened.state = dealt.state
  addParts(threeOpened, at(14_000))
  addParts(
    threeOpened,
    at(15_000),
    [0, 1, 2].map((seat) => openingOf(threeOpened, seat)),
  )
})

const phaseOf = ({ state }: TestChain): SharingPhase => readSingle(state, sharingRound).phase
const nextBeaconOf = ({ state }: TestChain): string =>
  hex(beaconOf(readSingle(state, epochRecord), protocol.beaconLeadEpochs) ?? none)

/** What the epoch gives when every deal is known: by formula, from the seeds. */
function expectedBeacon(chain: TestChain, dealers: readonly number[]): string {
  const { sharing, seeds } = seatsOf(chain)
  const secrets = dealers.map((dealer) => {
    const opening = openDeal(sharing, dealer, seeds(dealer).dealSeed)
    return { dealer, secret: openedSecret(opening) ?? none }
  })
  const previous = beaconOf(readSingle(chain.state, epochRecord), 4) ?? none
  return hex(beaconAfter(previous, 5, { kind: 'secrets', secrets }))
}

describe('BEACON-6, BEACON-8 parts of the sharing in blocks', () => {
  it('a deal counts once, from the seat that signed it, and leaves what is still needed', () => {
    const deal = dealOf(pristine, 1)
    expect(codeOf(pristine, deal, at(2_000))).toBe('ok')
    expect(codeOf(dealt, deal, at(4_000))).toBe('SHARING_TWICE')
    const kept = list(dealt.state, sharingDeals)
    expect(kept.map(({ dealer }) => dealer).toSorted()).toEqual(seats)
    expect(
      kept.map(({ hash, commitment, encryptedShares }) => [
        hash.length,
        commitment.length,
        encryptedShares.length,
      ]),
    ).toEqual(seats.map(() => [32, 32, 128]))
  })

  it('is refused from others, for other places, and in another form', () => {
    const { sharing } = deal0().transaction
    if (sharing === undefined) throw new Error('it has a part')
    const check = (part: DecodedTransaction): string => codeOf(pristine, part, at(2_000))
    expect(check(signed(pristine, keysOf(pristine, 2), { sharing }))).toBe('SHARING_SEAT')
    const stranger = { ...keysOf(pristine, 0), account: new Uint8Array(32).fill(7) }
    expect(check(signed(pristine, stranger, { sharing }))).toBe('TX_NOT_VALIDATOR')
    expect(check(signed(pristine, keysOf(pristine, 5), { sharing }))).toBe('SHARING_SEAT')
    const forged = signed(
      pristine,
      { ...keysOf(pristine, 0), seed: new Uint8Array(32) },
      { sharing },
    )
    expect(check(forged)).toBe('TX_SIGNATURE')
    expect(check(partOf(pristine, 0, { ...sharing, committeeRoot: none }))).toBe('TX_FIELD')
    const elsewhere = { ...sharing, committeeRoot: new Uint8Array(32) }
    expect(check(partOf(pristine, 0, elsewhere))).toBe('SHARING_PLACE')
    expect(check(dealOf(pristine, 0, (deal) => ({ ...deal, epoch: 1 })))).toBe('SHARING_PLACE')
    expect(check(dealOf(pristine, 0, (deal) => ({ ...deal, dealer: 9 })))).toBe('SHARING_SEAT')
    expect(check(partOf(pristine, 0, { deal: Uint8Array.of(255) }))).toBe('TX_FIELD')
    expect(check(partOf(pristine, 0, {}))).toBe('TX_FIELD')
    expect(check(partOf(pristine, 0, { ...sharing, opening: Uint8Array.of(8, 1) }))).toBe(
      'TX_FIELD',
    )
    const priced = { feeMaxMicro: 1n }
    expect(check(signed(pristine, keysOf(pristine, 0), { sharing }, priced))).toBe('TX_FIELD')
  })

  it('each has its time', () => {
    expect(codeOf(dealt, openingOf(dealt, 0), at(4_000))).toBe('SHARING_TIME')
    const { state } = threeOpened
    const late = fresh(pristine)
    addParts(late, at(14_000))
    expect(phaseOf(late)).toBe(SharingPhase.FAILED)
    expect(codeOf(late, deal0(), at(14_500))).toBe('SHARING_TIME')
    expect(phaseOf({ ...threeOpened, state })).toBe(SharingPhase.OPENING)
    expect(codeOf(threeOpened, sharesOf(threeOpened, 3, 0), at(17_000))).toBe('SHARING_TIME')
    expect(codeOf(threeOpened, openingOf(threeOpened, 1), at(16_000))).toBe('SHARING_TWICE')
  })

  it('waits for a verdict, and a block with a wrong one is invalid', () => {
    const right = dealOf(pristine, 0)
    const asked = checkTransaction(pristine.state, right, at(2_000), {
      ...pristine.env,
      verdicts: { ...pristine.env.verdicts, partIsRight: () => undefined },
    })
    expect(asked).toMatchObject({ error: { code: 'SHARING_UNVERIFIED' } })
    const wrong = dealOf(pristine, 0, spoilt)
    const unjudged = { ...judged(pristine, []) }
    expect(tryBlock(unjudged, testBlock(unjudged, at(2_000), [wrong]))).toMatchObject({
      error: { code: 'BLOCK_PROOF_UNVERIFIED', index: 0 },
    })
    const known = judged(pristine, [wrong])
    expect(tryBlock(known, testBlock(known, at(2_000), [wrong]))).toMatchObject({
      error: { code: 'BLOCK_TX_INVALID', cause: { code: 'SHARING_WRONG' } },
    })
  })

  it('shares of others open what a dealer keeps to itself', () => {
    const chain = fresh(threeOpened)
    addParts(chain, at(18_000))
    addParts(
      chain,
      at(19_000),
      [0, 1].map((seat) => sharesOf(chain, 3, seat)),
    )
    expect(list(chain.state, shownShares).length).toBe(2)
    expect(deriveHeader(chain.state, at(28_000)).isBoundary).toBe(false)
    const again = sharesOf(chain, 3, 1)
    expect(codeOf(chain, again, at(20_000))).toBe('SHARING_TWICE')
    const bent = sharesOf(chain, 3, 2, (shares) => ({
      ...shares,
      points: withItem(shares.points, 0, sharingPublicKey(seatsOf(chain).seeds(0).keySeed)),
    }))
    expect(codeOf(chain, bent, at(20_000))).toBe('SHARING_WRONG')
    addParts(chain, at(21_000), [sharesOf(chain, 3, 2)])
    expect(list(chain.state, shownShares)).toEqual([])
    addBlock(chain, at(28_000))
    expect(nextBeaconOf(chain)).toBe(expectedBeacon(threeOpened, seats))
  })
})

const deal0 = (): DecodedTransaction => dealOf(pristine, 0)

describe('BEACON-7 the boundary', () => {
  it('has the beacon of all secrets, whoever opened them', () => {
    const chain = fresh(threeOpened)
    addParts(chain, at(16_000), [openingOf(chain, 3)])
    const { derived } = addBlock(chain, at(28_000))
    expect(derived).toMatchObject({ isBoundary: true, beaconOutcome: { kind: 'secrets' } })
    expect(nextBeaconOf(chain)).toBe(expectedBeacon(threeOpened, seats))
    expect(readSingle(chain.state, sharingRound)).toEqual({
      phase: SharingPhase.DEALING,
      secrets: [],
    })
    expect(list(chain.state, sharingDeals)).toEqual([])
  })

  it('waits for a secret until 40 s, and then takes the fallback', () => {
    const chain = fresh(threeOpened)
    for (const offsetMs of [28_000, 39_999]) {
      expect(deriveHeader(chain.state, at(offsetMs)).isBoundary).toBe(false)
    }
    addBlock(chain, at(28_000))
    const { derived } = addBlock(chain, at(40_000))
    expect(derived).toMatchObject({ isBoundary: true, beaconOutcome: { kind: 'fallback' } })
    const previous = chain.genesis.beacons[4] ?? none
    expect(nextBeaconOf(chain)).toBe(hex(beaconAfter(previous, 5, { kind: 'fallback' })))
  })

  it('does not wait when fewer than W − F dealt', () => {
    const chain = fresh(pristine)
    addParts(
      chain,
      at(3_000),
      [0, 1].map((seat) => dealOf(chain, seat)),
    )
    addBlock(chain, at(14_000))
    const { derived } = addBlock(chain, at(28_000))
    expect(derived).toMatchObject({ isBoundary: true, beaconOutcome: { kind: 'fallback' } })
  })

  it('three of four deals are enough, and the beacon is theirs', () => {
    const chain = fresh(pristine)
    const three = [0, 2, 3]
    addParts(
      chain,
      at(3_000),
      three.map((seat) => dealOf(chain, seat)),
    )
    addBlock(chain, at(14_000))
    addParts(
      chain,
      at(15_000),
      three.map((seat) => openingOf(chain, seat)),
    )
    expect(codeOf(chain, openingOf(chain, 1), at(15_500))).toBe('SHARING_NO_DEAL')
    addBlock(chain, at(28_000))
    expect(nextBeaconOf(chain)).toBe(expectedBeacon(threeOpened, three))
  })
})

describe('BEACON-2 the keys of a committee', () => {
  it('come with READY, and stay with a seat that stays on', () => {
    const chain = createTestChain(blsBlst, { validators: 6, seats: 4 })
    runEpoch(chain, { ready: [4, 5, 0], confirm: [4, 5, 0] })
    const after = read(chain.state, committees, 1)?.seats ?? []
    const before = chain.genesis.seats
    expect(after[0]?.sharingKey).not.toEqual(before[0]?.sharingKey)
    expect(after[1]?.sharingKey).toEqual(before[1]?.sharingKey)
  })

  it('of a seat that stays on give unrelated deals in every epoch', () => {
    const chain = fresh(pristine)
    const first = dealOf(chain, 1).transaction.sharing?.deal ?? none
    addBlock(chain, at(28_000))
    addBlock(chain, at(40_000))
    const second = dealOf(chain, 1)
    expect(hex(second.transaction.sharing?.deal ?? none)).not.toBe(hex(first))
    expect(codeOf(chain, second, at(41_000))).toBe('ok')
    expect(codeOf(chain, partOf(chain, 1, { deal: first }), at(41_000))).toBe('SHARING_PLACE')
  })
})

describe('RECOVER-1 a restart', () => {
  it('drops the round, and the named committee begins another one', () => {
    const certified = new CertifiedChain(blsBlst, 6, { restartAfterMs: 1_000 })
    const { chain } = certified
    certified.add(testStartMs)
    const old = dealOf(chain, 0)
    certified.add(at(3_000), [old, dealOf(chain, 1), dealOf(chain, 2)])
    const early = certified.restartOf({})
    certified.add(at(6_000), [early])
    expect(list(chain.state, sharingDeals)).toEqual([])
    expect(phaseOf(chain)).toBe(SharingPhase.DEALING)
    expect(codeOf(chain, old, at(7_000))).toBe('SHARING_PLACE')
    certified.add(
      at(7_000),
      [0, 1, 2].map((seat) => dealOf(chain, seat)),
    )
    certified.add(at(14_000))
    expect(phaseOf(chain)).toBe(SharingPhase.OPENING)
    // What was dealt before is gone, and it is too late to deal again.
    certified.add(at(16_000), [certified.restartOf({ attempt: 2 })])
    expect(phaseOf(chain)).toBe(SharingPhase.FAILED)
    expect(deriveHeader(chain.state, at(28_000))).toMatchObject({
      isBoundary: true,
      beaconOutcome: { kind: 'fallback' },
    })
  })
})

describe('BEACON-9 a wrong part of the sharing is E8 (EVID-1)', () => {
  const accused = keysOf(pristine, 0).account
  const chainWith = (part: DecodedTransaction, chain = fresh(pristine)): string => {
    const evidence = wrongSharingOf(chain, part.bytes)
    const known = judged(chain, [evidence])
    const result = tryBlock(known, testBlock(known, at(20_000), [evidence]))
    if (result.ok) {
      chain.state = result.value.state
      return 'ok'
    }
    return result.error.code === 'BLOCK_TX_INVALID' ? result.error.cause.code : result.error.code
  }

  it('costs its author 5 %, once', () => {
    const chain = fresh(pristine)
    const before = validatorOf(chain.state, accused)?.bondedMicro ?? 0n
    expect(chainWith(dealOf(pristine, 0, spoilt), chain)).toBe('ok')
    expect(validatorOf(chain.state, accused)?.bondedMicro).toBe((before * 95n) / 100n)
    const other = dealOf(pristine, 0, (deal) => ({
      ...deal,
      challenge: withByte(deal.challenge, 1),
    }))
    expect(codeOf(chain, wrongSharingOf(chain, other.bytes), at(21_000))).toBe('EVIDENCE_KNOWN')
  })

  it('is judged for shares and openings against the deal that counts', () => {
    const chain = fresh(threeOpened)
    addParts(chain, at(18_000))
    const bent = sharesOf(chain, 3, 0, (shares) => ({
      ...shares,
      challenge: withByte(shares.challenge, 0),
    }))
    expect(chainWith(bent, fresh(chain))).toBe('ok')
    expect(chainWith(sharesOf(chain, 3, 0), fresh(chain))).toBe('EVIDENCE_INVALID')
    const other = openingOf(chain, 1).transaction.sharing?.opening ?? none
    const crossed = DealOpening.encode({ ...DealOpening.decode(other), dealer: 0 })
    expect(chainWith(partOf(chain, 0, { opening: crossed }), fresh(chain))).toBe('ok')
  })

  it('accuses nobody of what is right, unsigned, of another committee or of no deal', () => {
    expect(chainWith(dealOf(pristine, 0))).toBe('EVIDENCE_INVALID')
    const wrong = dealOf(pristine, 0, spoilt)
    const { sharing } = wrong.transaction
    if (sharing === undefined) throw new Error('it has a part')
    expect(chainWith(signed(pristine, keysOf(pristine, 2), { sharing }))).toBe('EVIDENCE_INVALID')
    const forged = signed(
      pristine,
      { ...keysOf(pristine, 0), seed: new Uint8Array(32) },
      { sharing },
    )
    expect(chainWith(forged)).toBe('EVIDENCE_INVALID')
    // RECOVER-1: right under the committee before a restart, wrong under the one after it.
    const elsewhere = partOf(pristine, 0, { ...sharing, committeeRoot: new Uint8Array(32).fill(1) })
    expect(chainWith(elsewhere)).toBe('EVIDENCE_INVALID')
    const otherChain = signed(pristine, keysOf(pristine, 0), { sharing }, { chainId: 'other' })
    expect(chainWith(otherChain)).toBe('EVIDENCE_INVALID')
    expect(chainWith(openingOf(pristine, 0))).toBe('EVIDENCE_INVALID')
    const noPart = signed(pristine, keysOf(pristine, 0), { withdraw: {} })
    expect(chainWith(noPart)).toBe('EVIDENCE_INVALID')
    const evidence = wrongSharingOf(pristine, wrong.bytes)
    const padded = { ...evidence.transaction.evidence!, header: u64be(1) }
    expect(
      codeOf(
        pristine,
        { ...evidence, transaction: { ...evidence.transaction, evidence: padded } },
        at(2_000),
      ),
    ).toBe('TX_FIELD')
  })

  it('waits for a verdict, and counts for a deal in later epochs', () => {
    const wrong = dealOf(pristine, 0, spoilt)
    const evidence = wrongSharingOf(pristine, wrong.bytes)
    const unjudged = judged(pristine, [])
    const asked = checkTransaction(unjudged.state, evidence, at(2_000), unjudged.env)
    expect(asked).toMatchObject({ error: { code: 'SHARING_UNVERIFIED' } })
    const chain = fresh(pristine)
    addBlock(chain, at(28_000))
    addBlock(chain, at(40_000))
    addBlock(chain, at(50_000))
    const later = wrongSharingOf(chain, wrong.bytes)
    const known = { ...chain.env, verdicts: { ...chain.env.verdicts, partIsWrong: () => true } }
    const result = checkTransaction(chain.state, { ...later }, at(51_000), known)
    expect(result.ok).toBe(true)
  })
})
