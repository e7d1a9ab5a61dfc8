import { describe, expect, it } from 'vitest'
import { blsBlst } from '../../adapters/crypto/blsBlst.ts'
import { Provenance, type Liveness } from '../codec/chain.ts'
import { enrolmentLeaf } from '../emotion/commitments.ts'
import { rootFromPath } from '../emotion/enrolmentTree.ts'
import { bytesToInteger } from '../emotion/field.ts'
import type { HashHex } from '../types/ids.ts'
import { accountOf } from './accounts.ts'
import { checkTransaction } from './checkTransaction.ts'
import { credentialExpiryAt, enrolmentPathAt } from './enrolment.ts'
import { boundaryOf } from './epochs.ts'
import { livenessStatement } from './livenessStatement.ts'
import { readSingle } from './state.ts'
import { supplyIsConserved } from './supply.ts'
import { draw, epochRecord, tip } from './tables.ts'
import {
  addBlock,
  allRight,
  createTestChain,
  signed,
  testBlock,
  tryBlock,
  type TestChain,
} from './testChain.fixture.ts'
import { keysOf, livenessOf, readyOf, runEpoch } from './testDuty.fixture.ts'
import type { DecodedTransaction } from './transactionBytes.ts'
import { validatorOf, writeValidator } from './validators.ts'
import type { Validator } from '../codec/state.ts'

/** Nobody has a credential: the committee of the genesis stays on (COM-5). */
const pristine = createTestChain(blsBlst, {
  validators: 5,
  seats: 4,
  credentialExpiry: 0,
  grantedCredentialEpochs: 0,
})
runEpoch(pristine)
runEpoch(pristine)
addBlock(pristine, readSingle(pristine.state, epochRecord).boundaryMs + 2_000)
/** In epoch 2: beacon(6) is known, and asks the validators of the genesis. */
const fresh = (): TestChain => ({ ...pristine })
const challenge = 6
const credentialEpochs = 120

const now = (chain: TestChain): number => readSingle(chain.state, tip).timeMs + 1

function check(chain: TestChain, transaction: DecodedTransaction): string {
  const result = checkTransaction(chain.state, transaction, now(chain), chain.env)
  if (result.ok) return 'ok'
  return 'reason' in result.error ? result.error.reason : result.error.code
}

function holder(chain: TestChain, index: number): Validator {
  const validator = validatorOf(chain.state, keysOf(chain, index).account)
  if (validator === undefined) throw new Error('no validator')
  return validator
}

function include(chain: TestChain, ...transactions: readonly DecodedTransaction[]): void {
  addBlock(chain, now(chain), transactions)
}

/** Ends the running epoch and opens the one behind it. */
function nextEpoch(chain: TestChain): void {
  const { startMs } = readSingle(chain.state, epochRecord)
  for (const offsetMs of [14_000, 20_000, 28_000, 30_000]) addBlock(chain, startMs + offsetMs)
}

function withValidator(chain: TestChain, index: number, change: Partial<Validator>): TestChain {
  const { epoch } = readSingle(chain.state, epochRecord)
  const state = writeValidator(chain.state, { ...holder(chain, index), ...change }, epoch)
  return { ...chain, state }
}

const endOf = (chain: TestChain, index: number, answeredMark: number): DecodedTransaction =>
  signed(chain, keysOf(chain, index), { endLiveness: { answeredMark } })

