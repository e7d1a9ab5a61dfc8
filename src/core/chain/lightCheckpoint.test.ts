import { beforeAll, describe, expect, it } from 'vitest'
import { blsBlst as bls } from '../../adapters/crypto/blsBlst.ts'
import { unwrap } from '../../../test/support/unwrap.ts'
import type { CheckpointContent } from '../codec/checkpoint.ts'
import { readHeader } from './certified.ts'
import { CertifiedChain } from './certifiedChain.fixture.ts'
import { lightCheckpoint, type CheckpointedBoundary } from './lightCheckpoint.ts'
import { followBoundary, lightGenesis } from './lightClient.ts'

const source = new CertifiedChain(bls, 6, { restartAfterMs: 1_000 })
beforeAll(() => {
  source.runEpoch([], { tails: 2 })
  source.runEpoch([], { restart: true })
  source.runEpoch([])
})

/** What a checkpoint of that boundary names, and what a peer shows of it. */
function boundaryOf(epoch: number) {
  const shown = source.boundaries[epoch]!
  const { header, hash } = unwrap(readHeader(shown.block.header))
  const { committee } = source.held.find((held) => held.header.height === header.height)!
  const { height, timeMs } = header
  const none = new Uint8Array(32)
  const content: CheckpointContent = {
    ...{ number: epoch + 1, epoch, height, timeMs, header: hash },
    ...{ stateRoot: none, nextVotersRoot: none, beacon: none },
  }
  const { chainId, devnet } = source.chain.genesis
  const trusted = { chainId, restartKey: devnet?.restartKey, content }
  return { trusted, shown: { ...shown, committee } satisfies CheckpointedBoundary }
}

describe('SYNC-1 the boundary of a checkpoint', () => {
  it('gives what following from the genesis gives, also after a restart', () => {
    let tip = lightGenesis(source.chain.genesis)
    for (const [epoch, boundary] of source.boundaries.entries()) {
      tip = unwrap(followBoundary(tip, boundary, bls))
      const { trusted, shown } = boundaryOf(epoch)
      expect(unwrap(lightCheckpoint(trusted, shown, bls))).toEqual(tip)
    }
    expect(source.boundaries[1]?.restart).toBeDefined()
  })

  it('refuses another header, and committees that the header does not name', () => {
    const { trusted, shown } = boundaryOf(0)
    const other = boundaryOf(1)
    const code = (change: Partial<CheckpointedBoundary>, from = { trusted, shown }) => {
      const tip = lightCheckpoint(from.trusted, { ...from.shown, ...change }, bls)
      return tip.ok ? undefined : tip.error.code
    }
    expect(code(other.shown)).toBe('LIGHT_CHECKPOINT_MISMATCH')
    for (const change of [{ epoch: 1 }, { height: 1 }, { timeMs: 1 }]) {
      const content = { ...trusted.content, ...change }
      expect(code({}, { trusted: { ...trusted, content }, shown })).toBe(
        'LIGHT_CHECKPOINT_MISMATCH',
      )
    }
    expect(code({ committee: shown.next })).toBe('LIGHT_COMMITTEE_MISMATCH')
    expect(code({ next: shown.committee })).toBe('LIGHT_COMMITTEE_MISMATCH')
    const { certificate } = other.shown.block
    expect(code({ block: { ...shown.block, ...(certificate && { certificate }) } })).toBe(
      'BLOCK_UNCERTIFIED',
    )
    expect(code({ block: { ...shown.block, path: [] } })).toBe('BLOCK_UNCERTIFIED')
    // Who restarted it belongs to a restarted epoch, and to no other one.
    expect(code({ restart: other.shown.restart })).toBe('LIGHT_COMMITTEE_UNKNOWN')
    expect(code({ restart: undefined }, other)).toBe('LIGHT_COMMITTEE_UNKNOWN')
  })

  it('without a restart key the header alone says who certified a restarted epoch', () => {
    const { trusted, shown } = boundaryOf(1)
    const unkeyed = { ...trusted, restartKey: undefined }
    const { restart, ...bare } = shown
    expect(lightCheckpoint(unkeyed, bare, bls).ok).toBe(true)
    expect(lightCheckpoint(unkeyed, shown, bls).ok).toBe(true)
    const { certificate } = boundaryOf(0).shown.block
    const spoiled = { ...bare, block: { ...bare.block, ...(certificate && { certificate }) } }
    expect(lightCheckpoint(unkeyed, spoiled, bls)).toMatchObject({
      error: { code: 'BLOCK_UNCERTIFIED' },
    })
    const other = boundaryOf(0)
    const named = { ...other.trusted, restartKey: undefined }
    expect(lightCheckpoint(named, { ...other.shown, restart }, bls)).toMatchObject({
      error: { code: 'LIGHT_COMMITTEE_UNKNOWN' },
    })
  })
})
