import { beforeAll, describe, expect, it } from 'vitest'
import { blsBlst } from '../../adapters/crypto/blsBlst.ts'
import { hex, u32be } from '../base/bytes.ts'
import { beaconAfter } from '../committee/beacon/beaconAfter.ts'
import { kappaQ32, ticketCounts } from '../committee/ticket.ts'
import { hash } from '../crypto/hash.ts'
import { fieldToBytes } from '../emotion/field.ts'
import { microPerEmo, protocol } from '../params.ts'
import { checkTransaction } from './checkTransaction.ts'
import { deriveHeader } from './deriveHeader.ts'
import { enrolmentRoot } from './enrolment.ts'
import { beaconOf, boundaryOf, thetaOf } from './epochs.ts'
import { list, read, readSingle } from './state.ts'
import { supplyIsConserved } from './supply.ts'
import { committees, draw, epochRecord, readyEntries } from './tables.ts'
import { addBlock, createTestChain, testBlock, testStartMs, tryBlock } from './testChain.fixture.ts'
import { confirmOf, keysOf, readyOf, runEpoch } from './testDuty.fixture.ts'
import { newValidator } from './transactions/register.ts'
import { validatorOf, writeValidator } from './validators.ts'

const options = { validators: 6, seats: 4 }
const pristine = createTestChain(blsBlst, options)
const fresh = (): typeof pristine => ({ ...pristine })
const all = [0, 1, 2, 3, 4, 5]

describe('EPOCH-2 an epoch', () => {
  it('starts with its first block, freezes, selects and ends at 10, 20 and 28 s', () => {
    const chain = fresh()
    const seen = [500, 9_999, 10_000, 15_000, 20_400, 28_000].map((offsetMs) => {
      const { derived } = addBlock(chain, testStartMs + 500 + offsetMs)
      const { isFirst, isFreeze, isSelection, isBoundary, epoch } = derived
      return { epoch, isFirst, isFreeze, isSelection, isBoundary }
    })
    const none = {
      epoch: 0,
      isFirst: false,
      isFreeze: false,
      isSelection: false,
      isBoundary: false,
    }
    // The first block came at 1 s: the phases count from there.
    expect(seen).toEqual([
      { ...none, isFirst: true },
      none,
      none,
      { ...none, isFreeze: true },
      none,
      { ...none, isSelection: true },
    ])
    expect(addBlock(chain, testStartMs + 29_000).derived.isBoundary).toBe(true)
    const first = addBlock(chain, testStartMs + 29_500).derived
    expect(first).toMatchObject({ epoch: 1, isFirst: true, startMs: testStartMs + 31_000 })
    expect(first.offsetMs).toBe(-1_500)
    // BEACON-7: no boundary before a block has fixed the deals, or 40 s are over.
    expect(deriveHeader(chain.state, testStartMs + 70_999).isBoundary).toBe(false)
    expect(deriveHeader(chain.state, testStartMs + 71_000).isBoundary).toBe(true)
    addBlock(chain, testStartMs + 45_000)
    expect(deriveHeader(chain.state, testStartMs + 58_999).isBoundary).toBe(false)
    expect(deriveHeader(chain.state, testStartMs + 59_000).isBoundary).toBe(true)
  })

  it('EPOCH-5: after a stop one block ends the epoch, and the committee stays on', () => {
    const chain = fresh()
    addBlock(chain, testStartMs)
    const { derived } = addBlock(chain, testStartMs + 3_600_000)
    expect(derived).toMatchObject({ isFreeze: true, isSelection: true, isBoundary: true, epoch: 0 })
    const { derived: next } = addBlock(chain, testStartMs + 3_600_500)
    expect(next).toMatchObject({ epoch: 1, isFirst: true })
    const seats = next.committee.seats.map((seat) => hex(seat.validator))
    expect(seats).toEqual(chain.genesis.seats.map((seat) => hex(seat.validator)))
  })

  it('STATE-2: the boundary carries the enrolment root, other headers none', () => {
    const chain = fresh()
    expect(addBlock(chain, testStartMs).derived.enrolmentRoot.length).toBe(0)
    const root = fieldToBytes(enrolmentRoot(chain.state))
    addBlock(chain, testStartMs + 14_000)
    expect(addBlock(chain, testStartMs + 28_000).derived.enrolmentRoot).toEqual(root)
    const record = readSingle(chain.state, epochRecord)
    expect(boundaryOf(record, 0)?.enrolmentRoot).toEqual(root)
    expect(boundaryOf(record, -3)?.mark).toBe(0)
  })

  it('BEACON-1: the boundary of e fixes beacon(e+5), the fallback when nobody dealt', () => {
    const chain = fresh()
    for (const offsetMs of [0, 14_000, 28_000]) addBlock(chain, testStartMs + offsetMs)
    const record = readSingle(chain.state, epochRecord)
    const target = protocol.beaconLeadEpochs
    expect(target).toBe(5)
    const before = beaconOf(record, target - 1)
    expect(before).toEqual(chain.genesis.beacons[target - 1])
    const expected = beaconAfter(before ?? new Uint8Array(0), target, { kind: 'fallback' })
    expect(beaconOf(record, target)).toEqual(expected)
    expect(beaconOf(record, target + 1)).toBeUndefined()
  })
})

