import { describe, expect, it } from 'vitest'
import { Header, Justification, VoteKind, type Certificate } from '../codec/chain.ts'
import { hash } from '../crypto/hash.ts'
import { protocol } from '../params.ts'
import {
  headerBytesMax,
  proposalFault,
  type AggregateSigned,
  type JudgingCommittee,
  type ShownProposal,
} from './proposalFault.ts'

const { VOTE, COMMIT, SKIP, PROPOSE } = VoteKind

const none = new Uint8Array(0)
const filled = (byte: number): Uint8Array => new Uint8Array(32).fill(byte)
const parentHash = filled(7)

const committee: JudgingCommittee = {
  chainId: 'emo-test',
  epoch: 3,
  committeeRoot: filled(9),
  seats: [0, 1, 2, 3].map((index) => ({ epochKey: new Uint8Array(48).fill(index), power: 1 })),
  leaders: [2, 0, 3, 1],
  quorumPower: 3,
}

/** Signatures of this bench say of themselves whether they hold. */
const good = new Uint8Array(96).fill(1)
const aggregateSigned: AggregateSigned = (keys, _message, signature) =>
  keys.length >= 3 && signature[0] === 1

function certificate(kind: VoteKind, view: number, change: Partial<Certificate> = {}): Certificate {
  const block = kind === SKIP ? none : parentHash
  const signers = Uint8Array.of(0b0111)
  return { kind, epoch: 3, view, block, signers, signature: good, ...change }
}

const skip = (view: number, change: Partial<Certificate> = {}): Certificate =>
  certificate(SKIP, view, change)

/** Of view 6, on a block of view 3, with what the views between left. */
const sound = { parent: certificate(VOTE, 3), path: [], skips: [skip(4), skip(5)] }

function headerOf(change: Partial<Header> = {}): Uint8Array {
  return Header.encode({
    version: protocol.version,
    chainId: 'emo-test',
    epoch: 3,
    height: 12,
    view: 6,
    parent: parentHash,
    timeMs: 1000,
    seat: 0,
    parentStateRoot: filled(1),
    parentReceiptsRoot: filled(2),
    transactionsRoot: filled(3),
    justification: filled(4),
    committeeRoot: filled(9),
    nextCommitteeRoot: none,
    enrolmentRoot: none,
    ...change,
  })
}

const nothing: ShownProposal = { header: none, justification: none, parentHeader: none }

/** The fault of a header with a justification that it binds. */
function faultWith(
  justification: Partial<Justification>,
  change: Partial<Header> = {},
  signed: AggregateSigned | 'unasked' = aggregateSigned,
): string | undefined {
  const bytes = Justification.encode({ path: [], skips: [], ...justification })
  const header = headerOf({ justification: hash('justification', bytes), ...change })
  const view = change.view ?? 6
  return proposalFault(
    committee,
    view,
    { ...nothing, header, justification: bytes },
    signed === 'unasked' ? undefined : signed,
  )
}

describe('EVID-1, E5: a header that is wrong by itself', () => {
  const cases: readonly (readonly [name: string, header: Uint8Array, fault: string | undefined])[] =
    [
      ['as the leader made it', headerOf(), undefined],
      ['of another chain', headerOf({ chainId: 'emo-else' }), 'PLACE'],
      ['of another epoch', headerOf({ epoch: 4 }), 'PLACE'],
      ['of another view', headerOf({ view: 2 }), 'PLACE'],
      ['of another committee or attempt (RECOVER-1)', headerOf({ committeeRoot: none }), 'PLACE'],
      ['of a seat that does not lead (COM-4)', headerOf({ seat: 2 }), 'LEADER'],
      ['of a seat that there is not', headerOf({ seat: 9 }), 'LEADER'],
      ['that is no message', Uint8Array.of(0xff), 'ENCODING'],
      ['with a default written out', Uint8Array.of(...headerOf(), 0x82, 0x01, 0x00), 'ENCODING'],
      ['that is too long', headerOf({ enrolmentRoot: new Uint8Array(headerBytesMax) }), 'ENCODING'],
      // STATE-3: what follows from a state accuses nobody.
      ['with another state root', headerOf({ parentStateRoot: none }), undefined],
      ['with another next committee', headerOf({ nextCommitteeRoot: filled(5) }), undefined],
      ['with another enrolment root', headerOf({ enrolmentRoot: filled(5) }), undefined],
      // ENC-2: it may have been right before an upgrade.
      ['of another version', headerOf({ version: protocol.version + 1 }), undefined],
    ]
  it.each(cases)('%s', (_name, header, fault) => {
    expect(proposalFault(committee, 6, { ...nothing, header }, aggregateSigned)).toBe(fault)
  })

  it('nobody leads view 0', () => {
    const header = headerOf({ view: 0, seat: 0 })
    expect(proposalFault(committee, 0, { ...nothing, header }, aggregateSigned)).toBe('LEADER')
  })
})