describe('LIVE-6 an answered challenge', () => {
  it('gives who had none a credential, for so many epochs from the challenge on', () => {
    const chain = fresh()
    expect(holder(chain, 4).credentialExpiry).toBe(0)
    expect(check(chain, readyOf(chain, 4))).toBe('CREDENTIAL_ENDED')
    include(chain, livenessOf(chain, 4, challenge))
    expect(holder(chain, 4)).toMatchObject({
      credentialExpiry: challenge + credentialEpochs,
      answeredMark: challenge + 1,
      answeredProvenance: 5,
    })
    expect(check(chain, readyOf(chain, 4))).toBe('ok')
  })

  it('STATE-2 changes the leaf, under the root of the next boundary and not of the last', () => {
    const chain = fresh()
    include(chain, livenessOf(chain, 4, challenge))
    nextEpoch(chain)
    const validator = holder(chain, 4)
    const rootAndLeaf = (epoch: number, credentialExpiryEpoch: number): readonly bigint[] => {
      const boundary = boundaryOf(readSingle(chain.state, epochRecord), epoch)
      const leaf = enrolmentLeaf({
        identity: validator.account,
        nkHash: bytesToInteger(validator.nkHash),
        baselineCommitment: bytesToInteger(validator.baselineCommitment),
        consentVersion: 1,
        credentialExpiryEpoch,
      })
      const path = enrolmentPathAt(chain.state, validator.enrolmentIndex, epoch)
      return [rootFromPath(leaf, path), bytesToInteger(boundary?.enrolmentRoot ?? new Uint8Array())]
    }
    for (const epoch of [1, 2]) {
      const expiry = credentialExpiryAt(chain.state, validator, epoch)
      expect(expiry).toBe(epoch === 1 ? 0 : challenge + credentialEpochs)
      const [found, carried] = rootAndLeaf(epoch, expiry)
      expect(found).toBe(carried)
    }
  })

  it('counts once, and no earlier challenge counts after it', () => {
    const chain = fresh()
    const answer = livenessOf(chain, 4, challenge)
    include(chain, answer)
    expect(check(chain, answer)).toBe('LIVENESS_ANSWERED')
    expect(check(chain, livenessOf(chain, 4, challenge - 1))).toBe('LIVENESS_ANSWERED')
    expect(tryBlock(chain, testBlock(chain, now(chain), [answer])).ok).toBe(false)
    // Not even after the credential was given up.
    include(chain, endOf(chain, 4, challenge + 1))
    expect(check(chain, answer)).toBe('LIVENESS_ANSWERED')
  })

  it('LIVE-2 answers until four epochs on have ended, and none whose beacon is not known', () => {
    const chain = fresh()
    expect(check(chain, livenessOf(chain, 4, 7))).toBe('LIVENESS_EPOCH')
    expect(check(chain, livenessOf(chain, 4, 5))).toBe('LIVENESS_NOT_ASKED')
    expect(check(chain, livenessOf(chain, 4, 1))).toBe('LIVENESS_NOT_ASKED')
    for (let epoch = 2; epoch < challenge + 4; epoch += 1) nextEpoch(chain)
    const last = livenessOf(chain, 4, challenge)
    expect(check(chain, last)).toBe('ok')
    nextEpoch(chain)
    expect(check(chain, livenessOf(chain, 4, challenge))).toBe('LIVENESS_EPOCH')
    // REPLAY-1: nor the very bytes of that epoch.
    expect(check(chain, last)).toBe('TX_EXPIRED')
    expect(check(chain, livenessOf(chain, 4, challenge + 9))).toBe('ok')
  })

  it('LIVE-2 who registered after the deals of a beacon does not answer its challenge', () => {
    const registered = withValidator(fresh(), 4, { registeredEpoch: 1 })
    expect(check(registered, livenessOf(registered, 4, challenge))).toBe('LIVENESS_NOT_ASKED')
    nextEpoch(registered)
    expect(check(registered, livenessOf(registered, 4, challenge))).toBe('LIVENESS_NOT_ASKED')
    expect(check(registered, livenessOf(registered, 4, 7))).toBe('ok')
  })

  it('renews a credential in its last quarter and not before', () => {
    const early = withValidator(fresh(), 4, { credentialExpiry: challenge + 30 })
    expect(check(early, livenessOf(early, 4, challenge))).toBe('LIVENESS_NOT_ASKED')
    // The last epoch that may ask for the renewal does so for certain.
    const due = withValidator(fresh(), 4, { credentialExpiry: challenge + 7 })
    include(due, livenessOf(due, 4, challenge))
    expect(holder(due, 4).credentialExpiry).toBe(challenge + credentialEpochs)
  })

  it('needs a bond and no jail: a message without a fee has a stake behind it', () => {
    const answer = (change: Partial<Validator>): string => {
      const chain = withValidator(fresh(), 4, change)
      return check(chain, livenessOf(chain, 4, challenge))
    }
    expect(answer({ bondedMicro: 9_999_999_999n })).toBe('BOND_TOO_LOW')
    expect(answer({ jailedUntilEpoch: 3 })).toBe('JAILED')
    expect(answer({ jailedUntilEpoch: 2 })).toBe('ok')
  })
})

