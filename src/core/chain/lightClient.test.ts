import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blsBlst as bls } from '../../adapters/crypto/blsBlst.ts'
import { unwrap } from '../../../test/support/unwrap.ts'
import type { Result } from '../base/result.ts'
import { Body, Header, VoteKind, type CertifiedBlock } from '../codec/chain.ts'
import { committeeRoot } from '../committee/handOver.ts'
import { read } from '../ledger/state.ts'
import { committees } from '../ledger/tables.ts'
import { testKeys } from '../ledger/testChain.fixture.ts'
import { keysOf } from '../ledger/testDuty.fixture.ts'
import { pathHeadersMax } from './certified.ts'
import { CertifiedChain } from './certifiedChain.fixture.ts'
import {
  followBoundary,
  lightAnchor,
  lightGenesis,
  verifyShown,
  type LightTip,
  type ShownBoundary,
} from './lightClient.ts'
import { protocol } from '../params.ts'

const params = { restartAfterMs: 1_000 }

function codeOf(result: Result<unknown, { readonly code: string }>): string {
  return result.ok ? 'ok' : result.error.code
}

function shownAt(chain: CertifiedChain, epoch: number): ShownBoundary {
  const shown = chain.boundaries[epoch]
  if (shown === undefined) throw new Error('the chain has that boundary')
  return shown
}

function follow(chain: CertifiedChain, count = chain.boundaries.length): LightTip {
  return chain.boundaries
    .slice(0, count)
    .reduce(
      (tip, shown) => unwrap(followBoundary(tip, shown, bls)),
      lightGenesis(chain.chain.genesis),
    )
}

/** Another header in the place of the one that is shown, signed by `signers` seats. */
function resigned(
  chain: CertifiedChain,
  epoch: number,
  change: Partial<Header>,
  signers?: number,
): ShownBoundary {
  const shown = shownAt(chain, epoch)
  const header = { ...Header.decode(shown.block.header), ...change }
  const { committee } = boundaryOf(chain, epoch)
  const certificate = chain.certify(committee, header, signers)
  return { ...shown, block: { ...shown.block, header: Header.encode(header), certificate } }
}

function boundaryOf(chain: CertifiedChain, epoch: number): CertifiedChain['held'][number] {
  const held = chain.held.find(({ header, isBoundary }) => isBoundary && header.epoch === epoch)
  if (held === undefined) throw new Error('the chain has that boundary')
  return held
}

/** Three epochs with another committee each; the second ends in tails. */
function threeEpochs(): CertifiedChain {
  const chain = new CertifiedChain(bls, 6, params)
  chain.runEpoch([0, 1, 2, 3])
  chain.runEpoch([2, 3, 4, 5], { tails: 2 })
  chain.runEpoch([])
  return chain
}

describe('SYNC-2 a light client follows the hand-overs', () => {
  it('ends with the committee that a full node’s state holds, whatever the epochs were', () => {
    const epochs = fc.array(
      fc.record({
        ready: fc.constantFrom<readonly number[]>([], [0, 1, 2, 3], [1, 3, 4, 5], [0, 2, 5]),
        tails: fc.nat({ max: 3 }),
        restart: fc.boolean(),
      }),
      { minLength: 1, maxLength: 3 },
    )
    fc.assert(
      fc.property(epochs, (plan) => {
        const chain = new CertifiedChain(bls, 6, params)
        for (const { ready, tails, restart } of plan) chain.runEpoch(ready, { tails, restart })
        const tip = follow(chain)
        expect(tip.epoch).toBe(chain.epoch)
        expect(tip.committee).toEqual(read(chain.chain.state, committees, chain.epoch))
        expect(tip.hash).toEqual(chain.tipHash)
        expect(tip.height).toBe(chain.held.length)
      }),
      { numRuns: 4 },
    )
  })

  it('takes every final block of the epoch it has come to, and of no other', () => {
    const chain = threeEpochs()
    const tip = follow(chain, 1)
    const codes = chain.held.map(({ block, header }) => [
      header.epoch,
      codeOf(verifyShown(tip, { block }, bls)),
    ])
    expect(new Set(codes.filter(([epoch]) => epoch === 1).map(([, code]) => code))).toEqual(
      new Set(['ok']),
    )
    expect(new Set(codes.filter(([epoch]) => epoch !== 1).map(([, code]) => code))).toEqual(
      new Set(['LIGHT_EPOCH']),
    )
  })

  it('begins with a trusted boundary as well, when its committee is the one it names', () => {
    const chain = threeEpochs()
    const { chainId } = chain.chain.genesis
    const { block, next } = shownAt(chain, 0)
    const trusted = { chainId, restartKey: undefined, header: block.header, next }
    const tip = unwrap(lightAnchor(trusted))
    expect(codeOf(followBoundary(tip, shownAt(chain, 1), bls))).toBe('ok')
    const other = shownAt(chain, 1).next
    expect(codeOf(lightAnchor({ ...trusted, next: other }))).toBe('LIGHT_COMMITTEE_MISMATCH')
    expect(codeOf(lightAnchor({ ...trusted, chainId: 'emo-other' }))).toBe('BLOCK_FOREIGN')
    expect(codeOf(lightAnchor({ ...trusted, header: block.header.slice(1) }))).toBe(
      'BLOCK_HEADER_MALFORMED',
    )
  })
})

