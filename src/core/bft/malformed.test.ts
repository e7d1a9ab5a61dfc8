import { describe, expect, it } from 'vitest'
import { at, Bench } from '../../../test/sim/bench4.ts'
import { resigned, type Made } from '../../../test/sim/resigned.ts'
import { Header, VoteKind, type Certificate, type Proposal } from '../codec/chain.ts'
import { proposalFault } from '../committee/proposalFault.ts'
import { hash } from '../crypto/hash.ts'
import { messageOf } from './signing.ts'
import { viewWindow, type Contradiction, type Effect } from './types.ts'
import { protocol } from '../params.ts'

const { PROPOSE, VOTE, COMMIT, SKIP } = VoteKind

type Malformed = Extract<Contradiction, { shown: unknown }>

function filedIn(effects: readonly Effect[]): readonly Malformed[] {
  return effects.flatMap((effect) =>
    effect.type === 'evidence' && 'shown' in effect.contradiction ? [effect.contradiction] : [],
  )
}

const named = (filed: readonly Malformed[]): readonly string[] =>
  filed.map(({ kind, seat, first }) => `${kind.slice(0, 2)} ${String(seat)} ${first.kind}`)

function propose(bench: Bench, proposal: Proposal, offsetMs = 30): readonly Malformed[] {
  return filedIn(bench.feed({ type: 'proposal', nowMs: at(offsetMs), proposal }))
}

function hear(bench: Bench, vote: ReturnType<Bench['vote']>): readonly Malformed[] {
  return filedIn(bench.feed({ type: 'vote', nowMs: at(40), vote }))
}

/** Whether strangers find what was filed as wrong as the seat did. */
function faultOf(bench: Bench, { kind, first, shown }: Malformed): string | undefined {
  const { bls } = bench.env
  const isLeader = kind === 'E5_MALFORMED_PROPOSAL'
  expect(hash('header', shown.header)).toEqual(first.block)
  return proposalFault(
    bench.env,
    first.view,
    shown,
    isLeader ? (...question) => bls.fastAggregateVerify(...question) : undefined,
  )
}

/** Signed by any seat, for any view, over any bytes. */
function signedBy(bench: Bench, seat: number, header: Uint8Array, view: number): Made {
  const env = bench.envs[seat]
  const block = hash('header', header)
  const signature = env?.own?.sign(messageOf(env, { kind: PROPOSE, view, block }))
  if (signature === undefined) throw new Error('four seats')
  const { proposal } = bench.proposal(view)
  return { proposal: { ...proposal, header, signature }, hash: block }
}

/** Seat 3 in view 2, with block 1 valid and certified. */
function inViewTwo(): { readonly bench: Bench; readonly one: Made; readonly qc: Certificate } {
  const bench = new Bench(3)
  const one = bench.proposal(1)
  bench.accept(one, at(10))
  const qc = bench.certificate(VOTE, 1, { block: one.hash })
  bench.feed({ type: 'certificate', nowMs: at(20), certificate: qc })
  return { bench, one, qc }
}

