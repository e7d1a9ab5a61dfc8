/**
 * Reviews of this validator (ZK-4): where the beacon drew it for a READY that a final block holds,
 * it attests the exact proof bytes that its own verifier took, and nothing else. What only travels
 * is not attested: another proof may stand in its place on the chain.
 */
import { equalBytes, hex } from '../../core/base/bytes.ts'
import { bodyBytesMax } from '../../core/bft/body.ts'
import { decodeBody } from '../../core/codec/decodeBody.ts'
import type { HashHex } from '../../core/types/ids.ts'
import { proofKeyBytes, readyStatement } from '../../core/ledger/readyStatement.ts'
import { isDrawnReviewer } from '../../core/ledger/reviews.ts'
import { read, readSingle } from '../../core/ledger/state.ts'
import { epochRecord, readyEntries } from '../../core/ledger/tables.ts'
import { decodeTransaction, type DecodedTransaction } from '../../core/ledger/transactionBytes.ts'
import { protocol } from '../../core/params.ts'
import type { StoredBlock } from '../../ports/store.ts'
import type { Node } from '../node.ts'
import { authorOf, duty } from './ownTransactions.ts'

type Host = Pick<Node, 'chain' | 'events' | 'isSyncing' | 'mayAct' | 'proofs' | 'submit'>

export class ReviewDuty {
  readonly #node: Host
  /** Proofs that were attested in an epoch, by name. */
  #done: { readonly epoch: number; readonly names: Set<string> } = { epoch: -1, names: new Set() }

  constructor(node: Host) {
    this.#node = node
  }

  /** A block that is final. */
  async look({ body }: Pick<StoredBlock, 'body'>): Promise<void> {
    const { isSyncing, chain } = this.#node
    // READYs count before the freeze: nothing is read in the many blocks behind it.
    if (isSyncing || readSingle(chain.tip.state, epochRecord).frozen) return
    const decoded = decodeBody(body, bodyBytesMax)
    const transactions = decoded.ok ? decoded.value.transactions : []
    const readys = transactions.flatMap((bytes) => {
      const one = decodeTransaction(bytes, bodyBytesMax)
      return one.ok && one.value.kind === 'ready' ? [one.value] : []
    })
    try {
      await Promise.all(readys.map((ready) => this.#review(ready)))
    } catch (thrown) {
      // Nobody was judged; a review that is missing costs nobody anything.
      this.#node.events.emit({ type: 'notice', text: `review: ${String(thrown)}` })
    }
  }

  async #review(decoded: DecodedTransaction): Promise<void> {
    const { chain, mayAct, proofs } = this.#node
    const { state } = chain.tip
    const { ready, sender: validator } = decoded.transaction
    const reviewer = mayAct.signer?.identity
    const entry = read(state, readyEntries, validator)
    if (ready === undefined || entry === undefined || reviewer === undefined) return
    if (!isDrawnReviewer(state, { validator, reviewer })) return
    const statement = readyStatement(state, validator, ready)
    if (!statement.ok) return
    const proofKey = proofKeyBytes(ready.proof, statement.value)
    // Its maker's consent or a restart changed what it is about since.
    if (!equalBytes(proofKey, entry.proofKey)) return
    const name = hex(proofKey)
    if (!this.#begins(ready.epoch, name)) return
    await proofs.verify(state, decoded)
    if (proofs.proofIsValid(name as HashHex) !== true) return
    // It may have been stopped or locked meanwhile.
    const author = authorOf(this.#node)
    if (author === undefined) return
    await this.#node.submit(duty(author, { attest: { epoch: ready.epoch, validator, proofKey } }))
  }

  /** Once a proof, and no more in an epoch than anybody may. */
  #begins(epoch: number, name: string): boolean {
    if (this.#done.epoch !== epoch) this.#done = { epoch, names: new Set() }
    const { names } = this.#done
    if (names.has(name) || names.size >= protocol.reviewsMax) return false
    names.add(name)
    return true
  }
}