describe('SYNC-2 what a light client refuses', () => {
  const chain = threeEpochs()
  const genesis = lightGenesis(chain.chain.genesis)
  const first = shownAt(chain, 0)
  const second = follow(chain, 1)
  const refusal = (shown: ShownBoundary, tip = genesis): string =>
    codeOf(followBoundary(tip, shown, bls))
  const spoil = (change: Partial<CertifiedBlock>): ShownBoundary => ({
    ...first,
    block: { ...first.block, ...change },
  })

  it('another committee than the one that the boundary names', () => {
    const { next } = first
    expect(refusal({ ...first, next: shownAt(chain, 1).next })).toBe('LIGHT_COMMITTEE_MISMATCH')
    expect(refusal({ ...first, next: { ...next, epoch: 2 } })).toBe('LIGHT_COMMITTEE_MISMATCH')
    const seats = next.seats.map((seat) => ({ ...seat, power: 40 }))
    const strong = resigned(chain, 0, { nextCommitteeRoot: committeeRoot({ ...next, seats }) })
    expect(refusal({ ...strong, next: { ...next, seats } })).toBe('LIGHT_COMMITTEE_MISMATCH')
    const none = resigned(chain, 0, { nextCommitteeRoot: committeeRoot({ ...next, seats: [] }) })
    expect(refusal({ ...none, next: { ...next, seats: [] } })).toBe('LIGHT_COMMITTEE_MISMATCH')
  })

  it('too few signers, and signers of another committee', () => {
    expect(refusal(resigned(chain, 0, {}, 3))).toBe('ok')
    expect(refusal(resigned(chain, 0, {}, 2))).toBe('BLOCK_UNCERTIFIED')
    const held = boundaryOf(chain, 1)
    const foreign = chain.certify(boundaryOf(chain, 0).committee, held.header)
    const shown = shownAt(chain, 1)
    const block = { ...shown.block, path: [], certificate: foreign }
    expect(refusal({ ...shown, block }, second)).toBe('BLOCK_UNCERTIFIED')
  })

  it('a certificate of another epoch, of another kind or of another block', () => {
    const { certificate } = first.block
    const other = shownAt(chain, 1).block.certificate
    if (certificate === undefined || other === undefined) throw new Error('both are certified')
    expect(refusal(spoil({ certificate: other }))).toBe('BLOCK_UNCERTIFIED')
    expect(refusal(spoil({ certificate: { ...certificate, epoch: 1 } }))).toBe('BLOCK_UNCERTIFIED')
    const voted = { ...certificate, kind: VoteKind.VOTE }
    expect(refusal(spoil({ certificate: voted }))).toBe('BLOCK_UNCERTIFIED')
    expect(
      refusal({
        ...first,
        block: { header: first.block.header, body: new Uint8Array(0), path: [] },
      }),
    ).toBe('BLOCK_UNCERTIFIED')
  })

  it('a skipped epoch, an old boundary again, and another chain or version', () => {
    expect(refusal(shownAt(chain, 1))).toBe('LIGHT_EPOCH')
    expect(refusal(first, second)).toBe('LIGHT_EPOCH')
    expect(refusal(resigned(chain, 0, { chainId: 'emo-other' }))).toBe('BLOCK_FOREIGN')
    expect(refusal(resigned(chain, 0, { version: protocol.version + 1 }))).toBe('LIGHT_VERSION')
  })

  it('a replaced header, and one that is not linked to what is trusted', () => {
    const header = { ...Header.decode(first.block.header), parentStateRoot: new Uint8Array(32) }
    expect(refusal(spoil({ header: Header.encode(header) }))).toBe('BLOCK_UNCERTIFIED')
    expect(refusal(spoil({ header: first.block.header.slice(1) }))).toBe('BLOCK_HEADER_MALFORMED')
    const { height, timeMs } = second
    expect(refusal(resigned(chain, 1, { height }), second)).toBe('LIGHT_NOT_LINKED')
    expect(refusal(resigned(chain, 1, { timeMs }), second)).toBe('LIGHT_NOT_LINKED')
    expect(refusal(resigned(chain, 1, { height: height + 1 }), second)).toBe('LIGHT_NOT_LINKED')
    expect(refusal(resigned(chain, 1, { parent: second.hash }), second)).toBe('LIGHT_NOT_LINKED')
  })

  it('a final block that ends no epoch, and tails that lead elsewhere', () => {
    const inner = chain.held.filter(({ header }) => header.nextCommitteeRoot.length > 0)[0]
    if (inner === undefined) throw new Error('X comes before the boundary')
    expect(inner.isBoundary).toBe(false)
    expect(refusal({ ...first, block: inner.block })).toBe('LIGHT_NOT_BOUNDARY')
    const shown = shownAt(chain, 1)
    const [tail = new Uint8Array(0), last = new Uint8Array(0)] = shown.block.path
    const tails = (path: Uint8Array[]): string =>
      refusal({ ...shown, block: { ...shown.block, path } }, second)
    expect(tails([tail, last])).toBe('ok')
    expect(tails([tail])).toBe('BLOCK_UNCERTIFIED')
    expect(tails([last])).toBe('BLOCK_PATH_BROKEN')
    const many = (length: number): Uint8Array[] => Array.from({ length }, () => tail)
    expect(tails(many(pathHeadersMax))).toBe('BLOCK_PATH_BROKEN')
    expect(tails(many(pathHeadersMax + 1))).toBe('BLOCK_PATH_TOO_LONG')
  })
})

