import { describe, expect, it } from 'vitest'
import { blsBlst } from '../../adapters/crypto/blsBlst.ts'
import { assert } from '../base/assert.ts'
import {
  EvidenceKind,
  Header,
  Justification,
  Vote,
  VoteKind,
  type Certificate,
  type Evidence,
} from '../codec/chain.ts'
import { committeeRoot } from '../committee/handOver.ts'
import { voteMessage } from '../committee/voteMessage.ts'
import { hash } from '../crypto/hash.ts'
import { microPerEmo, protocol } from '../params.ts'
import { checkTransaction } from './checkTransaction.ts'
import { list, read } from './state.ts'
import { committees, convictions } from './tables.ts'
import {
  addBlock,
  createTestChain,
  testBlock,
  testEpochKey,
  testStartMs,
  unsigned,
  type TestChain,
} from './testChain.fixture.ts'
import { keysOf } from './testDuty.fixture.ts'
import { stakeOf, validatorOf } from './validators.ts'

const { PROPOSE, VOTE, COMMIT, SKIP } = VoteKind
const none = new Uint8Array(0)

const pristine = createTestChain(blsBlst, { validators: 6, seats: 4 })
addBlock(pristine, testStartMs)
const committee = read(pristine.state, committees, 0)
assert(committee !== undefined, 'there is a first committee')
const root = committeeRoot(committee)
const { chainId } = pristine.genesis

const leaderOf = (view: number): number => committee.leaders[(view - 1) % 4] ?? -1
const otherThan = (seat: number): number => (seat + 1) % 4

function sign(seat: number, kind: VoteKind, view: number, block: Uint8Array): Uint8Array {
  const message = voteMessage({ kind, chainId, epoch: 0, view, committeeRoot: root, block })
  return blsBlst.sign(testEpochKey(blsBlst, seat, 0).secret, message)
}

function certificate(kind: VoteKind, view: number, block: Uint8Array): Certificate {
  const signatures = [0, 1, 2].map((seat) => sign(seat, kind, view, block))
  const signature = blsBlst.aggregateSignatures(signatures)
  assert(signature !== undefined, 'three signatures have a sum')
  return { kind, epoch: 0, view, block, signers: Uint8Array.of(0b111), signature }
}

const parentHeader = Header.encode(testBlock(pristine, testStartMs + 3_000).header)
const parent = certificate(VOTE, 2, hash('header', parentHeader))
const skips = [certificate(SKIP, 3, none)]
const view = 4
const leader = leaderOf(view)

interface Made {
  readonly header: Uint8Array
  readonly justification: Uint8Array
}

/** A header of view 4 on a block of view 2, with its justification. */
function made(justified: Partial<Justification> = {}, change: Partial<Header> = {}): Made {
  const justification = Justification.encode({ parent, path: [], skips, ...justified })
  const { header } = testBlock(pristine, testStartMs + 4_000)
  const fields = {
    ...header,
    height: 3,
    view,
    seat: leader,
    parent: hash('header', parentHeader),
    justification: hash('justification', justification),
    ...change,
  }
  return { header: Header.encode(fields), justification }
}

const forged = { ...parent, signature: new Uint8Array(96).fill(0xc0) }

function evidenceOf(
  kind: EvidenceKind,
  shown: Partial<Evidence> & { readonly header: Uint8Array },
  by: Partial<Vote> & { readonly signer?: number } = {},
): Evidence {
  const isProposal = kind === EvidenceKind.E5_MALFORMED_PROPOSAL
  const { signer, ...change } = by
  const seat = change.seat ?? (isProposal ? leader : otherThan(leader))
  const place = { kind: isProposal ? PROPOSE : VOTE, epoch: 0, view, ...change }
  const block = hash('header', shown.header)
  const signature = sign(signer ?? seat, place.kind, place.view, block)
  const first = Vote.encode({ block, seat, signature, leaderSignature: none, ...place })
  const nothing = { second: none, justification: none, parentHeader: none, statement: none }
  return { kind, first, ...nothing, ...shown }
}

