import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { unwrap } from '../../../test/support/unwrap.ts'
import { blsBlst } from '../../adapters/crypto/blsBlst.ts'
import { Checkpoint, type CheckpointContent } from '../codec/checkpoint.ts'
import { anchorCheckpoint, type HeldCheckpoint } from './held.ts'
import { leaversOf } from './leaving.ts'
import { votersWithout } from './nextVoters.ts'
import { defaultParams as params } from '../params.ts'
import {
  setOf,
  testChain,
  testCheckpoint,
  testContent,
  testPostQuantum,
  testVoter,
  upTo,
} from './testVoters.fixture.ts'
import { checkpointBytesMax, verifyCheckpoint } from './verifyCheckpoint.ts'
import { bitmapOf } from '../base/bitmap.ts'
import type { VoterSet } from './voterSet.ts'

const refused = (code: string) => ({ ok: false, error: { code } })
const set = setOf(upTo(9).map((id) => testVoter(id, 100n)))
const other = setOf(upTo(5).map((id) => testVoter(id + 20, 100n)))
const held = anchorCheckpoint(testChain, testContent(4, set))
const options = { params, bls: blsBlst }

function verified(
  checkpoint: Checkpoint | Uint8Array,
  change: { held?: HeldCheckpoint; named?: VoterSet; postQuantumNamed?: VoterSet } = {},
): ReturnType<typeof verifyCheckpoint> {
  const bytes = checkpoint instanceof Uint8Array ? checkpoint : Checkpoint.encode(checkpoint)
  const { held: from = held, named = set, postQuantumNamed = set } = change
  return verifyCheckpoint(from, { bytes, named, postQuantumNamed }, options)
}

// Height 2400 to 2900: nothing is due.
const content = testContent(5, other, { height: 2_900 })
const six = testCheckpoint(set, content, upTo(6))

describe('CKPT-1: a light client takes a checkpoint', () => {
  it('that 2/3 of the stake signed, exactly, and goes on from it', () => {
    const next = unwrap(verified(six))
    expect(next).toEqual({ chainId: testChain, content, postQuantum: held.content })
    expect(verified(testCheckpoint(set, content, upTo(5)))).toEqual({
      ok: false,
      error: { code: 'CHECKPOINT_STAKE', signedMicro: 500n, setMicro: 900n },
    })
    const after = testContent(6, set, { height: 2_999 })
    const second = testCheckpoint(other, after, [0, 1, 2, 4])
    expect(unwrap(verified(second, { held: next, named: other })).content).toEqual(after)
  })

  it.each<[string, Partial<CheckpointContent>]>([
    ['CHECKPOINT_NUMBER', { number: 4, epoch: 79 }],
    ['CHECKPOINT_NUMBER', { number: 0, epoch: 0 }],
    ['CHECKPOINT_PLACE', { epoch: 98 }],
    ['CHECKPOINT_PLACE', { number: 6 }],
    ['CHECKPOINT_PLACE', { height: 2_400 }],
    ['CHECKPOINT_PLACE', { timeMs: 2_400_000 }],
    ['CHECKPOINT_POST_QUANTUM_MISSING', { height: 3_000 }],
  ])('not elsewhere: %s %j', (code, change) => {
    expect(verified(testCheckpoint(set, { ...content, ...change }, upTo(9)))).toMatchObject(
      refused(code),
    )
  })

  it('not of another chain, nor of another set', () => {
    const foreign = { ...held, chainId: 'another' }
    expect(verified(six, { held: foreign })).toEqual(refused('AGGREGATE_SIGNATURE'))
    expect(verified(six, { named: other })).toEqual(refused('CHECKPOINT_VOTERS'))
    const bySet = testCheckpoint(other, content, upTo(5))
    expect(verified({ ...bySet, voters: bitmapOf(9, upTo(6)) })).toEqual(
      refused('AGGREGATE_SIGNATURE'),
    )
  })

  it('not with another bitmap than the one that was signed', () => {
    const spoil = (voters: Uint8Array) => verified({ ...six, voters })
    expect(spoil(Uint8Array.of(...six.voters, 0))).toEqual(refused('AGGREGATE_BITMAP'))
    expect(spoil(Uint8Array.of(0b111111, 0b10))).toEqual(refused('AGGREGATE_BITMAP'))
    expect(spoil(new Uint8Array(0))).toEqual(refused('AGGREGATE_BITMAP'))
    expect(spoil(bitmapOf(9, upTo(7)))).toEqual(refused('AGGREGATE_SIGNATURE'))
    expect(spoil(bitmapOf(9, [1, 2, 3, 4, 5, 6]))).toEqual(refused('AGGREGATE_SIGNATURE'))
  })

  it('not spoilt anywhere, and no bytes make it throw', () => {
    const bytes = Checkpoint.encode(six)
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        expect(verified(bytes.with(at, (bytes[at] ?? 0) ^ flip)).ok).toBe(false)
      }),
      { numRuns: 300 },
    )
    fc.assert(fc.property(fc.uint8Array(), (any) => !verified(any).ok))
    expect(verified(new Uint8Array(checkpointBytesMax + 1))).toEqual(
      refused('CHECKPOINT_MALFORMED'),
    )
    expect(verified({ ...six, content: { ...content, beacon: new Uint8Array(31) } })).toEqual(
      refused('CHECKPOINT_MALFORMED'),
    )
  })
})

