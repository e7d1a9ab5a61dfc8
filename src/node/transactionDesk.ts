/** Transactions that come in: of this node's owner, and by gossip (NET-2, BATCH-1). */
import { ok, type Result } from '../core/base/result.ts'
import type { LedgerState } from '../core/ledger/state.ts'
import type { Transport, Verdict } from '../ports/transport.ts'
import type { BatchDesk } from './batchDesk.ts'
import { isDuty } from './dutyKinds.ts'
import type { Mempool, MempoolError } from './mempool.ts'
import type { RestartDesk } from './restartDesk.ts'
import { topicOf } from './topicOf.ts'

interface TransactionDeskOptions {
  readonly mempool: Mempool
  readonly restart: RestartDesk
  readonly batches: BatchDesk
  readonly transport: Transport
  /** Of the final tip. */
  readonly state: () => LedgerState
  readonly nowMs: () => number
}

export class TransactionDesk {
  readonly #options: TransactionDeskOptions

  constructor(options: TransactionDeskOptions) {
    this.#options = options
  }

  /** Checked, kept and sent: duty to everybody, payments on the way of batches. */
  async submit(bytes: Uint8Array): Promise<Result<undefined, MempoolError>> {
    const { restart, transport, batches } = this.#options
    const added = await this.keep(bytes)
    if (!added.ok && added.error.code === 'RESTART_PLACE') {
      const offered = await restart.offer(bytes)
      if (!offered.ok) return offered
      transport.publish('tx', bytes)
      return ok(undefined)
    }
    if (!added.ok) return added
    if (isDuty(added.value)) transport.publish(topicOf(added.value.kind), bytes)
    else batches.offer(added.value)
    return ok(undefined)
  }

  keep(bytes: Uint8Array): ReturnType<Mempool['add']> {
    const { mempool, state, nowMs } = this.#options
    return mempool.add(bytes, state(), nowMs())
  }

  async verdict(bytes: Uint8Array): Promise<Verdict> {
    const added = await this.keep(bytes)
    if (added.ok) return 'accept'
    const { code } = added.error
    if (code === 'RESTART_PLACE') return this.#options.restart.verdict(bytes)
    // What another state may accept is not the sender's fault; malformed bytes are.
    if (code === 'TX_MALFORMED' || code === 'TX_KIND' || code === 'TX_SIGNATURE') return 'reject'
    return code === 'READY_PROOF_INVALID' || code === 'CHECKPOINT_UNSIGNED' ? 'reject' : 'ignore'
  }
}