describe('EVID-1, E5: a header whose justification does not justify it (BFT-2)', () => {
  const real = certificate(VOTE, 3)
  const cases: readonly (readonly [
    name: string,
    justification: Partial<Justification>,
    fault: string | undefined,
  ])[] = [
    ['QC of the parent and each SKIP since', sound, undefined],
    ['FC of the parent', { ...sound, parent: certificate(COMMIT, 3) }, undefined],
    [
      'all views skipped, on what the epoch began with',
      { skips: [1, 2, 3, 4, 5].map((view) => skip(view)) },
      undefined,
    ],
    [
      'the hand-over of another committee (EPOCH-2)',
      {
        parent: certificate(COMMIT, 99, { epoch: 2 }),
        path: [filled(1)],
        skips: [1, 2, 3, 4, 5].map((view) => skip(view)),
      },
      undefined,
    ],
    ['a SKIP missing in between', { ...sound, skips: [skip(5)] }, 'PARENT'],
    ['a SKIP missing at the end', { ...sound, skips: [skip(4)] }, 'SKIPS'],
    ['SKIPs out of order', { ...sound, skips: [skip(5), skip(4)] }, 'SKIPS'],
    [
      'more SKIPs than views',
      { ...sound, skips: [0, 1, 2, 3, 4, 5].map((view) => skip(view)) },
      'SKIPS',
    ],
    ['a QC in the place of a SKIP', { ...sound, skips: [skip(4), certificate(VOTE, 5)] }, 'SKIPS'],
    [
      'a SKIP of too little power',
      { ...sound, skips: [skip(4), skip(5, { signers: Uint8Array.of(0b11) })] },
      'SKIPS',
    ],
    ['a SKIP of another epoch', { ...sound, skips: [skip(4), skip(5, { epoch: 2 })] }, 'SKIPS'],
    ['a SKIP for a block', { ...sound, skips: [skip(4), skip(5, { block: parentHash })] }, 'SKIPS'],
    [
      'a SKIP that nobody signed',
      { ...sound, skips: [skip(4), skip(5, { signature: none })] },
      'SIGNATURE',
    ],
    ['no QC', { skips: [skip(4), skip(5)] }, 'PARENT'],
    ['a QC of another block', { ...sound, parent: { ...real, block: filled(8) } }, 'PARENT'],
    ['a QC of another view', { ...sound, parent: { ...real, view: 2 } }, 'PARENT'],
    ['an NC in the place of the QC', { ...sound, parent: { ...real, kind: SKIP } }, 'PARENT'],
    ['a QC of proposals', { ...sound, parent: { ...real, kind: PROPOSE } }, 'PARENT'],
    [
      'a QC of too little power (BFT-11)',
      { ...sound, parent: { ...real, signers: Uint8Array.of(0b101) } },
      'PARENT',
    ],
    [
      'a QC whose bitmap is longer',
      { ...sound, parent: { ...real, signers: Uint8Array.of(7, 0) } },
      'PARENT',
    ],
    [
      'a QC of a seat that there is not',
      { ...sound, parent: { ...real, signers: Uint8Array.of(0b10111) } },
      'PARENT',
    ],
    ['a QC that nobody signed', { ...sound, parent: { ...real, signature: none } }, 'SIGNATURE'],
  ]
  it.each(cases)('%s', (_name, justification, fault) => {
    expect(faultWith(justification)).toBe(fault)
  })

  it('E6: a false signature is not seen by who holds the certificate itself', () => {
    const parent = { ...real, signature: none }
    expect(faultWith({ ...sound, parent }, {}, 'unasked')).toBeUndefined()
    expect(faultWith({ ...sound, parent: { ...parent, view: 2 } }, {}, 'unasked')).toBe('PARENT')
  })

  it('another justification than the one that the header binds proves nothing', () => {
    const bytes = Justification.encode({ path: [], skips: [] })
    const shown = { ...nothing, header: headerOf(), justification: bytes }
    expect(proposalFault(committee, 6, shown, aggregateSigned)).toBeUndefined()
  })

  it('a justification without certificates has no bytes, and is judged', () => {
    expect(faultWith({})).toBe('PARENT')
    expect(faultWith({}, { view: 1, seat: 2 })).toBeUndefined()
  })

  it('nor do bytes that no proposal can carry', () => {
    const odd = Uint8Array.of(...Justification.encode(sound), 0x22, 0x00)
    const header = headerOf({ justification: hash('justification', odd) })
    const shown = { ...nothing, header, justification: odd }
    expect(proposalFault(committee, 6, shown, aggregateSigned)).toBeUndefined()
  })
})

describe('EVID-1, E5: a header that does not follow its parent', () => {
  const parentHeader = headerOf({ view: 3, seat: 3, height: 11, timeMs: 999 })
  const fault = (
    change: Partial<Header>,
    shown: Partial<ShownProposal> = {},
  ): string | undefined => {
    const header = headerOf({ parent: hash('header', parentHeader), ...change })
    return proposalFault(committee, 6, { ...nothing, header, parentHeader, ...shown })
  }

  it.each([
    [{}, undefined],
    [{ timeMs: 999 }, 'TIME'],
    [{ timeMs: 5 }, 'TIME'],
    [{ height: 11 }, 'HEIGHT'],
    [{ height: 13 }, 'HEIGHT'],
  ])('%j (TIME-1)', (change, expected) => {
    expect(fault(change)).toBe(expected)
  })

  it('only the parent that it names, in canonical bytes, proves that', () => {
    expect(fault({ timeMs: 5, parent: parentHash })).toBeUndefined()
    const odd = Uint8Array.of(...parentHeader, 0x82, 0x01, 0x00)
    expect(fault({ timeMs: 5, parent: hash('header', odd) }, { parentHeader: odd })).toBeUndefined()
  })

  it('one fault has one proof: nothing more is shown than it needs', () => {
    const justification = Justification.encode(sound)
    expect(fault({ timeMs: 5 }, { justification })).toBeUndefined()
    expect(fault({ timeMs: 5, seat: 2 })).toBeUndefined()
  })
})
