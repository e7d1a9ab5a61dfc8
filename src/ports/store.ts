/**
 * What a node keeps (BFT-10, SYNC-3). Implementations: IndexedDB in browsers, fsynced files in
 * Node, memory in the simulator; `test/compliance/store.ts` is the suite each must pass.
 *
 * A promise resolves only when the data survives power loss as far as the platform can promise it:
 * IndexedDB `durability: 'strict'`, `fsync` in Node.
 */

/** A final block as stored: exact wire bytes (ENC-1). */
export interface StoredBlock {
  readonly height: number
  readonly epoch: number
  /** Header hash, 32 bytes. */
  readonly hash: Uint8Array
  readonly header: Uint8Array
  readonly body: Uint8Array
  /** The commit certificate that makes this block or a descendant final. */
  readonly certificate: Uint8Array
  /** Headers from above this block up to the certified one; empty when it is certified itself. */
  readonly path: readonly Uint8Array[]
}

/** A leaf of the state tree (STATE-1); `value` undefined means removed. */
export interface StateChange {
  readonly key: Uint8Array
  readonly value: Uint8Array | undefined
}

export interface FinalBatch {
  readonly blocks: readonly StoredBlock[]
  readonly changes: readonly StateChange[]
  /** State root after the last block of the batch. */
  readonly stateRoot: Uint8Array
}

export interface StoredTip {
  readonly height: number
  readonly hash: Uint8Array
  readonly stateRoot: Uint8Array
}

/** Votes leave only after this is durable (BFT-10). One record a slot; `slot` is the epoch key. */
export interface SafetyWrite {
  /** Hex of the public epoch key that the record belongs to. */
  readonly slot: string
  /** Strictly increasing; an older record than one already stored is refused. */
  readonly sequence: number
  readonly record: Uint8Array
  /** Blocks and certificates the record speaks of, kept until final: exact wire bytes by hash. */
  readonly pending: readonly { readonly hash: Uint8Array; readonly bytes: Uint8Array }[]
}

export type StoreError =
  /** The device is full. Free space or lower the retention, then retry. */
  | { readonly code: 'STORAGE_FULL' }
  /** The browser removed the data, or never allowed storage. */
  | { readonly code: 'STORAGE_UNAVAILABLE'; readonly reason: string }
  /** A newer version of this program wrote it: use that one. Nothing was changed. */
  | { readonly code: 'STORAGE_NEWER'; readonly reason: string }
  /** A safety record with this or a higher sequence is already stored. */
  | { readonly code: 'SAFETY_RECORD_OLD'; readonly stored: number; readonly offered: number }
  /**
   * What is stored does not read back as it was written. Sign nothing with the keys it held
   * (BFT-10); start again with a fresh store.
   */
  | { readonly code: 'STORE_CORRUPT'; readonly what: string }

export class StoreFailure extends Error {
  readonly detail: StoreError
  constructor(detail: StoreError) {
    super(detail.code)
    this.name = 'StoreFailure'
    this.detail = detail
  }
}

/** Which database this is: what the platform removed and made anew has another `id`. */
export interface StoreInstance {
  /** Lowercase hex, random, fixed when the database was created. */
  readonly id: string
  /** This opening created it: nothing was here before, or the platform had removed it. */
  readonly created: boolean
}

/** Every promise may be rejected with a `StoreFailure`, and with nothing else. */
export interface Store {
  readonly instance: StoreInstance
  readTip(): Promise<StoredTip | undefined>
  readState(): Promise<readonly { readonly key: Uint8Array; readonly value: Uint8Array }[]>
  /** Atomic: blocks, state changes and tip become visible together or not at all. */
  writeFinal(batch: FinalBatch): Promise<void>
  /**
   * Replaces state, tip and blocks by a snapshot whose root was checked. Safety records, pending
   * bytes and values stay.
   */
  writeSnapshot(tip: StoredTip, state: readonly StateChange[]): Promise<void>
  readBlock(height: number): Promise<StoredBlock | undefined>
  /**
   * Upwards from `fromHeight`; heights that are not stored are passed over. What is pruned
   * meanwhile is not there, with all below it: no gap is shown that was not stored.
   */
  readBlocks(fromHeight: number, countMax: number): Promise<readonly StoredBlock[]>
  findBlock(hash: Uint8Array): Promise<StoredBlock | undefined>
  /** Removes the blocks below a height, for good and in one piece (SYNC-4). */
  pruneBlocks(belowHeight: number): Promise<void>
  /**
   * Opens a slot: a fresh epoch key, sealed by its signer, beside the records it will have. An
   * existing slot is refused (`SAFETY_RECORD_OLD`). The key is in no backup and no export.
   */
  createSafety(slot: string, sealedKey: Uint8Array): Promise<void>
  /** The sealed key of a slot: with it and without a record, the key has signed nothing yet. */
  readSafetyKey(slot: string): Promise<Uint8Array | undefined>
  listSafety(): Promise<readonly string[]>
  /** Record and pending bytes together or not at all. */
  writeSafety(write: SafetyWrite): Promise<void>
  readSafety(
    slot: string,
  ): Promise<{ readonly sequence: number; readonly record: Uint8Array } | undefined>
  readPending(): Promise<readonly { readonly hash: Uint8Array; readonly bytes: Uint8Array }[]>
  prunePending(hashes: readonly Uint8Array[]): Promise<void>
  /** Forgets record and key of a slot for good (EPOCH-3). */
  eraseSafety(slot: string): Promise<void>
  /** Small named values: duty notes, remembered peers. Names are ASCII. */
  getValue(name: string): Promise<Uint8Array | undefined>
  putValue(name: string, value: Uint8Array | undefined): Promise<void>
  /** Names that begin so, in no order. */
  listValues(prefix: string): Promise<readonly string[]>
  /** Waits for what is under way; afterwards every call fails with `STORAGE_UNAVAILABLE`. */
  close(): Promise<void>
}