function check(evidence: Evidence, chain: TestChain = pristine): string {
  const transaction = unsigned(chain, { evidence })
  const result = checkTransaction(chain.state, transaction, testStartMs + 20_000, chain.env)
  return result.ok ? 'ok' : result.error.code
}

const E5 = EvidenceKind.E5_MALFORMED_PROPOSAL
const E6 = EvidenceKind.E6_VOTE_ON_MALFORMED

/** A proposal without the SKIP of view 3. */
const gap = made({ skips: [] })
const sameTime = made({}, { timeMs: testStartMs + 3_000 }).header

describe('EVID-1, E5: whoever signs a malformed proposal', () => {
  it.each([
    ['a missing SKIP', gap],
    ['a QC that nobody signed', made({ parent: forged })],
    ['a QC of another block', made({ parent: certificate(VOTE, 2, new Uint8Array(32)) })],
    ['a time that is not above its parent’s', { header: sameTime, parentHeader }],
    ['a height that is not', { header: made({}, { height: 9 }).header, parentHeader }],
    ['another seat', { header: made({}, { seat: otherThan(leader) }).header }],
    ['another committee (RECOVER-1)', { header: made({}, { committeeRoot: none }).header }],
    ['odd bytes', { header: Uint8Array.of(...made().header, 0x82, 0x01, 0x00) }],
  ])('with %s', (_name, shown) => {
    expect(check(evidenceOf(E5, shown))).toBe('ok')
  })

  it('or one in a view that it does not lead', () => {
    const seat = otherThan(leader)
    const { header, justification } = made()
    expect(check(evidenceOf(E5, { header }, { seat }))).toBe('ok')
    expect(check(evidenceOf(E5, { header, justification }, { seat }))).toBe('EVIDENCE_INVALID')
  })

  const { header } = made()
  const foreign = made({}, { justification: hash('justification', gap.justification) })
  const cases: readonly (readonly [name: string, evidence: Evidence])[] = [
    ['a sound proposal, alone', evidenceOf(E5, { header })],
    ['with its justification', evidenceOf(E5, made())],
    ['with its parent', evidenceOf(E5, { header, parentHeader })],
    [
      'with a justification that somebody else made',
      evidenceOf(E5, { ...made(), justification: gap.justification }),
    ],
    [
      'with the parent of another',
      evidenceOf(E5, { header: foreign.header, parentHeader: header }),
    ],
    [
      'a malformed one that somebody else signed',
      evidenceOf(E5, gap, { signer: otherThan(leader) }),
    ],
    ['signed as a VOTE', evidenceOf(E5, gap, { kind: VOTE })],
    ['of which other bytes are shown', { ...evidenceOf(E5, gap), header }],
    [
      'with a state root that differs (STATE-3)',
      evidenceOf(E5, made({}, { parentStateRoot: none })),
    ],
    ['with more than it needs', evidenceOf(E5, { ...gap, parentHeader })],
  ]
  it.each(cases)('but not for %s', (_name, evidence) => {
    expect(check(evidence)).toBe('EVIDENCE_INVALID')
  })

  it('of no seat, of an epoch that is not kept, with a second vote: nobody', () => {
    expect(check(evidenceOf(E5, gap, { seat: 9, signer: leader }))).toBe('EVIDENCE_INVALID')
    expect(check(evidenceOf(E5, gap, { epoch: 7 }))).toBe('EVIDENCE_EPOCH')
    expect(check({ ...evidenceOf(E5, gap), second: Uint8Array.of(1) })).toBe('TX_FIELD')
  })

  it('E1 to E4 carry no header', () => {
    const { first } = evidenceOf(E5, gap)
    const two = { ...evidenceOf(E5, gap), kind: EvidenceKind.E1_DOUBLE_PROPOSE, second: first }
    expect(check(two)).toBe('TX_FIELD')
  })
})

