import { describe, expect, it } from 'vitest'
import { at, Bench } from '../../../test/sim/bench4.ts'
import { resigned, type Made } from '../../../test/sim/resigned.ts'
import { Body, VoteKind, type Certificate, type Header } from '../codec/chain.ts'
import { merkleRoot, transactionTree } from '../crypto/merkle.ts'
import { bodyBytesMax } from './body.ts'
import { keyOf } from './draft.ts'
import { viewWindow } from './types.ts'
import { protocol } from '../params.ts'

const { PROPOSE, VOTE, COMMIT, SKIP } = VoteKind

function propose(bench: Bench, made: Made, offsetMs = 30): void {
  bench.feed({ type: 'proposal', nowMs: at(offsetMs), proposal: made.proposal })
}

function take(bench: Bench, certificate: Certificate, offsetMs = 20): void {
  bench.feed({ type: 'certificate', nowMs: at(offsetMs), certificate })
}

const holds = (bench: Bench, made: Made): boolean => bench.state.blocks.has(keyOf(made.hash))

describe('BFT-3: what is not a header of the leader of its view is not taken', () => {
  const ahead = 1 + viewWindow.ahead
  const other = new Uint8Array(32).fill(7)
  const cases: readonly (readonly [name: string, change: Partial<Header>, isTaken: boolean])[] = [
    ['as it was made', {}, true],
    ['of another version', { version: protocol.version + 1 }, false],
    ['of another chain', { chainId: 'other' }, false],
    ['of another epoch', { epoch: 1 }, false],
    ['of view 0', { view: 0, seat: 3 }, false],
    ['of the last view of the window', { view: ahead, seat: (ahead - 1) % 4 }, true],
    ['of a view beyond the window', { view: ahead + 1, seat: ahead % 4 }, false],
    ['of a seat that does not lead', { seat: 1 }, false],
    ['of another committee (BFT-11)', { committeeRoot: other }, false],
  ]
  it.each(cases)('a header %s', (_name, change, isTaken) => {
    const bench = new Bench(3)
    const made = resigned(bench, bench.proposal(1), change)
    propose(bench, made)
    expect(holds(bench, made)).toBe(isTaken)
    expect(bench.sent(VOTE)).toEqual([])
  })

  it('bytes that are no header, and a signature of somebody else', () => {
    const bench = new Bench(3)
    const { proposal } = bench.proposal(1)
    const forged = bench.vote(1, PROPOSE, 1, bench.proposal(1).hash).signature
    for (const wrong of [
      { ...proposal, header: Uint8Array.of(0xff) },
      { ...proposal, header: new Uint8Array(0) },
      { ...proposal, signature: forged },
    ]) {
      bench.feed({ type: 'proposal', nowMs: at(30), proposal: wrong })
      expect(bench.state.blocks.size).toBe(0)
    }
  })
})

describe('BFT-3: a proposal is looked at once', () => {
  it('a repetition does not have it executed again', () => {
    const bench = new Bench(3)
    const made = bench.proposal(1)
    propose(bench, made, 10)
    expect(bench.effects.filter(({ type }) => type === 'check')).toMatchObject([
      { node: { key: keyOf(made.hash), validity: 'checking' } },
    ])
    const { hash } = made
    bench.feed({ type: 'checked', nowMs: at(20), hash, valid: true, isBoundary: false })
    propose(bench, made, 30)
    expect(bench.effects.map(({ type }) => type)).toEqual(['wake'])
    expect(bench.state.blocks.get(keyOf(hash))?.validity).toBe('valid')
  })

  it('one of a view that is final, or below, is not taken', () => {
    const bench = new Bench(3)
    const one = bench.proposal(1)
    bench.accept(one, at(10))
    take(bench, bench.certificate(COMMIT, 3, { block: one.hash }))
    const made = [2, 3, 4].map((view) => bench.proposal(view, { salt: 1 }))
    for (const each of made) propose(bench, each)
    expect(made.map((each) => holds(bench, each))).toEqual([false, false, true])
  })
})

