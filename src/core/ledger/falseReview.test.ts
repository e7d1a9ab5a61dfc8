/**
 * E9 in the ledger, with verdicts that are given: which proof is asked about, who is convicted and
 * what it costs. `src/node/reviews/framing.test.ts` tries the same with real proofs.
 */
import { describe, expect, it } from 'vitest'
import { blsBlst } from '../../adapters/crypto/blsBlst.ts'
import { EvidenceKind, type Evidence, type ReviewedStatement } from '../codec/chain.ts'
import { fieldOrder, fieldToBytes, integerToBytes } from '../emotion/field.ts'
import { protocol } from '../params.ts'
import type { HashHex } from '../types/ids.ts'
import { checkTransaction } from './checkTransaction.ts'
import { proofKeyOf } from './readyStatement.ts'
import { convict, isConvicted, settleConvictions, threateningConvictions } from './slashing.ts'
import { list, readSingle } from './state.ts'
import { supplyIsConserved } from './supply.ts'
import { convictions, epochRecord, parameters } from './tables.ts'
import {
  addBlock,
  allRight,
  createTestChain,
  signed,
  testBlock,
  testKeys,
  testStartMs,
  tryBlock,
  unsigned,
  type TestChain,
} from './testChain.fixture.ts'
import { keysOf, readyOf } from './testDuty.fixture.ts'
import { attestOf, falseReviewOf, shownStatement, statementOf } from './testReviews.fixture.ts'
import type { DecodedTransaction } from './transactionBytes.ts'
import { stakeOf, validatorOf, writeValidator } from './validators.ts'

const pristine = createTestChain(blsBlst, { validators: 6, seats: 4 })
addBlock(pristine, testStartMs)
const honest = readyOf(pristine, 4)
const broken = readyOf(pristine, 4, { proof: Uint8Array.of(66) })
const stakeMicro = 20_000_000_000n

function nameOf(ready: DecodedTransaction): HashHex {
  const { proof } = ready.transaction.ready ?? { proof: new Uint8Array(0) }
  return proofKeyOf(proof, statementOf(pristine, ready))
}

/** Every proof is wrong but the one that the honest reviewer verified. */
const judged = {
  ...allRight,
  proofIsWrong: (key: HashHex): boolean | undefined => key !== nameOf(honest),
}
const env = { ...pristine.env, verdicts: judged }
const fresh = (): TestChain => ({ ...pristine, env })

function check(chain: TestChain, transaction: DecodedTransaction, timeMs = 5_000): string {
  const result = checkTransaction(chain.state, transaction, testStartMs + timeMs, chain.env)
  return result.ok ? 'ok' : result.error.code
}

function held(chain: TestChain, index: number): bigint {
  const validator = validatorOf(chain.state, keysOf(chain, index).account)
  return validator === undefined ? -1n : stakeOf(validator)
}

