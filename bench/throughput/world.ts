/**
 * A chain on which transfers can be measured: real genesis, real committee of four, as many
 * accounts as asked for, and transfers of 200 bytes with real signatures.
 */

import { u32be } from '../../src/core/base/bytes.ts'
import { Body, Header } from '../../src/core/codec/chain.ts'
import type { Genesis } from '../../src/core/codec/state.ts'
import { hash } from '../../src/core/crypto/hash.ts'
import { merkleRoot, transactionTree } from '../../src/core/crypto/merkle.ts'
import { deriveHeader } from '../../src/core/ledger/deriveHeader.ts'
import type { LedgerState } from '../../src/core/ledger/state.ts'
import { testGenesis, type TestKeys } from '../../src/core/ledger/testChain.fixture.ts'
import { encodeTransaction } from '../../src/core/ledger/transactionBytes.ts'
import { microPerEmo, protocol } from '../../src/core/params.ts'
import { blsBlst } from '../../src/adapters/crypto/blsBlst.ts'
import type { BlockBytes } from '../../src/node/executor.ts'
import { senderOf, type Sender } from './signers.ts'

export interface World {
  readonly genesis: Genesis
  readonly keys: readonly TestKeys[]
  readonly senders: readonly Sender[]
  /** All accounts but those of the validators; the senders are the first of them. */
  readonly accounts: readonly Uint8Array[]
}

export interface SignedTransfers {
  /** Exact bytes of each SignedTransaction. */
  readonly transactions: readonly Uint8Array[]
  readonly body: Uint8Array
}

const sendersMax = 1000
/** Makes a transfer 200 bytes long in its body: what FEE-1 reckons with. */
const chainId = 'emo-bench-throughput-of-transfers-of-200-bytes'

export function makeWorld(accountCount: number): World {
  const { genesis, keys } = testGenesis(blsBlst, {
    validators: 4,
    seats: 4,
    params: { blockTransactionsMax: 4_096 },
  })
  const senders = Array.from({ length: Math.min(sendersMax, accountCount) }, (_, index) =>
    senderOf(index),
  )
  const others = Array.from({ length: accountCount - senders.length }, (_, index) =>
    hash('keyDerivation', u32be(78), u32be(index)),
  )
  const accounts = [...senders.map(({ account }) => account), ...others]
  const balanceMicro = 1_000n * microPerEmo
  return {
    genesis: {
      ...genesis,
      chainId,
      accounts: [...genesis.accounts, ...accounts.map((account) => ({ account, balanceMicro }))],
    },
    keys,
    senders,
    accounts,
  }
}

/** Transfers number `from` … `from + count - 1` of the chain: senders in turn, each nonce once. */
export function signTransfers(world: World, from: number, count: number): SignedTransfers {
  const { senders, accounts } = world
  const transactions = Array.from({ length: count }, (_, offset) => {
    const number = from + offset
    const sender = senders[number % senders.length]
    // Recipients all over the tree, and never the same pairs twice in a row.
    const recipient = accounts[(number * 7_919 + 13) % accounts.length]
    if (sender === undefined || recipient === undefined) throw new Error('no such account')
    return encodeTransaction(
      {
        chainId,
        sender: sender.account,
        nonce: Math.floor(number / senders.length),
        expiryEpoch: 5,
        feeMaxMicro: microPerEmo,
        transfer: { recipient, amountMicro: 1_000n + BigInt(number % 1_000) },
      },
      sender.sign,
    )
  })
  return { transactions, body: Body.encode({ transactions: [...transactions] }) }
}

/** A block on `state`, with everything that its header must say. */
export function makeBlock(
  parent: { readonly state: LedgerState; readonly hash: Uint8Array; readonly timeMs: number },
  transfers: SignedTransfers,
): BlockBytes & { readonly headerBytes: Uint8Array } {
  const derived = deriveHeader(parent.state, parent.timeMs + 1)
  const seat = derived.height % derived.committee.seats.length
  const header: Header = {
    version: protocol.version,
    chainId,
    epoch: derived.epoch,
    height: derived.height,
    view: derived.height,
    parent: parent.hash,
    timeMs: parent.timeMs + 1,
    seat,
    parentStateRoot: derived.parentStateRoot,
    parentReceiptsRoot: derived.parentReceiptsRoot,
    transactionsRoot: merkleRoot(transactionTree, transfers.transactions),
    justification: new Uint8Array(32),
    committeeRoot: derived.committeeRoot,
    nextCommitteeRoot: derived.nextCommitteeRoot,
    enrolmentRoot: derived.enrolmentRoot,
  }
  const headerBytes = Header.encode(header)
  return {
    hash: hash('header', headerBytes),
    header,
    headerBytes,
    body: transfers.body,
    isTail: false,
  }
}