describe('EVID-1, E5: a proposal whose justification does not hold', () => {
  const cases: readonly (readonly [
    name: string,
    qc: (bench: Bench, one: Made, real: Certificate) => Certificate,
    fault: string,
  ])[] = [
    [
      'a QC of another block',
      (_bench, _one, real) => ({ ...real, block: new Uint8Array(32) }),
      'PARENT',
    ],
    [
      'a QC of its own view',
      (bench, one) => bench.certificate(VOTE, 2, { block: one.hash }),
      'PARENT',
    ],
    [
      'a QC of two seats',
      (_bench, _one, real) => ({ ...real, signers: Uint8Array.of(3) }),
      'PARENT',
    ],
    [
      'an NC for a QC',
      (bench, one) => ({ ...bench.certificate(SKIP, 1), block: one.hash }),
      'PARENT',
    ],
  ]
  it.each(cases)('%s', (_name, change, fault) => {
    const { bench, one, qc } = inViewTwo()
    const parent = { hash: one.hash, height: 1, qc: change(bench, one, qc) }
    const filed = propose(bench, bench.proposal(2, { parent }).proposal)
    expect(named(filed)).toEqual(['E5 1 PROPOSE'])
    expect(filed.map((one) => faultOf(bench, one))).toEqual([fault])
    expect(bench.sent(SKIP).map(({ view }) => view)).toEqual([2])
  })

  it('a view left out without NC', () => {
    const { bench, one, qc } = inViewTwo()
    bench.feed({ type: 'certificate', nowMs: at(25), certificate: bench.certificate(SKIP, 2) })
    const three = bench.proposal(3, { parent: { hash: one.hash, height: 1, qc } })
    const filed = propose(bench, three.proposal)
    expect(named(filed)).toEqual(['E5 2 PROPOSE'])
    expect(filed.map((one) => faultOf(bench, one))).toEqual(['PARENT'])
    expect(propose(bench, three.proposal)).toEqual([])
  })

  it('no certificate at all', () => {
    const { bench, one } = inViewTwo()
    const bare = resigned(bench, bench.proposal(2), { parent: one.hash, height: 2 })
    expect(named(propose(bench, bare.proposal))).toEqual(['E5 1 PROPOSE'])
  })

  it('a signature that does not hold accuses the leader, and whoever holds the QC votes', () => {
    const { bench, one, qc } = inViewTwo()
    const forged = { ...qc, signature: new Uint8Array(96) }
    const made = bench.proposal(2, { parent: { hash: one.hash, height: 1, qc: forged } })
    bench.accept(made, at(30))
    expect(bench.sent(VOTE).map(({ block }) => block)).toEqual([made.hash])
    const other = new Bench(3)
    other.feed({ type: 'certificate', nowMs: at(20), certificate: other.certificate(SKIP, 1) })
    const filed = propose(other, made.proposal)
    expect(named(filed)).toEqual(['E5 1 PROPOSE'])
    expect(filed.map((one) => faultOf(other, one))).toEqual(['SIGNATURE'])
    expect(hear(other, other.vote(0, VOTE, 2, made.hash))).toEqual([])
  })

  it('what another hand-over may have left accuses nobody (EPOCH-2)', () => {
    const bench = new Bench(3)
    const made = resigned(bench, bench.proposal(1), { parent: new Uint8Array(32).fill(5) })
    expect(propose(bench, made.proposal)).toEqual([])
    expect(bench.sent(SKIP).map(({ view }) => view)).toEqual([1])
  })

  it('other certificates than the header binds are the deed of whoever brings them', () => {
    const { bench, one, qc } = inViewTwo()
    const made = bench.proposal(2, { parent: { hash: one.hash, height: 1, qc } })
    const parent = { ...qc, block: new Uint8Array(32) }
    expect(propose(bench, { ...made.proposal, parent })).toEqual([])
    bench.accept(made, at(40))
    expect(bench.sent(VOTE).map(({ block }) => block)).toEqual([made.hash])
  })
})

describe('EVID-1, E5: a block that does not follow its parent', () => {
  it.each([
    ['its time (TIME-1)', { timeMs: at(10) }, 'TIME'],
    ['its height', { height: 3 }, 'HEIGHT'],
  ])('by %s', (_name, change, fault) => {
    const { bench, one, qc } = inViewTwo()
    const two = bench.proposal(2, { parent: { hash: one.hash, height: 1, qc } })
    const filed = propose(bench, resigned(bench, two, change).proposal)
    expect(named(filed)).toEqual(['E5 1 PROPOSE'])
    expect(filed.map((one) => faultOf(bench, one))).toEqual([fault])
    expect(bench.sent(SKIP).map(({ view }) => view)).toEqual([2])
  })

  it('on what the epoch began with it is refused, and nobody has the bytes to show', () => {
    const bench = new Bench(3)
    expect(propose(bench, resigned(bench, bench.proposal(1), { height: 2 }).proposal)).toEqual([])
    expect(bench.sent(SKIP).map(({ view }) => view)).toEqual([1])
  })
})

describe('EVID-1, E5: a header that is not one of its view', () => {
  const headerOf = (bench: Bench, change: Partial<Header> = {}): Uint8Array =>
    Header.encode({ ...Header.decode(bench.proposal(1).proposal.header), ...change })
  const odd = (bytes: Uint8Array): Uint8Array => Uint8Array.of(...bytes, 0x82, 0x01, 0x00)

  it('the leader names another seat', () => {
    const bench = new Bench(3)
    const filed = propose(bench, signedBy(bench, 0, headerOf(bench, { seat: 2 }), 1).proposal)
    expect(named(filed)).toEqual(['E5 0 PROPOSE'])
    expect(filed.map((one) => faultOf(bench, one))).toEqual(['LEADER'])
  })

  it('another seat proposes in the view', () => {
    const bench = new Bench(3)
    const made = signedBy(bench, 2, headerOf(bench, { seat: 2 }), 1)
    expect(named(propose(bench, made.proposal))).toEqual(['E5 2 PROPOSE'])
    expect(propose(bench, made.proposal)).toEqual([])
  })

  it('bytes that are not canonical', () => {
    const bench = new Bench(3)
    const filed = propose(bench, signedBy(bench, 0, odd(headerOf(bench)), 1).proposal)
    expect(named(filed)).toEqual(['E5 0 PROPOSE'])
    expect(filed.map((one) => faultOf(bench, one))).toEqual(['ENCODING'])
  })

  const quiet: readonly (readonly [string, (bench: Bench) => Uint8Array, view: number])[] = [
    ['is no message', () => Uint8Array.of(0xff, 0xff), 1],
    [
      'is longer than anybody would show',
      (bench) => headerOf(bench, { enrolmentRoot: new Uint8Array(2048) }),
      1,
    ],
    ['is of another epoch', (bench) => odd(headerOf(bench, { epoch: 1 })), 1],
    [
      'is of another committee (RECOVER-1)',
      (bench) => odd(headerOf(bench, { committeeRoot: new Uint8Array(32) })),
      1,
    ],
    ['is of a view far ahead', (bench) => odd(headerOf(bench, { view: 999 })), 999],
    ['is of another version', (bench) => headerOf(bench, { version: protocol.version + 1 }), 1],
    [
      'names a seat that there is not, signed by nobody who leads',
      (bench) => headerOf(bench, { seat: 9, view: 2 }),
      1,
    ],
  ]
  it.each(quiet)('but nobody for one that %s', (_name, make, view) => {
    const bench = new Bench(3)
    expect(propose(bench, signedBy(bench, 0, make(bench), view).proposal)).toEqual([])
    expect(bench.sent()).toEqual([])
  })
})