describe('E9 a false review (EVID-1)', () => {
  it('EVID-2, EVID-3: costs a tenth, jails, and counts once', () => {
    const chain = fresh()
    const evidence = falseReviewOf(chain, attestOf(chain, 1, broken), broken)
    const { receipts } = addBlock(chain, testStartMs + 5_000, [evidence])
    expect(receipts[0]?.amountMicro).toBe(stakeMicro / 10n)
    expect(held(chain, 1)).toBe((stakeMicro * 9n) / 10n)
    const account = keysOf(chain, 1).account
    expect(validatorOf(chain.state, account)).toMatchObject({
      convictions: 1,
      jailedUntilEpoch: 2_880,
    })
    expect(check(chain, evidence, 6_000)).toBe('EVIDENCE_KNOWN')
    const another = readyOf(chain, 3, { proof: Uint8Array.of(67) })
    const more = falseReviewOf(chain, attestOf(chain, 1, another), another)
    expect(check(chain, more, 6_000)).toBe('EVIDENCE_KNOWN')
    addBlock(chain, testStartMs + 6_000 + protocol.settleAfterMs)
    expect(held(chain, 1)).toBe((stakeMicro * 9n) / 10n)
    expect(list(chain.state, convictions)).toEqual([])
    expect(supplyIsConserved(chain.state)).toBe(true)
  })

  it('does not depend on whether a block held the attestation, nor on who was drawn', () => {
    const chain = fresh()
    for (const index of [0, 1, 2, 3, 5]) {
      const evidence = falseReviewOf(chain, attestOf(chain, index, broken), broken)
      expect(check(chain, evidence)).toBe('ok')
    }
  })

  it('waits for the verdict about exactly these bytes, as a block does', () => {
    const unjudged = { ...judged, proofIsWrong: (): undefined => undefined }
    const chain = { ...fresh(), env: { ...env, verdicts: unjudged } }
    const evidence = falseReviewOf(chain, attestOf(chain, 1, broken), broken)
    const block = testBlock(chain, testStartMs + 5_000, [evidence])
    const proofKey = nameOf(broken)
    expect(tryBlock(chain, block)).toEqual({
      ok: false,
      error: { code: 'BLOCK_PROOF_UNVERIFIED', index: 0, proofKey },
    })
  })

  it('counts for as long as other evidence, from the epoch of the review on', () => {
    const chain = fresh()
    const { evidence } = falseReviewOf(chain, attestOf(chain, 1, broken), broken).transaction
    const ahead = falseReviewOf(chain, attestOf(chain, 1, broken, { epoch: 2 }), broken)
    expect(check(chain, ahead)).toBe('EVIDENCE_EPOCH')
    const seen = [protocol.committeesKept, protocol.committeesKept + 1].map((epoch) => {
      while (readSingle(chain.state, epochRecord).epoch < epoch) nextEpoch(chain)
      const { boundaryMs } = readSingle(chain.state, epochRecord)
      const again = unsigned(chain, evidence === undefined ? {} : { evidence })
      return check(chain, again, boundaryMs + 3_000 - testStartMs)
    })
    expect(seen).toEqual(['ok', 'EVIDENCE_EPOCH'])
  })

  it('EVID-2: of several offences in one epoch the gravest is the price', () => {
    const chain = fresh()
    const { params, offence } = offender(chain)
    const orders = [
      [5, 9],
      [9, 5],
      [2, 9],
      [9, 2],
    ]
    for (const kinds of orders) {
      let { state } = chain
      for (const kind of kinds) state = convict(state, { ...offence, kind }, params).state
      expect(held({ ...chain, state }, 1)).toBe((stakeMicro * 9n) / 10n)
      expect(isConvicted(state, { ...offence, kind: 9 }, params)).toBe(true)
      expect(isConvicted(state, { ...offence, kind: 2 }, params)).toBe(kinds.includes(2))
      expect(validatorOf(state, offence.validator)?.convictions).toBe(1)
      const timeMs = offence.timeMs + protocol.settleAfterMs
      state = settleConvictions(state, { timeMs, epoch: 0 }, params)
      expect(held({ ...chain, state }, 1)).toBe((stakeMicro * 9n) / 10n)
    }
  })

  it('EVID-2: it does not count in k of a double vote, which goes on to grow', () => {
    const chain = fresh()
    const { params, offence } = offender(chain)
    const validators = [1, 2, 3].map((index) => keysOf(chain, index).account)
    let { state } = chain
    for (const [at, kind] of [9, 2, 2].entries()) {
      const validator = validators[at] ?? offence.validator
      state = convict(state, { ...offence, validator, kind }, params).state
    }
    state = convict(
      state,
      { ...offence, validator: validators[1] ?? offence.validator, kind: 9 },
      params,
    ).state
    const timeMs = offence.timeMs + protocol.settleAfterMs
    state = settleConvictions(state, { timeMs, epoch: 0 }, params)
    const parts = [1, 2, 3].map((index) => (held({ ...chain, state }, index) * 100n) / stakeMicro)
    expect(parts).toEqual([90n, 80n, 80n])
  })

  it('BFT-12: makes no final block doubtful, as a double vote of the same validator does', () => {
    const chain = fresh()
    const { params, offence } = offender(chain)
    const reviewed = convict(chain.state, { ...offence, kind: 9 }, params).state
    expect(threateningConvictions(reviewed, offence.epoch)).toBe(0)
    const voted = convict(reviewed, { ...offence, kind: 2 }, params).state
    expect(threateningConvictions(voted, offence.epoch)).toBe(1)
    expect(threateningConvictions(voted, offence.epoch + 1)).toBe(0)
  })

  it('takes no more than is left', () => {
    const chain = fresh()
    const { params, offence } = offender(chain)
    let { state } = convict(chain.state, { ...offence, kind: 5 }, params)
    const validator = validatorOf(state, offence.validator)
    if (validator === undefined) throw new Error('the offender is a validator')
    state = writeValidator(state, { ...validator, bondedMicro: 7n }, 0)
    const second = convict(state, { ...offence, kind: 9 }, params)
    expect(second.amountMicro).toBe(7n)
    expect(held({ ...chain, state: second.state }, 1)).toBe(0n)
  })
})

