import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blsBlst } from '../../adapters/crypto/blsBlst.ts'
import { ed25519Sign } from '../crypto/ed25519.ts'
import {
  AbsenceReason,
  EvidenceKind,
  Provenance,
  type Committee,
  type Header,
  type Transaction,
} from '../codec/chain.ts'
import { checkTransaction } from './checkTransaction.ts'
import { read } from './state.ts'
import { committees } from './tables.ts'
import { addBlock, createTestChain, testBlock, testStartMs, tryBlock } from './testChain.fixture.ts'
import { keysOf, readyOf } from './testDuty.fixture.ts'
import { attestOf, shownStatement, statementOf } from './testReviews.fixture.ts'
import { decodeTransaction, encodeTransaction } from './transactionBytes.ts'

const chain = createTestChain(blsBlst, { validators: 5, seats: 4, params: { workBits: 0 } })
addBlock(chain, testStartMs)
addBlock(
  chain,
  testStartMs + 3_000,
  [0, 1, 2, 3].map((index) => readyOf(chain, index)),
)
addBlock(chain, testStartMs + 10_000)

const bytes: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc
    .constantFrom(0, 1, 31, 32, 33, 48, 64, 96, 97)
    .chain((length) => fc.uint8Array({ minLength: length, maxLength: length })),
  fc.constantFrom(...chain.keys.map((keys) => keys.account)),
)
const count = fc.oneof(fc.nat({ max: 3 }), fc.maxSafeNat())
const small = fc.oneof(fc.nat({ max: 4 }), fc.constantFrom(7_500, 10_001, 2 ** 32 - 1))
const amount = fc.oneof(
  fc.bigInt({ min: 0n, max: 3n }),
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
)
const text = fc.oneof(fc.constantFrom('', '12D3Koo', 'x'.repeat(200)), fc.string())
/** The generated enumerations also carry their codec. */
function anyOf<E extends string>(values: object): fc.Arbitrary<E> {
  const names = Object.values(values).filter((value): value is E => typeof value === 'string')
  return fc.constantFrom(...names)
}

const present = read(chain.state, committees, 0)
const seat = fc.record({
  validator: bytes,
  epochKey: bytes,
  sharingKey: bytes,
  power: small,
  peerId: text,
  score: small,
})
const committee = fc.oneof(
  fc.constant<Committee | undefined>(present),
  fc.constant<Committee | undefined>(undefined),
  fc.record({
    epoch: count,
    seats: fc.array(seat, { maxLength: 3 }),
    leaders: fc.array(small, { maxLength: 3 }),
    attempt: small,
  }),
)
/** What validator 1 attested of a READY, with the proof and the statement, or with others. */
const reviewed = readyOf(chain, 4, { proof: Uint8Array.of(1) })
const attested = [{}, { epoch: 9 }, { proofKey: new Uint8Array(32) }].map(
  (change) => attestOf(chain, 1, reviewed, change).bytes,
)
const falseReview = fc.record({
  kind: fc.constant(EvidenceKind.E9_FALSE_REVIEW),
  first: fc.oneof(fc.constantFrom(...attested), bytes),
  second: fc.oneof(fc.constant(Uint8Array.of(1)), bytes),
  header: fc.constant(new Uint8Array(0)),
  justification: fc.constant(new Uint8Array(0)),
  parentHeader: fc.constant(new Uint8Array(0)),
  statement: fc.oneof(fc.constant(shownStatement(statementOf(chain, reviewed))), bytes),
})
const payload: fc.Arbitrary<Partial<Transaction>> = fc.oneof(
  fc.record({ transfer: fc.record({ recipient: bytes, amountMicro: amount }) }),
  fc.record({ bond: fc.record({ amountMicro: amount }) }),
  fc.record({ unbond: fc.record({ amountMicro: amount }) }),
  fc.constant({ withdraw: {} }),
  fc.record({
    register: fc.record({
      vrfKey: bytes,
      vrfPossession: bytes,
      nkHash: bytes,
      baselineCommitment: bytes,
      consentVersion: small,
      work: count,
    }),
  }),
  fc.record({
    ready: fc.record({
      epoch: count,
      ticket: bytes,
      epochKey: bytes,
      epochKeyPossession: bytes,
      proof: bytes,
      nullifier: bytes,
      scoreThreshold: small,
      provenance: anyOf<Provenance>(Provenance),
      peerId: text,
      sharingKey: bytes,
      scoreMode: small,
      stateAfter: bytes,
      stateMark: count,
    }),
  }),
  fc.record({
    sharing: fc.record({ committeeRoot: bytes, deal: bytes, opening: bytes, shares: bytes }),
  }),
  fc.record({
    liveness: fc.record({
      epoch: count,
      windows: fc.array(fc.record({ share: small, proof: bytes, window: small }), { maxLength: 3 }),
      provenance: anyOf<Provenance>(Provenance),
    }),
  }),
  fc.record({ endLiveness: fc.record({ answeredMark: count }) }),
  fc.record({ operatorLabel: fc.record({ key: bytes, signature: bytes }) }),
  fc.record({
    confirm: fc.record({ epoch: count, height: count, stateRoot: bytes, signature: bytes }),
  }),
  fc.record({
    evidence: fc.record({
      kind: anyOf<EvidenceKind>(EvidenceKind),
      first: bytes,
      second: bytes,
      header: bytes,
      justification: bytes,
      parentHeader: bytes,
      statement: bytes,
    }),
  }),
  fc.record({ evidence: falseReview }),
  fc.record({ attest: fc.record({ epoch: count, validator: bytes, proofKey: bytes }) }),
  fc.record({ consent: fc.record({ version: small, grantMark: count }) }),
  fc.record({
    absence: fc.record({ reason: anyOf<AbsenceReason>(AbsenceReason) }),
  }),
  fc
    .record({
      epoch: count,
      attempt: small,
      base: bytes,
      signature: bytes,
      voters: bytes,
      committee,
    })
    .map(({ committee: named, ...rest }) => ({
      restart: named === undefined ? rest : { ...rest, committee: named },
    })),
)