describe('EVID-1, E6: a vote for a malformed proposal', () => {
  /** In view 2, with what makes a malformed proposal of it. */
  function malformed(): { readonly bench: Bench; readonly made: Made } {
    const { bench, one } = inViewTwo()
    return { bench, made: resigned(bench, bench.proposal(2), { parent: one.hash, height: 2 }) }
  }

  it('is evidence when it comes after', () => {
    const { bench, made } = malformed()
    propose(bench, made.proposal)
    const filed = hear(bench, bench.vote(2, VOTE, 2, made.hash))
    expect(named(filed)).toEqual(['E6 2 VOTE'])
    expect(filed.map((one) => faultOf(bench, one))).toEqual(['PARENT'])
    expect(named(hear(bench, bench.vote(1, COMMIT, 2, made.hash)))).toEqual(['E6 1 COMMIT'])
    // Once a seat and view.
    expect(hear(bench, bench.vote(2, COMMIT, 2, made.hash))).toEqual([])
  })

  it('and when it was here before', () => {
    const { bench, made } = malformed()
    hear(bench, bench.vote(2, VOTE, 2, made.hash))
    hear(bench, bench.vote(0, COMMIT, 2, made.hash))
    const filed = propose(bench, made.proposal)
    expect(named(filed)).toEqual(['E5 1 PROPOSE', 'E6 2 VOTE', 'E6 0 COMMIT'])
  })

  it('in its own view only, and signed', () => {
    const { bench, made } = malformed()
    propose(bench, made.proposal)
    expect(hear(bench, bench.vote(2, VOTE, 3, made.hash))).toEqual([])
    expect(hear(bench, bench.vote(2, SKIP, 2))).toEqual([])
    const forged = { ...bench.vote(0, VOTE, 2, made.hash), signature: new Uint8Array(96).fill(1) }
    expect(hear(bench, forged)).toEqual([])
    expect(hear(bench, bench.vote(2, VOTE, 2, new Uint8Array(32)))).toEqual([])
  })

  it('the newest 64 are remembered', () => {
    const bench = new Bench(3)
    const ahead = 1 + viewWindow.ahead
    for (let view = 1; view <= ahead + 1; view += 1) {
      const header = Header.decode(bench.proposal(view).proposal.header)
      const bytes = Header.encode({ ...header, seat: view % 4 })
      propose(bench, signedBy(bench, (view - 1) % 4, bytes, view).proposal)
    }
    // The last view is beyond the window, and of the others the first has gone.
    const kept = Array.from({ length: 64 }, (_none, index) => index + 2)
    expect(bench.state.malformed.map(({ view }) => view)).toEqual(kept)
    expect(ahead).toBe(65)
  })
})

describe('EVID-1: a seat signs nothing that accuses it, whoever built it', () => {
  const changes: readonly (readonly [name: string, change: Partial<Header>, isSigned: boolean])[] =
    [
      ['as it was asked for', {}, true],
      ['of another committee', { committeeRoot: new Uint8Array(32) }, false],
      ['of another height', { height: 7 }, false],
      ['with another justification', { justification: new Uint8Array(32) }, false],
    ]
  it.each(changes)('a block %s', (_name, change, isSigned) => {
    const bench = new Bench(0)
    bench.feed({ type: 'start', nowMs: at(0) })
    const { proposal } = bench.proposal(1)
    const header = Header.encode({ ...Header.decode(proposal.header), ...change })
    const { body } = proposal
    bench.feed({ type: 'built', nowMs: at(10), view: 1 as never, header, body, isBoundary: false })
    const sends = bench.effects.filter(({ type }) => type === 'sendProposal')
    expect(sends).toHaveLength(isSigned ? 1 : 0)
    expect(bench.sent(SKIP)).toHaveLength(isSigned ? 0 : 1)
  })
})