describe('CKPT-1: when numbers were missed', () => {
  /** Number 5 + misses, voted by the named set without the last `gone`. */
  function missed(misses: number, gone: number): Checkpoint {
    const left = upTo(9).slice(9 - gone)
    const voting = unwrap(votersWithout(set, left))
    const at = testContent(5 + misses, other, { height: 2_900 })
    const checkpoint = testCheckpoint(voting, at, upTo(9 - gone))
    return gone === 0 ? checkpoint : { ...checkpoint, left: bitmapOf(9, left) }
  }

  it('a voter may have left for each of them, and no more', () => {
    // Nine equal voters: a tenth is less than one, so one a number.
    for (const misses of [0, 1, 2, 3, 4]) {
      for (const gone of [0, 1, 2, 3, 4]) {
        expect(leaversOf(set, upTo(9), misses)).toHaveLength(misses)
        const outcome = verified(missed(misses, gone))
        if (gone <= misses) expect(outcome.ok).toBe(true)
        else expect(outcome).toEqual(refused('CHECKPOINT_LEFT'))
      }
    }
  })

  it('half of the stake at least has to be left', () => {
    expect(verified(missed(30, 4)).ok).toBe(true)
    expect(verified(missed(30, 5))).toEqual(refused('CHECKPOINT_LEFT_STAKE'))
  })

  it('exactly half is enough', () => {
    const eight = setOf(upTo(8).map((id) => testVoter(id, 100n)))
    const from = anchorCheckpoint(testChain, testContent(4, eight))
    const voting = unwrap(votersWithout(eight, [4, 5, 6, 7]))
    const at = testContent(12, other, { height: 2_900 })
    const left = bitmapOf(8, [4, 5, 6, 7])
    const checkpoint = { ...testCheckpoint(voting, at, [0, 1, 2]), left }
    expect(verified(checkpoint, { held: from, named: eight }).ok).toBe(true)
  })

  it('who left is said in one form, and has no vote', () => {
    const good = missed(2, 2)
    expect(verified({ ...good, left: new Uint8Array(2) })).toEqual(refused('CHECKPOINT_LEFT'))
    expect(verified({ ...good, left: new Uint8Array(3).fill(1) })).toEqual(
      refused('CHECKPOINT_LEFT'),
    )
    expect(verified({ ...good, left: Uint8Array.of(0, 0b11) })).toEqual(refused('CHECKPOINT_LEFT'))
    // Others left: another set, whose root nobody signed.
    const others = { ...good, left: bitmapOf(9, [0, 1]) }
    expect(verified(others)).toEqual(refused('AGGREGATE_SIGNATURE'))
    expect(verified({ ...good, left: new Uint8Array(0) }).ok).toBe(false)
  })
})

