/**
 * A chain for the tests of the archive: real genesis, real blocks, real certificates signed by the
 * seats' keys; only the agreement that leads there is left out.
 */

import { blsBlst } from '../../src/adapters/crypto/blsBlst.ts'
import { bitmapOf } from '../../src/core/bft/certificate.ts'
import {
  Body,
  Header,
  VoteKind,
  type Certificate,
  type CertifiedBlock,
} from '../../src/core/codec/chain.ts'
import { voteMessage } from '../../src/core/committee/voteMessage.ts'
import { hash } from '../../src/core/crypto/hash.ts'
import { genesisHash } from '../../src/core/ledger/genesis/genesisAnchor.ts'
import { genesisState } from '../../src/core/ledger/genesis/genesisState.ts'
import {
  addBlock,
  createTestChain,
  signed,
  testBlock,
  testEpochKey,
  testStartMs,
  type TestChain,
  type TestKeys,
} from '../../src/core/ledger/testChain.fixture.ts'
import type { DecodedTransaction } from '../../src/core/ledger/transactionBytes.ts'
import { present } from './testDatabase.fixture.ts'

export interface CertifiedChain {
  readonly chain: TestChain
  readonly genesisHash: Uint8Array
  readonly genesisState: ReturnType<typeof genesisState>
  readonly blocks: CertifiedBlock[]
}

export const seatCount = 4
const quorum = [0, 1, 3]

/** Epochs of 3 s with a block every 500 ms: an epoch is six blocks. */
export function startChain(branch = 0): CertifiedChain {
  const params = { epochMs: 3_000, blockIntervalMs: 300, workBits: branch === 0 ? 4 : 5 }
  const chain = createTestChain(blsBlst, { validators: seatCount, seats: seatCount, params })
  return {
    chain,
    genesisHash: genesisHash(chain.genesis),
    genesisState: genesisState(chain.genesis),
    blocks: [],
  }
}

/** Adds a block that quorum seats signed, with these transactions in it. */
export function addCertified(
  certified: CertifiedChain,
  transactions: readonly DecodedTransaction[] = [],
): CertifiedBlock {
  const { chain, blocks } = certified
  const timeMs = testStartMs + 500 * (blocks.length + 1)
  const draft = makeBlock(certified, timeMs, transactions)
  addBlock(chain, timeMs, transactions)
  blocks.push(draft)
  return draft
}

export function addMany(certified: CertifiedChain, count: number): readonly CertifiedBlock[] {
  return Array.from({ length: count }, () => addCertified(certified))
}

/** Without moving the chain on. */
export function makeBlock(
  certified: CertifiedChain,
  timeMs: number,
  transactions: readonly DecodedTransaction[] = [],
  seats: readonly number[] = quorum,
): CertifiedBlock {
  const last = certified.blocks.at(-1)
  const parent = last === undefined ? certified.genesisHash : headerHash(last)
  const { header } = testBlock(certified.chain, timeMs, transactions, { parent })
  const bytes = Header.encode(header)
  return {
    header: bytes,
    body: Body.encode({ transactions: transactions.map((entry) => entry.bytes) }),
    certificate: certify(header, hash('header', bytes), seats),
    path: [],
  }
}

export function headerHash(block: CertifiedBlock): Uint8Array {
  return hash('header', block.header)
}

/** The committee of epoch 0 stays on: nobody announces READY here, so its keys stay too (COM-5). */
export function certify(
  header: Header,
  block: Uint8Array,
  seats: readonly number[] = quorum,
): Certificate {
  const { chainId, epoch, view, committeeRoot } = header
  const message = voteMessage({ kind: VoteKind.COMMIT, chainId, epoch, view, committeeRoot, block })
  const signatures = seats.map((seat) =>
    blsBlst.sign(testEpochKey(blsBlst, seat, 0).secret, message),
  )
  return {
    kind: VoteKind.COMMIT,
    epoch,
    view,
    block,
    signers: bitmapOf(seatCount, seats),
    signature: present(blsBlst.aggregateSignatures(signatures)),
  }
}

export function transferTo(
  certified: CertifiedChain,
  recipient: Uint8Array,
  amountMicro: bigint,
  sender: TestKeys = present(certified.chain.keys[0]),
): DecodedTransaction {
  return signed(certified.chain, sender, { transfer: { recipient, amountMicro } })
}
