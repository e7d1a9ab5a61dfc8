/** What the page asks its worker. */

import type { StoreInstance } from '../../../src/ports/store.ts'

/** A signature to verify; all in hexadecimal. */
export interface SignatureText {
  readonly publicKey: string
  readonly message: string
  readonly signature: string
}

export type Request =
  | { readonly type: 'check'; readonly name: string }
  | { readonly type: 'open' }
  /** How many write transactions are open at once, at most. */
  | { readonly type: 'writesAtOnce' }
  /** A value that outlives IndexedDB; nine times `value`, a byte. */
  | { readonly type: 'putKept'; readonly value: number }
  | { readonly type: 'getKept' }
  /** Which database this is, and the last of what `writeForever` wrote: `Holdings`. */
  | { readonly type: 'holdings' }
  /** Writes a safety record and a block of one number, without end; acknowledged ones are told. */
  | { readonly type: 'writeForever' }
  | { readonly type: 'writeSafety'; readonly sequence: number }
  | { readonly type: 'fill'; readonly megabytes: number }
  | { readonly type: 'readSafety' }
  | { readonly type: 'readTip' }
  | { readonly type: 'damageSafety' }
  /** A newer version of the page raises the version of the database. */
  | { readonly type: 'writeNewer' }
  | { readonly type: 'createEpochKey' }
  | { readonly type: 'openEpochKey'; readonly slot: string }
  | { readonly type: 'bls' }
  | { readonly type: 'signatures'; readonly items: readonly SignatureText[] }

export interface Holdings {
  readonly instance: StoreInstance
  readonly slots: readonly string[]
  readonly sequence: number | undefined
  readonly height: number | undefined
}

export type Answer = { readonly value: unknown } | { readonly error: string }

export type FromWorker =
  | { readonly id: number; readonly answer: Answer }
  | { readonly acknowledged: number }
  | { readonly lost: string }
