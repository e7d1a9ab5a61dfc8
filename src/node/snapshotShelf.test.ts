import { describe, expect, it } from 'vitest'
import { unwrap } from '../../test/support/unwrap.ts'
import { blsBlst as bls } from '../adapters/crypto/blsBlst.ts'
import { openMemoryStore } from '../adapters/storage/memoryStore.ts'
import { u32be } from '../core/base/bytes.ts'
import { AnswerCode, SnapshotRequest, SnapshotResponse } from '../core/codec/light.ts'
import { hash } from '../core/crypto/hash.ts'
import { smtVerifyRange } from '../core/crypto/smtRange.ts'
import { stateFromLeaves, stateRoot, type Leaf } from '../core/ledger/state.ts'
import { testGenesis } from '../core/ledger/testChain.fixture.ts'
import { Chain } from './chain.ts'
import { snapshotDefaults, SnapshotShelf } from './snapshotShelf.ts'

/** A chain whose genesis state fills several chunks. */
async function largeChain(): Promise<Chain> {
  const { genesis } = testGenesis(bls, { validators: 4, seats: 4 })
  const many = Array.from({ length: 8_000 }, (_, index) => ({
    account: hash('account', u32be(index)),
    balanceMicro: BigInt(index + 1),
  }))
  const accounts = [...genesis.accounts, ...many]
  return unwrap(await Chain.open({ genesis: { ...genesis, accounts }, store: openMemoryStore() }))
}

describe('SYNC-1 the shelf of snapshots', () => {
  it('gives the state of a snapshot boundary in chunks of at most 256 KiB', async () => {
    const chain = await largeChain()
    const shelf = new SnapshotShelf(chain, snapshotDefaults)
    shelf.note(9)
    const root = stateRoot(chain.tip.state)
    const leaves: Leaf[] = []
    let after: Uint8Array | undefined
    for (let isEnd = false; !isEnd;) {
      const request = SnapshotRequest.encode({ root, ...(after && { after }) })
      const answer = SnapshotResponse.encode(await shelf.answer(request))
      expect(answer.length).toBeLessThanOrEqual(256 * 1024)
      const { chunk } = SnapshotResponse.decode(answer)
      const range = chunk && smtVerifyRange(root, after, chunk)
      if (chunk === undefined || range === undefined) throw new Error('a chunk proves itself')
      if (!range.isEnd) expect(answer.length).toBeGreaterThan(192 * 1024)
      leaves.push(...chunk.leaves)
      after = range.lastKey
      isEnd = range.isEnd
    }
    expect(leaves.length).toBeGreaterThan(8_000)
    expect(stateFromLeaves(leaves, root).ok).toBe(true)
  }, 120_000)

  it('holds the last two of each tenth boundary, and says what it does not hold', async () => {
    const { genesis } = testGenesis(bls, { validators: 4, seats: 4 })
    const chain = unwrap(await Chain.open({ genesis, store: openMemoryStore() }))
    const shelf = new SnapshotShelf(chain, snapshotDefaults)
    const root = stateRoot(chain.tip.state)
    const code = async (bytes: Uint8Array): Promise<AnswerCode> => (await shelf.answer(bytes)).code
    expect(await code(SnapshotRequest.encode({ root }))).toBe(AnswerCode.NOT_HELD)
    shelf.note(3)
    expect(await code(SnapshotRequest.encode({ root }))).toBe(AnswerCode.ANSWERED)
    expect(await code(SnapshotRequest.encode({ root }))).toBe(AnswerCode.ANSWERED)
    const elsewhere = { root, after: new Uint8Array(32) }
    expect(await code(SnapshotRequest.encode(elsewhere))).toBe(AnswerCode.NOT_HELD)
    const other = { root: new Uint8Array(32) }
    expect(await code(SnapshotRequest.encode(other))).toBe(AnswerCode.NOT_HELD)
    expect(await code(Uint8Array.of(1))).toBe(AnswerCode.REQUEST_MALFORMED)
    // Nothing is offered before a block stands on the boundary: its header has the root.
    expect((await shelf.answer(new Uint8Array(0))).offers).toEqual([])
  })
})
