/**
 * The `duty` lease of this validator (CKPT-1): its checkpoint keys are made on this device and
 * never leave it (EPOCH-3), registered once, and the lease is renewed while the validator stands
 * ready.
 */
import { hex } from '../../core/base/bytes.ts'
import { postQuantumKeyHash } from '../../core/checkpoint/message.ts'
import { read, readSingle } from '../../core/ledger/state.ts'
import { duties, parameters } from '../../core/ledger/tables.ts'
import { renewableFrom } from '../../core/ledger/transactions/duty.ts'
import { isJailed, validatorOf } from '../../core/ledger/validators.ts'
import type { EpochKey } from '../../ports/signer.ts'
import type { ActingSigner } from '../mayAct.ts'
import type { Node } from '../node.ts'
import { authorOf, duty, paid } from './ownTransactions.ts'
import { relaysOf } from './relaysOf.ts'

/** Slot of the newest key that this device made, in hex text. */
export const checkpointSlotName = 'duty/checkpoint-key'

const none = new Uint8Array(0)

export class CheckpointLease {
  readonly #node: Node
  /** One attempt an epoch: a refusal is not repeated with every block. */
  #triedFor = -1
  #makingKey = false

  constructor(node: Node) {
    this.#node = node
  }

  /** A key that is made is nowhere named before its slot is kept. */
  get isMakingKey(): boolean {
    return this.#makingKey
  }

  async look(): Promise<void> {
    const { chain } = this.#node
    const { state } = chain.tip
    const { signer } = this.#node.mayAct
    const { bondMinMicro, checkpointEpochs } = readSingle(state, parameters)
    const validator = signer && validatorOf(state, signer.identity)
    if (signer === undefined || validator === undefined) return
    if (this.#triedFor >= chain.epoch) return
    if (validator.bondedMicro < bondMinMicro || isJailed(validator, chain.epoch)) return
    const lease = read(state, duties, signer.identity)
    if (lease !== undefined && chain.epoch < renewableFrom(lease, checkpointEpochs)) return
    this.#triedFor = chain.epoch
    const key = await this.#ownKey(signer)
    // It may have been stopped meanwhile.
    const author = authorOf(this.#node)
    if (author === undefined) return
    const peerId = this.#node.transport.self
    const at = { peerId, relays: relaysOf(this.#node.transport.addresses()) }
    const isOwn = lease !== undefined && hex(lease.key) === key.slot
    await this.#send(
      isOwn
        ? duty(author, { duty: { key: none, possession: none, postQuantumKeyHash: none, ...at } })
        : paid(author, {
            duty: {
              key: key.publicKey,
              possession: key.possession,
              postQuantumKeyHash: postQuantumKeyHash(key.postQuantum().publicKey),
              ...at,
            },
          }),
    )
  }

  async #send(bytes: Uint8Array): Promise<void> {
    const sent = await this.#node.submit(bytes)
    if (sent.ok) return
    this.#node.events.emit({ type: 'notice', text: `duty refused: ${sent.error.code}` })
  }

  /** Made once; a device without it, after a restored backup, makes another. */
  async #ownKey(signer: ActingSigner): Promise<EpochKey> {
    const { store } = this.#node.chain
    const slot = await store.getValue(checkpointSlotName)
    const opened = slot && (await signer.openEpochKey(hex(slot)))
    if (opened?.ok === true) return opened.value
    this.#makingKey = true
    try {
      const key = await signer.createEpochKey()
      await store.putValue(checkpointSlotName, key.publicKey)
      return key
    } finally {
      this.#makingKey = false
    }
  }
}
