import { describe, expect, it } from 'vitest'
import { Header, Justification, VoteKind, type Certificate } from '../../src/core/codec/chain.ts'
import { protocol } from '../../src/core/params.ts'
import { isMalformed, type ShownBytes } from './malformed.ts'

const none = new Uint8Array(0)
const parentHash = new Uint8Array(32).fill(7)
const vote = { kind: 2, epoch: 1, view: 4, block: '', seat: 2 }
const known = { leader: 3, quorum: 3, powerOf: (seats: readonly number[]) => seats.length }

function certificate(kind: VoteKind, view: number, signers = 0b111): Certificate {
  const block = kind === VoteKind.SKIP ? none : parentHash
  return { kind, epoch: 1, view, block, signers: Uint8Array.of(signers), signature: none }
}

function headerOf(change: Partial<Header> = {}): Uint8Array {
  const place = {
    version: protocol.version,
    chainId: 'sim',
    epoch: 1,
    height: 9,
    view: 4,
    timeMs: 50,
    seat: 3,
  }
  const roots = { parentStateRoot: none, parentReceiptsRoot: none, transactionsRoot: none }
  const rest = { justification: none, committeeRoot: none, nextCommitteeRoot: none }
  const last = { enrolmentRoot: none, parent: parentHash }
  return Header.encode({ ...place, ...roots, ...rest, ...last, ...change })
}

function shown(justified: Partial<Justification> = {}, change: Partial<Header> = {}): ShownBytes {
  const parent = certificate(VoteKind.VOTE, 2)
  const skips = [certificate(VoteKind.SKIP, 3)]
  const justification = Justification.encode({ parent, path: [], skips, ...justified })
  return { header: headerOf(change), justification, parentHeader: none }
}

const after = (change: Partial<Header>): ShownBytes => ({
  ...shown(),
  parentHeader: headerOf({ height: 8, timeMs: 49, ...change }),
})

describe('EVID-1: the oracle finds by itself what is wrong with a proposal', () => {
  const weak = certificate(VoteKind.SKIP, 3, 0b11)
  it.each([
    ['nothing', shown(), false],
    ['nothing with its parent', after({}), false],
    ['its view', shown({}, { view: 5 }), true],
    ['its leader', shown({}, { seat: 1 }), true],
    ['a view left out', shown({ skips: [] }), true],
    ['a SKIP of another view', shown({ skips: [certificate(VoteKind.SKIP, 2)] }), true],
    ['a SKIP of too few', shown({ skips: [weak] }), true],
    ['a QC of another view', shown({ parent: certificate(VoteKind.VOTE, 1) }), true],
    ['its time', after({ timeMs: 50 }), true],
    ['its height', after({ height: 7 }), true],
  ])('%s', (_name, bytes, isWrong) => {
    expect(isMalformed(vote, bytes, known)).toBe(isWrong)
  })
})