describe('COM-6 from READY to seats', () => {
  const chain = fresh()
  beforeAll(() => {
    runEpoch(chain)
    runEpoch(chain, { ready: all, confirm: [0, 1, 2, 4, 5] })
  })

  it('the confirmed of the draw are the next committee, with their fresh keys', () => {
    const committee = read(chain.state, committees, 2)
    const seats = committee?.seats.map((seat) => hex(seat.validator)) ?? []
    const expected = [0, 1, 2, 4, 5].map((index) => hex(keysOf(chain, index).account))
    expect(seats.toSorted()).toEqual(expected.toSorted())
    const { derived } = addBlock(chain, readSingle(chain.state, epochRecord).boundaryMs + 2_000)
    expect(derived.committee).toEqual(committee)
    expect(derived.committee.seats.every((seat) => seat.peerId !== '')).toBe(true)
  })

  it('service is noted, and the duty of the epoch is cleared', () => {
    expect(validatorOf(chain.state, keysOf(chain, 0).account)?.servedMark).toBe(2)
    expect(validatorOf(chain.state, keysOf(chain, 5).account)?.servedMark).toBe(0)
    expect(list(chain.state, readyEntries)).toEqual([])
    expect(readSingle(chain.state, draw).seats).toEqual([])
    expect(supplyIsConserved(chain.state)).toBe(true)
  })

  it('COM-5: with too few ready the committee stays on', () => {
    const lone = fresh()
    runEpoch(lone, { ready: [4, 5, 0], confirm: [4, 5, 0] })
    const committee = read(lone.state, committees, 1)
    expect(committee?.seats.map((seat) => hex(seat.validator))).toEqual(
      lone.genesis.seats.map((seat) => hex(seat.validator)),
    )
    const fresh0 = committee?.seats[0]?.epochKey
    expect(fresh0).not.toEqual(lone.genesis.seats[0]?.epochKey)
    expect(committee?.seats[1]?.epochKey).toEqual(lone.genesis.seats[1]?.epochKey)
  })
})

describe('COM-1 the cut-off of a large network', () => {
  it('is fixed five epochs ahead, and calls those whose ticket lies below it', () => {
    const chain = fresh()
    for (let index = 0; index < 66; index += 1) {
      const account = hash('identity', u32be(index))
      const entry = { vrfKey: account, nkHash: account, baselineCommitment: account }
      const place = { epoch: 0, credentialExpiry: 1_000, enrolmentIndex: index }
      const validator = newValidator(account, { ...entry, consentVersion: 1 }, place)
      const bondedMicro = 100_000n * microPerEmo
      chain.state = writeValidator(chain.state, { ...validator, bondedMicro }, -1)
    }
    runEpoch(chain)
    const target = protocol.beaconLeadEpochs
    const theta = thetaOf(readSingle(chain.state, epochRecord), target)
    // Σw₀: 66 of 0.85, and six of 0.17, four of which are known to have served by no boundary yet.
    const one = 1n << 32n
    const weights = 66n * ((one * 85n) / 100n) + 6n * ((one * 17n) / 100n)
    expect(theta).toBe((64n << 64n) / weights)
    // READYs for the target count in the epoch before it.
    for (let epoch = 1; epoch < target - 1; epoch += 1) runEpoch(chain)
    const startMs = readSingle(chain.state, epochRecord).boundaryMs + 2_000
    addBlock(chain, startMs)
    const verdicts = all.map((index) => {
      const ready = readyOf(chain, index)
      const result = checkTransaction(chain.state, ready, startMs + 1, chain.env)
      return result.ok ? 'called' : result.error.code
    })
    const expected = all.map((index) => {
      const { ready } = readyOf(chain, index).transaction
      const kappa = kappaQ32(ready?.ticket ?? new Uint8Array(0), (one * 17n) / 100n)
      return ticketCounts(kappa, theta) ? 'called' : 'READY_NOT_CALLED'
    })
    expect(verdicts).toEqual(expected)
    expect(verdicts).toContain('READY_NOT_CALLED')
  })
})

describe('STATE-3, EPOCH-4 strict ancestors', () => {
  it('what executes in the freeze block or in X itself does not count', () => {
    const chain = fresh()
    addBlock(chain, testStartMs)
    const late = readyOf(chain, 4)
    const block = testBlock(chain, testStartMs + 10_000, [late])
    expect(tryBlock(chain, block)).toMatchObject({
      error: { code: 'BLOCK_TX_INVALID', cause: { code: 'READY_LATE' } },
    })
    addBlock(chain, testStartMs + 5_000, [late])
    addBlock(chain, testStartMs + 10_000)
    const confirm = confirmOf(chain, 4)
    addBlock(chain, testStartMs + 11_000)
    expect(tryBlock(chain, testBlock(chain, testStartMs + 20_000, [confirm]))).toMatchObject({
      error: { code: 'BLOCK_TX_INVALID', cause: { code: 'CONFIRM_TIME' } },
    })
    expect(tryBlock(chain, testBlock(chain, testStartMs + 12_000, [confirm])).ok).toBe(true)
  })
})
