import { describe, expect, it } from 'vitest'
import { blsBlst } from '../../adapters/crypto/blsBlst.ts'
import { AbsenceReason, Provenance, type Ready } from '../codec/chain.ts'
import { fieldToBytes } from '../emotion/field.ts'
import { microPerEmo } from '../params.ts'
import type { HashHex } from '../types/ids.ts'
import { checkTransaction } from './checkTransaction.ts'
import { proofKeyOf, readyStatement } from './readyStatement.ts'
import { readSingle } from './state.ts'
import { draw } from './tables.ts'
import {
  addBlock,
  allRight,
  createTestChain,
  signed,
  testBlock,
  testStartMs,
  tryBlock,
  type TestChain,
} from './testChain.fixture.ts'
import { confirmOf, keysOf, readyOf } from './testDuty.fixture.ts'
import type { DecodedTransaction } from './transactionBytes.ts'
import { validatorOf, writeValidator } from './validators.ts'

const options = { validators: 5, seats: 4 }
const pristine = createTestChain(blsBlst, options)
addBlock(pristine, testStartMs)
const fresh = (): TestChain => ({ ...pristine })
const readyMs = testStartMs + 4_000

function check(chain: TestChain, transaction: DecodedTransaction, timeMs = readyMs): string {
  const result = checkTransaction(chain.state, transaction, timeMs, chain.env)
  if (result.ok) return 'ok'
  return 'reason' in result.error ? result.error.reason : result.error.code
}

describe('READY-1', () => {
  const zero = new Uint8Array(96)
  const changes: readonly (readonly [string, Partial<Ready>])[] = [
    ['ok', {}],
    ['READY_EPOCH', { epoch: 2 }],
    ['READY_TICKET', { ticket: zero }],
    ['READY_EPOCH_KEY', { epochKeyPossession: zero }],
    ['TX_FIELD', { epochKey: new Uint8Array(47) }],
    ['READY_SHARING_KEY', { sharingKey: new Uint8Array(32) }],
    ['READY_SHARING_KEY', { sharingKey: new Uint8Array(32).fill(255) }],
    ['TX_FIELD', { peerId: 'not base58: 0OIl' }],
    ['TX_FIELD', { peerId: '' }],
    ['TX_FIELD', { proof: new Uint8Array(0) }],
    ['TX_FIELD', { proof: new Uint8Array(1_025) }],
    ['TX_FIELD', { nullifier: new Uint8Array(32).fill(255) }],
    ['READY_PROVENANCE', { provenance: Provenance.PROVENANCE_UNSPECIFIED }],
    ['SCORE_LOW', { scoreThreshold: 7_499 }],
    ['READY_CLAIM', { scoreThreshold: 8_000 }],
    ['READY_CLAIM', { scoreMode: 1, scoreThreshold: 8_001 }],
    ['ok', { scoreMode: 1, scoreThreshold: 8_000 }],
    ['TX_FIELD', { scoreMode: 1, scoreThreshold: 10_500 }],
    ['TX_FIELD', { scoreMode: 2 }],
    ['TX_FIELD', { stateAfter: new Uint8Array(32).fill(255) }],
    ['TX_FIELD', { stateAfter: new Uint8Array(31) }],
    ['READY_STATE', { stateMark: 1 }],
  ]
  it.each(changes)('%s: %o', (code, change) => {
    const chain = fresh()
    expect(check(chain, readyOf(chain, 4, change))).toBe(code)
  })

  it('until 8 s after the start of the epoch', () => {
    const chain = fresh()
    const ready = readyOf(chain, 4)
    expect(check(chain, ready, testStartMs + 8_000)).toBe('ok')
    expect(check(chain, ready, testStartMs + 8_001)).toBe('READY_LATE')
  })

  it('one an identity and epoch, and one a nullifier (E10)', () => {
    const chain = fresh()
    addBlock(chain, readyMs, [readyOf(chain, 4)])
    expect(check(chain, readyOf(chain, 4, { proof: Uint8Array.of(9) }), readyMs + 1)).toBe(
      'READY_TWICE',
    )
    const nullifier = fieldToBytes(1_004n)
    expect(check(chain, readyOf(chain, 3, { nullifier }), readyMs + 1)).toBe('READY_NULLIFIER')
    expect(check(chain, readyOf(chain, 3), readyMs + 1)).toBe('ok')
  })

  it('ZK-4: counts only with a proof that this node verified', () => {
    const chain = fresh()
    const transaction = readyOf(chain, 4)
    const { ready } = transaction.transaction
    const statement = ready && readyStatement(chain.state, keysOf(chain, 4).account, ready)
    const proofKey =
      statement?.ok === true && proofKeyOf(ready?.proof ?? new Uint8Array(0), statement.value)
    const block = testBlock(chain, readyMs, [transaction])
    const judge = (verdict: boolean | undefined): unknown => {
      const proofIsValid = (key: HashHex): boolean | undefined =>
        key === proofKey ? verdict : undefined
      const judged = { ...chain, env: { ...chain.env, verdicts: { ...allRight, proofIsValid } } }
      const result = tryBlock(judged, block)
      return result.ok ? 'ok' : result.error
    }
    expect(judge(true)).toBe('ok')
    expect(judge(undefined)).toEqual({ code: 'BLOCK_PROOF_UNVERIFIED', index: 0, proofKey })
    expect(judge(false)).toEqual({
      code: 'BLOCK_TX_INVALID',
      index: 0,
      cause: { code: 'READY_PROOF_INVALID', proofKey },
    })
  })

  it('ZK-3, LIVE-6: consent, credential, bond and jail are looked at when it executes', () => {
    const chain = fresh()
    const validator = validatorOf(chain.state, keysOf(chain, 4).account)
    if (validator === undefined) throw new Error('no validator')
    const verdictOf = (change: Partial<typeof validator>): string => {
      const state = writeValidator(chain.state, { ...validator, ...change }, 0)
      return check({ ...chain, state }, readyOf({ ...chain, state }, 4))
    }
    expect(verdictOf({ credentialExpiry: 1 })).toBe('ok')
    expect(verdictOf({ credentialExpiry: 0 })).toBe('CREDENTIAL_ENDED')
    expect(verdictOf({ consentVersion: 2 })).toBe('CONSENT_OLD')
    expect(verdictOf({ bondedMicro: 9_999n * microPerEmo })).toBe('BOND_TOO_LOW')
    expect(verdictOf({ jailedUntilEpoch: 2 })).toBe('JAILED')
    expect(verdictOf({ jailedUntilEpoch: 1 })).toBe('ok')
    expect(verdictOf({ absent: true })).toBe('ok')
  })

  it('SENS-4: a chain without a devnet refuses simulated hearts', () => {
    const strict = createTestChain(blsBlst, { ...options, withDevnet: false })
    addBlock(strict, testStartMs)
    expect(check(strict, readyOf(strict, 4))).toBe('READY_PROVENANCE')
    expect(check(strict, readyOf(strict, 4, { provenance: Provenance.STRAP }))).toBe('ok')
  })

  it('comes from a registered validator, signed, without nonce or fee', () => {
    const chain = fresh()
    const { ready } = readyOf(chain, 4).transaction
    const keys = keysOf(chain, 4)
    const payload = ready === undefined ? {} : { ready }
    expect(check(chain, signed(chain, keys, payload, { nonce: 1 }))).toBe('TX_FIELD')
    expect(check(chain, signed(chain, keys, payload, { feeMaxMicro: 1n }))).toBe('TX_FIELD')
    const stranger = { seed: new Uint8Array(32).fill(5), account: new Uint8Array(32).fill(6) }
    expect(check(chain, signed(chain, stranger, payload))).toBe('TX_NOT_VALIDATOR')
    const forged = { ...stranger, account: keys.account }
    expect(check(chain, signed(chain, forged, payload))).toBe('TX_SIGNATURE')
  })
})

