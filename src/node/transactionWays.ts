/** The ways of transactions into a node and out of it, tied together. */
import type { Clock } from '../ports/clock.ts'
import type { Transport } from '../ports/transport.ts'
import { BatchDesk } from './batchDesk.ts'
import type { Chain } from './chain.ts'
import type { RunningEpoch } from './epochRunner.ts'
import type { Mempool } from './mempool.ts'
import type { PeerGate } from './peerGate.ts'
import type { PeerSeats } from './peerSeats.ts'
import type { RestartDesk } from './restartDesk.ts'
import type { Router } from './router.ts'
import { TransactionDesk } from './transactionDesk.ts'

/** The node around. */
interface Around {
  readonly chain: Chain
  readonly mempool: Mempool
  readonly gate: PeerGate
  readonly peers: PeerSeats
  readonly running: RunningEpoch | undefined
  nowMs(): number
}

interface Parts {
  readonly transport: Transport
  readonly clock: Clock
  readonly restart: RestartDesk
  readonly router: () => Router
}

export interface TransactionWays {
  readonly batches: BatchDesk
  readonly transactions: TransactionDesk
}

export function transactionWays(node: Around, parts: Parts): TransactionWays {
  const { transport, clock, router } = parts
  const batches: BatchDesk = new BatchDesk({
    transport,
    clock,
    peers: node.peers,
    keepAll: (list) => transactions.keepAll(list),
    isWaiting: (transaction) => node.mempool.has(transaction),
    onProposal: (proposal, origin) => router().whole(proposal, origin),
    fetchProposal: (peer, hash) => void router().fetch(transport, peer, [hash]),
  })
  const transactions = new TransactionDesk({
    ...parts,
    mempool: node.mempool,
    batches,
    state: () => node.chain.tip.state,
    nowMs: () => node.nowMs(),
    chainId: node.chain.chainId,
    onRefused: (code) => node.gate.refused.count(code),
    onEvidence: () => node.running?.engine.evidenceCame(),
  })
  return { batches, transactions }
}