describe('BFT-3: the body is the one the header commits to', () => {
  function withTransaction(bench: Bench, sizeBytes: number): Made {
    const transactions = [new Uint8Array(sizeBytes)]
    const transactionsRoot = merkleRoot(transactionTree, transactions)
    const made = resigned(bench, bench.proposal(1), { transactionsRoot })
    return { ...made, proposal: { ...made.proposal, body: Body.encode({ transactions }) } }
  }

  it('a body that cannot be decoded is not taken, and the real one still is', () => {
    const bench = new Bench(3)
    const made = bench.proposal(1)
    const broken = { ...made.proposal, body: Uint8Array.of(0xff) }
    bench.feed({ type: 'proposal', nowMs: at(20), proposal: broken })
    expect(holds(bench, made)).toBe(false)
    bench.accept(made, at(30))
    expect(bench.sent(VOTE).map(({ block }) => block)).toEqual([made.hash])
  })

  it('a body over the limit is never voted for, though its header commits to it', () => {
    const bench = new Bench(3)
    const large = withTransaction(bench, bodyBytesMax)
    propose(bench, large)
    expect(holds(bench, large)).toBe(false)
    const small = withTransaction(bench, 1000)
    propose(bench, small)
    expect(holds(bench, small)).toBe(true)
  })
})

describe('BFT-2: certificates that the header does not commit to are not the proposal', () => {
  it('whoever changes them on the way brings no SKIP about, and the real one is voted for', () => {
    const bench = new Bench(3)
    const made = bench.proposal(1)
    const skips = [bench.certificate(SKIP, 1)]
    bench.feed({ type: 'proposal', nowMs: at(20), proposal: { ...made.proposal, skips } })
    expect(bench.sent()).toEqual([])
    bench.accept(made, at(30))
    expect(bench.sent().map(({ kind, block }) => [kind, block])).toEqual([[VOTE, made.hash]])
  })
})