describe('RECOVER-1 a light client and restarts', () => {
  const chain = new CertifiedChain(bls, 6, params)
  /** Where records for the first epoch are made. */
  const origin = new CertifiedChain(bls, 6, params)
  const genesis = lightGenesis(chain.chain.genesis)
  chain.runEpoch([0, 1, 2, 3], { restart: true })
  chain.runEpoch([])
  const shown = shownAt(chain, 0)

  /** The boundary of the first epoch, with another record in the block that opens it. */
  function opened(change: Parameters<CertifiedChain['restartOf']>[0]): string {
    const opening = chain.held.find(({ block }) => block === shown.restart)
    if (opening === undefined) throw new Error('the restart opened a block')
    const { parent } = opening.header
    const { bytes } = origin.restartOf({ base: parent, ...change })
    const body = Body.encode({ transactions: [bytes] })
    return codeOf(followBoundary(genesis, { ...shown, restart: { ...opening.block, body } }, bls))
  }

  it('goes on with the committee that the restart key named, and needs the record for it', () => {
    expect(boundaryOf(chain, 0).committee.attempt).toBe(1)
    expect(follow(chain).epoch).toBe(2)
    const { block, next } = shown
    expect(codeOf(followBoundary(genesis, { block, next }, bls))).toBe('LIGHT_COMMITTEE_UNKNOWN')
    const main = { ...genesis, restartKey: undefined }
    expect(codeOf(followBoundary(main, shown, bls))).toBe('LIGHT_RESTART_FORBIDDEN')
    const elsewhere = { ...genesis, restartKey: keysOf(chain.chain, 1).account }
    expect(codeOf(followBoundary(elsewhere, shown, bls))).toBe('LIGHT_RESTART_SIGNATURE')
  })

  it('refuses a record of another key, base, epoch or attempt, and one that opens nothing', () => {
    expect(opened({})).toBe('ok')
    expect(opened({ seed: testKeys(bls, 7).seed })).toBe('LIGHT_RESTART_SIGNATURE')
    expect(opened({ base: new Uint8Array(32) })).toBe('LIGHT_RESTART_INVALID')
    expect(opened({ epoch: 1 })).toBe('LIGHT_RESTART_INVALID')
    expect(opened({ attempt: 0 })).toBe('LIGHT_RESTART_INVALID')
    expect(opened({ attempt: 2 })).toBe('BLOCK_FOREIGN')
    expect(opened({ seats: [5, 5, 0] })).toBe('LIGHT_RESTART_INVALID')
    const { block } = chain.held[0] ?? shown
    expect(codeOf(followBoundary(genesis, { ...shown, restart: block }, bls))).toBe(
      'LIGHT_RESTART_INVALID',
    )
  })
})