const transaction = fc
  .record({
    payload,
    sender: fc.oneof(fc.constant(-1), fc.nat({ max: 4 })),
    nonce: fc.oneof(fc.constant(0), count),
    expiryEpoch: fc.oneof(fc.constant(0), count),
    feeMaxMicro: amount,
  })
  .map(({ payload: content, sender, ...fields }) => {
    const keys = sender < 0 ? undefined : keysOf(chain, sender)
    const none = new Uint8Array(0)
    const { chainId } = chain.genesis
    return encodeTransaction(
      { chainId, sender: keys?.account ?? none, ...fields, ...content },
      (id) => (keys === undefined ? none : ed25519Sign(keys.seed, id)),
    )
  })

describe('ENC-1 bytes of strangers', () => {
  it('no signed transaction, whatever it says, stops a node', () => {
    fc.assert(
      fc.property(transaction, fc.nat({ max: 40_000 }), (encoded, offsetMs) => {
        const decoded = decodeTransaction(encoded, 8_192)
        if (!decoded.ok) return
        const timeMs = testStartMs + 10_001 + offsetMs
        const checked = checkTransaction(chain.state, decoded.value, timeMs, chain.env)
        const block = testBlock(chain, timeMs, [decoded.value])
        // A restart changes what the header must say; every other kind is judged alike.
        if (decoded.value.kind === 'restart') expect(tryBlock(chain, block).ok).toBe(false)
        else expect(tryBlock(chain, block).ok).toBe(checked.ok)
      }),
      { numRuns: 150 },
    )
  })

  it('no bytes stop the decoder', () => {
    fc.assert(
      fc.property(transaction, fc.nat(), fc.nat({ max: 255 }), (encoded, place, value) => {
        const changed = Uint8Array.from(encoded)
        changed[place % changed.length] = value
        decodeTransaction(changed, 8_192)
        decodeTransaction(changed.subarray(0, place % changed.length), 8_192)
      }),
      { numRuns: 150 },
    )
  })

  it('no header stops a node', () => {
    const header: fc.Arbitrary<Partial<Header>> = fc.record(
      {
        epoch: count,
        height: count,
        timeMs: count,
        seat: small,
        parent: bytes,
        parentStateRoot: bytes,
        nextCommitteeRoot: bytes,
        enrolmentRoot: bytes,
        chainId: text,
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(header, (change) => {
        const block = testBlock(chain, testStartMs + 12_000, [], change)
        const isChanged = Object.keys(change).some((field) => field !== 'parent')
        if (isChanged) tryBlock(chain, block)
        else expect(tryBlock(chain, block).ok).toBe(true)
      }),
      { numRuns: 150 },
    )
  })
})