describe('COM-6 CONFIRM', () => {
  const chain = fresh()
  addBlock(
    chain,
    readyMs,
    [0, 1, 2, 4].map((index) => readyOf(chain, index)),
  )
  addBlock(chain, testStartMs + 10_000)
  const early = confirmOf(chain, 0)
  addBlock(chain, testStartMs + 11_000)
  const atMs = testStartMs + 12_000

  it('a drawn validator confirms once, with a recent state root and its fresh key', () => {
    expect(readSingle(chain.state, draw).seats.length).toBe(4)
    expect(check(chain, early, atMs)).toBe('ok')
    expect(check(chain, confirmOf(chain, 0), atMs)).toBe('CONFIRM_STATE_ROOT')
    expect(check(chain, early, testStartMs + 25_001)).toBe('CONFIRM_TIME')
    const payload = early.transaction.confirm
    if (payload === undefined) throw new Error('no CONFIRM')
    const change = (fields: Partial<typeof payload>): string =>
      check(chain, signed(chain, keysOf(chain, 0), { confirm: { ...payload, ...fields } }), atMs)
    expect(change({ stateRoot: new Uint8Array(32) })).toBe('CONFIRM_STATE_ROOT')
    expect(change({ height: 1 })).toBe('CONFIRM_STATE_ROOT')
    expect(change({ epoch: 2 })).toBe('CONFIRM_TIME')
    expect(change({ signature: new Uint8Array(96) })).toBe('CONFIRM_SIGNATURE')
    // Another's signature does not confirm: the message names the validator.
    const copied = signed(chain, keysOf(chain, 1), { confirm: payload })
    expect(check(chain, copied, atMs)).toBe('CONFIRM_SIGNATURE')
    const stranger = signed(chain, keysOf(chain, 3), { confirm: payload })
    expect(check(chain, stranger, atMs)).toBe('CONFIRM_NOT_DRAWN')
    const confirmed = { ...chain }
    addBlock(confirmed, atMs, [early])
    expect(check(confirmed, early, atMs + 1)).toBe('CONFIRM_TWICE')
  })
})

describe('EVID-2 absence', () => {
  it('is announced once an epoch, keeps the validator out of the draw, and ends with READY', () => {
    const chain = fresh()
    const keys = keysOf(chain, 4)
    const absence = { absence: { reason: AbsenceReason.SENSOR_LOST } }
    const announced = signed(chain, keys, absence)
    expect(check(chain, signed(chain, keys, absence, { expiryEpoch: 1 }))).toBe('ABSENCE_QUOTA')
    addBlock(chain, readyMs, [readyOf(chain, 4), readyOf(chain, 3)])
    addBlock(chain, readyMs + 1, [announced])
    expect(validatorOf(chain.state, keys.account)?.absent).toBe(true)
    expect(check(chain, announced, readyMs + 2)).toBe('ABSENCE_QUOTA')
    addBlock(chain, testStartMs + 10_000)
    const { seats } = readSingle(chain.state, draw)
    expect(seats.map((seat) => seat.validator)).toEqual([keysOf(chain, 3).account])
    addBlock(chain, testStartMs + 14_000)
    addBlock(chain, testStartMs + 28_000)
    addBlock(chain, testStartMs + 30_000)
    addBlock(chain, testStartMs + 30_001, [readyOf(chain, 4)])
    expect(validatorOf(chain.state, keys.account)?.absent).toBe(false)
  })
})