describe('E9 convicts nobody who verified what he signed', () => {
  const chain = fresh()
  const attest = attestOf(chain, 1, honest)
  const accuse = (change: Partial<Evidence>, ready = honest): string =>
    check(chain, falseReviewOf(chain, attest, ready, change))

  it('by the proof itself: whoever says so accuses falsely', () => {
    expect(accuse({})).toBe('EVIDENCE_PROOF_HOLDS')
  })

  it('by another proof of the same statement, or by a broken copy', () => {
    const { proof } = honest.transaction.ready ?? { proof: new Uint8Array(0) }
    for (const second of [
      Uint8Array.of(66),
      new Uint8Array(0),
      proof.slice(1),
      Uint8Array.of(...proof, 0),
      proof.map((byte) => byte ^ 1),
      new Uint8Array(protocol.proofBytesMax + 1),
    ]) {
      expect(accuse({ second })).toBe('EVIDENCE_INVALID')
    }
  })

  const statement = statementOf(chain, honest)
  const changes: readonly Partial<ReviewedStatement>[] = [
    { enrolmentRoot: fieldToBytes(1n) },
    { enrolmentRoot: integerToBytes(fieldOrder) },
    { enrolmentRoot: new Uint8Array(31) },
    { nullifier: fieldToBytes(1n) },
    { nullifier: integerToBytes(fieldOrder) },
    { beacon: new Uint8Array(32) },
    { beacon: new Uint8Array(33) },
    { threshold: 7_501 },
    { threshold: 10_001 },
    { consentVersion: 2 },
    { provenance: 1 },
    { provenance: 0 },
    { provenance: 6 },
  ]
  it.each(changes)('by the same bytes read against another statement: %o', (change) => {
    expect(accuse({ statement: shownStatement(statement, change) })).toBe('EVIDENCE_INVALID')
  })

  it('by a statement that is not canonical', () => {
    const plain = shownStatement(statement)
    for (const bytes of [plain.slice(1), Uint8Array.of(...plain, 0), new Uint8Array(300)]) {
      expect(accuse({ statement: bytes })).toBe('EVIDENCE_INVALID')
    }
  })

  it('by what it signed for another chain, epoch or READY', () => {
    const { attest: payload } = attest.transaction
    if (payload === undefined) throw new Error('an attestation')
    const keys = keysOf(chain, 1)
    const other = signed(chain, keys, { attest: payload }, { chainId: 'emo-other' })
    expect(accuse({ first: other.bytes })).toBe('EVIDENCE_INVALID')
    for (const change of [
      { validator: keysOf(chain, 0).account },
      { validator: new Uint8Array(31) },
      { proofKey: new Uint8Array(32) },
      { epoch: 0 },
      { epoch: 2 ** 32 },
    ]) {
      const { bytes } = signed(chain, keys, { attest: { ...payload, ...change } })
      expect(accuse({ first: bytes })).toBe('EVIDENCE_INVALID')
    }
  })

  it('by what somebody else signed in its name, or is no attestation', () => {
    const forged = { seed: keysOf(chain, 0).seed, account: keysOf(chain, 1).account }
    const wrong = readyOf(chain, 4, { proof: Uint8Array.of(66) })
    const payload = attestOf(chain, 1, wrong).transaction.attest
    const inItsName = signed(chain, forged, payload === undefined ? {} : { attest: payload })
    expect(accuse({ first: inItsName.bytes }, wrong)).toBe('EVIDENCE_INVALID')
    const stranger = signed(
      chain,
      testKeys(blsBlst, 70),
      payload === undefined ? {} : { attest: payload },
    )
    expect(accuse({ first: stranger.bytes }, wrong)).toBe('EVIDENCE_INVALID')
    expect(accuse({ first: honest.bytes })).toBe('EVIDENCE_INVALID')
    expect(accuse({ first: new Uint8Array(600) })).toBe('EVIDENCE_INVALID')
  })

  it('by fields of other kinds, and no other kind takes the statement', () => {
    for (const field of ['header', 'justification', 'parentHeader'] as const) {
      expect(accuse({ [field]: Uint8Array.of(1) })).toBe('TX_FIELD')
    }
    for (const kind of [
      EvidenceKind.E2_DOUBLE_VOTE,
      EvidenceKind.E5_MALFORMED_PROPOSAL,
      EvidenceKind.E8_WRONG_SHARING,
    ]) {
      expect(accuse({ kind })).toBe('TX_FIELD')
    }
  })
})

function offender(chain: TestChain): {
  readonly params: ReturnType<typeof paramsOf>
  readonly offence: Omit<Parameters<typeof convict>[1], 'kind'>
} {
  const validator = keysOf(chain, 1).account
  const offence = { validator, epoch: 0, timeMs: testStartMs + 5_000, epochNow: 0 }
  return { params: paramsOf(chain), offence }
}

function paramsOf(chain: TestChain): Parameters<typeof convict>[2] {
  return readSingle(chain.state, parameters)
}

/** Ends the running epoch. */
function nextEpoch(chain: TestChain): void {
  const { open, startMs, boundaryMs } = readSingle(chain.state, epochRecord)
  const firstMs = open ? startMs : boundaryMs + 2_000
  const offsets = open ? [14_000, 20_000, 28_000] : [0, 14_000, 20_000, 28_000]
  for (const offsetMs of offsets) addBlock(chain, firstMs + offsetMs)
}