describe('LIVE-6 what an answer must be', () => {
  const proof = new Uint8Array(256)
  const claims = (...shares: readonly number[]): Partial<Liveness> => ({
    windows: shares.map((share, window) => ({ share, proof, window })),
  })
  const pair = (...claimed: readonly (readonly [number, number])[]): Partial<Liveness> => ({
    windows: claimed.map(([window, share]) => ({ share, proof, window })),
  })
  const bad: readonly (readonly [string, string, Partial<Liveness>])[] = [
    ['ok', 'one window', {}],
    ['ok', 'two weaker ones', claims(3_000, 2_000)],
    ['LIVENESS_WEAK', 'no window', claims()],
    ['LIVENESS_WEAK', 'one below the floor', claims(4_500)],
    ['LIVENESS_WEAK', 'a claim between steps', claims(5_001)],
    ['LIVENESS_WEAK', 'a claim above what may be said', claims(10_000)],
    ['LIVENESS_WEAK', 'two below the floor', claims(2_500, 2_000)],
    ['LIVENESS_WEAK', 'three windows', claims(5_000, 5_000, 5_000)],
    ['ok', 'two of three', pair([0, 3_000], [2, 3_000])],
    ['ok', 'the last two', pair([1, 2_500], [2, 3_500])],
    ['LIVENESS_WEAK', 'two of three below their floor', pair([0, 3_000], [2, 2_500])],
    ['LIVENESS_WEAK', 'one window twice', pair([0, 3_000], [0, 3_000])],
    ['LIVENESS_WEAK', 'out of order', pair([2, 3_000], [0, 3_000])],
    ['LIVENESS_WEAK', 'a fourth window', pair([0, 5_000], [3, 5_000])],
    ['LIVENESS_WEAK', 'a second window alone', pair([1, 5_000])],
    [
      'TX_FIELD',
      'a short proof',
      { windows: [{ share: 5_000, proof: proof.slice(1), window: 0 }] },
    ],
    ['TX_FIELD', 'no proof', { windows: [{ share: 5_000, proof: new Uint8Array(0), window: 0 }] }],
    ['LIVENESS_PROVENANCE', 'no provenance', { provenance: Provenance.PROVENANCE_UNSPECIFIED }],
  ]
  it.each(bad)('%s: %s', (code, _, change) => {
    const chain = fresh()
    expect(check(chain, livenessOf(chain, 4, challenge, change))).toBe(code)
  })

  it('SENS-4 no simulated heart where the genesis does not allow it', () => {
    const strict = createTestChain(blsBlst, {
      validators: 5,
      seats: 4,
      credentialExpiry: 0,
      withDevnet: false,
    })
    runEpoch(strict)
    runEpoch(strict)
    addBlock(strict, readSingle(strict.state, epochRecord).boundaryMs + 2_000)
    expect(check(strict, livenessOf(strict, 4, challenge))).toBe('LIVENESS_PROVENANCE')
    const strap = { provenance: Provenance.STRAP }
    expect(check(strict, livenessOf(strict, 4, challenge, strap))).toBe('ok')
  })

  it('ZK-4 each proof counts only when this node verified it, of this validator and window', () => {
    const chain = fresh()
    const windows = [1, 2].map((byte) => ({
      share: 2_500,
      proof: proof.slice().fill(byte),
      window: byte - 1,
    }))
    const keysIn = (index: number): readonly HashHex[] => {
      const { liveness } = livenessOf(chain, index, challenge, { windows }).transaction
      const account = keysOf(chain, index).account
      const stated = liveness && livenessStatement(chain.state, account, liveness)
      return stated?.ok === true ? stated.value.map(({ proofKey }) => proofKey) : []
    }
    const own = keysIn(4)
    expect(new Set([...own, ...keysIn(3)]).size).toBe(4)
    const verdictOf = (index: number, known: Readonly<Record<HashHex, boolean>>): unknown => {
      const proofIsValid = (key: HashHex): boolean | undefined => known[key]
      const judged = { ...chain, env: { ...chain.env, verdicts: { ...allRight, proofIsValid } } }
      const answer = livenessOf(chain, index, challenge, { windows })
      const result = tryBlock(judged, testBlock(chain, now(chain), [answer]))
      return result.ok ? 'ok' : result.error
    }
    const [first = '' as HashHex, second = '' as HashHex] = own
    const both = { [first]: true, [second]: true }
    expect(verdictOf(4, both)).toBe('ok')
    const unverified = { code: 'BLOCK_PROOF_UNVERIFIED', index: 0, proofKey: second }
    expect(verdictOf(4, { [first]: true })).toEqual(unverified)
    expect(verdictOf(4, { ...both, [second]: false })).toEqual({
      code: 'BLOCK_TX_INVALID',
      index: 0,
      cause: { code: 'LIVENESS_INVALID', proofKey: second },
    })
    // Another validator's proof is another question.
    expect(verdictOf(3, both)).toMatchObject({ code: 'BLOCK_PROOF_UNVERIFIED' })
  })
})