describe('BFT-2, BFT-5: a proposal whose justification does not hold is skipped', () => {
  /** The seat under test in view 2, with block 1 valid and certified. */
  function inViewTwo(): { readonly bench: Bench; readonly one: Made; readonly qc: Certificate } {
    const bench = new Bench(3)
    const one = bench.proposal(1)
    bench.accept(one, at(10))
    const qc = bench.certificate(VOTE, 1, { block: one.hash })
    take(bench, qc)
    expect(bench.state.view).toBe(2)
    return { bench, one, qc }
  }

  const skippedViews = (bench: Bench): readonly number[] => bench.sent(SKIP).map(({ view }) => view)

  it('with the QC of its parent it is voted for', () => {
    const { bench, one, qc } = inViewTwo()
    const two = bench.proposal(2, { parent: { hash: one.hash, height: 1, qc } })
    bench.accept(two, at(30))
    expect(bench.sent(VOTE).map(({ block }) => block)).toEqual([two.hash])
  })

  it('with the FC of its parent too', () => {
    const { bench, one } = inViewTwo()
    const qc = bench.certificate(COMMIT, 1, { block: one.hash })
    const two = bench.proposal(2, { parent: { hash: one.hash, height: 1, qc } })
    bench.accept(two, at(30))
    expect(bench.sent(VOTE).map(({ block }) => block)).toEqual([two.hash])
  })

  it('an NC is no parent, not even of a header that names none', () => {
    const bench = new Bench(3)
    const qc = bench.certificate(SKIP, 1)
    take(bench, qc)
    propose(bench, bench.proposal(2, { parent: { hash: new Uint8Array(0), height: 0, qc } }))
    expect(skippedViews(bench)).toEqual([2])
  })

  it('a block is held, neither valid nor invalid, while its parent is not executed', () => {
    const bench = new Bench(3)
    const one = bench.proposal(1)
    const qc = bench.certificate(VOTE, 1, { block: one.hash })
    const two = bench.proposal(2, { parent: { hash: one.hash, height: 1, qc } })
    propose(bench, one, 10)
    propose(bench, two, 20)
    expect(bench.state.blocks.get(keyOf(two.hash))?.validity).toBe('held')
    expect(bench.sent()).toEqual([])
  })

  const wrong: readonly (readonly [name: string, qc: (bench: Bench, one: Made) => Certificate])[] =
    [
      ['of another block', (bench) => bench.certificate(VOTE, 1, { block: new Uint8Array(32) })],
      ['of SKIPs', (bench, one) => ({ ...bench.certificate(SKIP, 1), block: one.hash })],
      ['of its own view', (bench, one) => bench.certificate(VOTE, 2, { block: one.hash })],
    ]
  it.each(wrong)('a certificate %s justifies no parent', (_name, certificateOf) => {
    const { bench, one } = inViewTwo()
    const qc = certificateOf(bench, one)
    propose(bench, bench.proposal(2, { parent: { hash: one.hash, height: 1, qc } }))
    expect(skippedViews(bench)).toEqual([2])
  })

  it('a certificate of a parent that nobody knows has to be signed by a quorum', () => {
    const { bench } = inViewTwo()
    const block = new Uint8Array(32).fill(9)
    const real = bench.certificate(VOTE, 1, { block })
    const qc = { ...real, signature: new Uint8Array(96) }
    propose(bench, bench.proposal(2, { parent: { hash: block, height: 1, qc } }))
    expect(skippedViews(bench)).toEqual([2])
    expect(bench.state.mode.type).toBe('active')
  })

  it('a block on anything but the root of the epoch needs a certificate', () => {
    const { bench, one } = inViewTwo()
    const bare = bench.proposal(2)
    propose(bench, resigned(bench, bare, { parent: one.hash, height: 2 }))
    expect(skippedViews(bench)).toEqual([2])
  })

  it('an NC for a view since is signed by a quorum', () => {
    const bench = new Bench(3)
    take(bench, bench.certificate(SKIP, 2))
    const real = bench.certificate(SKIP, 1)
    const forged = { ...real, signature: new Uint8Array(96) }
    propose(bench, bench.proposal(3, { skips: [forged, bench.certificate(SKIP, 2)] }))
    expect(skippedViews(bench)).toEqual([3])
  })

  it('a block on an invalid one is invalid', () => {
    const bench = new Bench(3)
    const one = bench.proposal(1)
    const qc = bench.certificate(VOTE, 1, { block: one.hash })
    const two = bench.proposal(2, { parent: { hash: one.hash, height: 1, qc } })
    propose(bench, one, 10)
    propose(bench, two, 20)
    const { hash } = one
    bench.feed({ type: 'checked', nowMs: at(30), hash, valid: false, isBoundary: false })
    expect(bench.state.blocks.get(keyOf(two.hash))?.validity).toBe('invalid')
    take(bench, bench.certificate(SKIP, 1), 40)
    expect(skippedViews(bench)).toEqual([2])
  })
})

describe('BFT-8: headers of one view are bounded, and a certified one is always taken', () => {
  function withThree(): Bench {
    const bench = new Bench(3)
    for (const salt of [1, 2, 3]) propose(bench, bench.proposal(1, { salt }))
    expect(bench.state.blocks.size).toBe(3)
    return bench
  }

  it.each([
    ['QC', VOTE],
    ['FC', COMMIT],
  ])('the fourth only with its %s', (_name, kind) => {
    const bench = withThree()
    const [fourth, fifth] = [bench.proposal(1, { salt: 4 }), bench.proposal(1, { salt: 5 })]
    propose(bench, fourth)
    expect(holds(bench, fourth)).toBe(false)
    take(bench, bench.certificate(kind, 1, { block: fourth.hash }))
    propose(bench, fifth)
    expect(holds(bench, fifth)).toBe(false)
    propose(bench, fourth)
    expect(holds(bench, fourth)).toBe(true)
  })
})