describe('EVID-1, E6: whoever votes for a malformed proposal', () => {
  it.each([VOTE, COMMIT])('with %s', (kind) => {
    expect(check(evidenceOf(E6, gap, { kind }))).toBe('ok')
    expect(check(evidenceOf(E6, { header: sameTime, parentHeader }, { kind }))).toBe('ok')
    expect(check(evidenceOf(E6, made(), { kind }))).toBe('EVIDENCE_INVALID')
  })

  it('but nobody who held the certificate of which it has a false copy', () => {
    expect(check(evidenceOf(E5, made({ parent: forged })))).toBe('ok')
    expect(check(evidenceOf(E6, made({ parent: forged })))).toBe('EVIDENCE_INVALID')
  })

  it('nor whoever proposed or skipped', () => {
    expect(check(evidenceOf(E6, gap, { kind: PROPOSE, seat: leader }))).toBe('EVIDENCE_INVALID')
    expect(check(evidenceOf(E6, gap, { kind: SKIP }))).toBe('EVIDENCE_INVALID')
  })
})

describe('EVID-2: what E5 and E6 cost', () => {
  const stakeMicro = 20_000n * microPerEmo
  const heldBy = (chain: TestChain, index: number): bigint => {
    const validator = validatorOf(chain.state, keysOf(chain, index).account)
    return validator === undefined ? -1n : stakeOf(validator)
  }

  function doubleVote(seat: number): Evidence {
    const [first, second] = [1, 2].map((byte) => {
      const block = new Uint8Array(32).fill(byte)
      const signature = sign(seat, VOTE, view, block)
      const vote = { kind: VOTE, epoch: 0, view, block, seat, signature, leaderSignature: none }
      return Vote.encode(vote)
    })
    const shown = { header: none, justification: none, parentHeader: none, statement: none }
    const kind = EvidenceKind.E2_DOUBLE_VOTE
    return { kind, first: first ?? none, second: second ?? none, ...shown }
  }

  function chainWith(...list: readonly Evidence[]): TestChain {
    const chain = { ...pristine }
    const transactions = list.map((evidence) => unsigned(chain, { evidence }))
    addBlock(chain, testStartMs + 1_000, transactions)
    return chain
  }

  function settled(chain: TestChain): TestChain {
    addBlock(chain, testStartMs + 1_000 + protocol.settleAfterMs)
    expect(list(chain.state, convictions)).toEqual([])
    return chain
  }

  const voters = [0, 1, 2, 3].filter((seat) => seat !== leader)
  const all = (): TestChain =>
    chainWith(evidenceOf(E5, gap), ...voters.map((seat) => evidenceOf(E6, gap, { seat })))

  it('5 % each and once, however many they are; and they are not drawn for a day (EVID-3)', () => {
    const chain = all()
    const least = (stakeMicro * 95n) / 100n
    expect([0, 1, 2, 3].map((seat) => heldBy(chain, seat))).toEqual([least, least, least, least])
    const account = keysOf(chain, leader).account
    expect(validatorOf(chain.state, account)?.jailedUntilEpoch).toBe(2_880)
    settled(chain)
    expect([0, 1, 2, 3].map((seat) => heldBy(chain, seat))).toEqual([least, least, least, least])
  })

  it('they count for nobody who is convicted of more', () => {
    const [first = -1, second = -1] = voters
    const chain = chainWith(evidenceOf(E5, gap), doubleVote(first), doubleVote(second))
    settled(chain)
    expect(heldBy(chain, leader)).toBe((stakeMicro * 95n) / 100n)
    expect(heldBy(chain, first)).toBe((stakeMicro * 80n) / 100n)
  })

  it('a small offence that comes first spares nobody the price of a grave one', () => {
    const [first = -1, second = -1] = voters
    const small = evidenceOf(E6, gap, { seat: first })
    for (const order of [
      [small, doubleVote(first)],
      [doubleVote(first), small],
    ]) {
      const chain = chainWith(...order, doubleVote(second))
      expect(heldBy(chain, first)).toBe((stakeMicro * 95n) / 100n)
      const account = keysOf(chain, first).account
      expect(validatorOf(chain.state, account)?.convictions).toBe(1)
      settled(chain)
      expect(heldBy(chain, first)).toBe((stakeMicro * 80n) / 100n)
    }
  })
})