describe('LIVE-6 a credential that is given up', () => {
  it('ends at once: no READY, and who said READY before is not drawn', () => {
    const chain = fresh()
    include(chain, livenessOf(chain, 4, challenge))
    include(chain, readyOf(chain, 4))
    const other = fresh()
    other.state = chain.state
    include(chain, endOf(chain, 4, challenge + 1))
    expect(holder(chain, 4)).toMatchObject({ credentialExpiry: 0, answeredProvenance: 0 })
    const startMs = readSingle(chain.state, epochRecord).startMs
    for (const each of [chain, other]) addBlock(each, startMs + 10_000)
    expect(readSingle(chain.state, draw).seats).toEqual([])
    expect(readSingle(other.state, draw).seats.length).toBe(1)
  })

  it('is named by its challenge: no replay ends a later one', () => {
    const chain = fresh()
    expect(check(chain, endOf(chain, 4, 0))).toBe('LIVENESS_NONE')
    include(chain, livenessOf(chain, 4, challenge))
    expect(check(chain, endOf(chain, 4, 0))).toBe('LIVENESS_NONE')
    const end = endOf(chain, 4, challenge + 1)
    include(chain, end)
    expect(check(chain, end)).toBe('LIVENESS_NONE')
    const later = { credentialExpiry: 131, answeredMark: challenge + 6 }
    expect(check(withValidator(chain, 4, later), end)).toBe('LIVENESS_NONE')
  })

  it('may be one that the genesis granted', () => {
    const chain = withValidator(fresh(), 4, { credentialExpiry: 500 })
    expect(check(chain, endOf(chain, 4, 0))).toBe('ok')
  })
})

describe('FEE-1, TX-3 answers and ends', () => {
  it('cost nothing, use no nonce and move no coin', () => {
    const chain = fresh()
    const { account } = keysOf(chain, 4)
    const before = accountOf(chain.state, account)
    const answer = addBlock(chain, now(chain), [livenessOf(chain, 4, challenge)])
    const end = addBlock(chain, now(chain), [endOf(chain, 4, challenge + 1)])
    for (const { receipts } of [answer, end]) {
      expect(receipts).toMatchObject([{ feeMicro: 0n, amountMicro: 0n }])
    }
    expect(accountOf(chain.state, account)).toEqual(before)
    expect(supplyIsConserved(chain.state)).toBe(true)
  })

  it('come signed from a registered validator, without nonce or fee', () => {
    const chain = fresh()
    const { liveness } = livenessOf(chain, 4, challenge).transaction
    const payloads = [
      liveness === undefined ? {} : { liveness },
      { endLiveness: { answeredMark: 0 } },
    ]
    const keys = keysOf(chain, 4)
    const stranger = { seed: new Uint8Array(32).fill(5), account: new Uint8Array(32).fill(6) }
    for (const payload of payloads) {
      expect(check(chain, signed(chain, keys, payload, { nonce: 1 }))).toBe('TX_FIELD')
      expect(check(chain, signed(chain, keys, payload, { feeMaxMicro: 1n }))).toBe('TX_FIELD')
      expect(check(chain, signed(chain, stranger, payload))).toBe('TX_NOT_VALIDATOR')
      const forged = { ...stranger, account: keys.account }
      expect(check(chain, signed(chain, forged, payload))).toBe('TX_SIGNATURE')
    }
  })
})