describe('CKPT-1: ML-DSA-87 when it is due', () => {
  const due = testContent(5, other, { height: 3_000 })
  const signed = testCheckpoint(set, due, upTo(9))
  const postQuantum = testPostQuantum(held, set, { content: due, set })
  const full = { ...signed, postQuantum }

  it('is there, by those that the last one draws, who name the next ones', () => {
    const next = unwrap(verified(full))
    expect(next.postQuantum).toEqual(due)
    const after = testContent(6, other, { height: 3_500 })
    const plain = testCheckpoint(other, after, upTo(5))
    expect(unwrap(verified(plain, { held: next, named: other })).postQuantum).toEqual(due)
  })

  it('lacks a few, and not too many', () => {
    const without = (count: number) => verified({ ...full, postQuantum: postQuantum.slice(count) })
    expect(without(1).ok).toBe(true)
    expect(without(5)).toMatchObject(refused('POST_QUANTUM_FEW'))
  })

  it('is refused in another order, twice, of others and with other keys', () => {
    const spoil = (list: typeof postQuantum, change = {}) =>
      verified({ ...full, postQuantum: list }, change)
    expect(spoil(postQuantum.toReversed())).toMatchObject(refused('POST_QUANTUM_UNDRAWN'))
    expect(spoil([postQuantum[0]!, ...postQuantum])).toMatchObject(refused('POST_QUANTUM_UNDRAWN'))
    const stranger = [...postQuantum, { ...postQuantum[0]!, voter: 9 }]
    expect(spoil(stranger)).toMatchObject(refused('POST_QUANTUM_UNDRAWN'))
    const { publicKey } = postQuantum[1]!
    expect(spoil(postQuantum.with(0, { ...postQuantum[0]!, publicKey }))).toMatchObject(
      refused('POST_QUANTUM_KEY'),
    )
    const signature = postQuantum[0]!.signature.with(99, postQuantum[0]!.signature[99]! ^ 1)
    expect(spoil(postQuantum.with(0, { ...postQuantum[0]!, signature }))).toMatchObject(
      refused('POST_QUANTUM_SIGNATURE'),
    )
    expect(spoil(postQuantum, { postQuantumNamed: other })).toEqual(refused('CHECKPOINT_VOTERS'))
  })

  it('is drawn by the beacon of the last one, not by one that a forger chooses', () => {
    // Of sixty some are not drawn, others for each beacon.
    const sixty = setOf(upTo(60).map((id) => testVoter(id, 100n)))
    const from = anchorCheckpoint(testChain, testContent(4, sixty))
    const checkpoint = testCheckpoint(sixty, due, upTo(60))
    const by = (beacon: Uint8Array) => {
      const drawn = { ...from, postQuantum: { ...from.postQuantum, beacon } }
      const list = testPostQuantum(drawn, sixty, { content: due, set: sixty })
      const change = { held: from, named: sixty, postQuantumNamed: sixty }
      return verified({ ...checkpoint, postQuantum: list }, change)
    }
    expect(by(from.postQuantum.beacon).ok).toBe(true)
    expect(by(due.beacon)).toMatchObject(refused('POST_QUANTUM_UNDRAWN'))
  })

  it('is refused when none is due: others would sign next than the chain draws', () => {
    expect(verified(six).ok).toBe(true)
    const list = testPostQuantum(held, set, { content, set })
    expect(verified({ ...six, postQuantum: list })).toEqual(
      refused('CHECKPOINT_POST_QUANTUM_UNDUE'),
    )
  })

  it('does not stand for another content, set or number', () => {
    const moved = testContent(6, other, { height: 3_000 })
    const again = { ...testCheckpoint(set, moved, upTo(9)), postQuantum }
    expect(verified(again).ok).toBe(false)
    const late = { ...due, stateRoot: due.stateRoot.with(9, 9) }
    expect(verified({ ...testCheckpoint(set, late, upTo(9)), postQuantum })).toMatchObject(
      refused('POST_QUANTUM_SIGNATURE'),
    )
  })
})
