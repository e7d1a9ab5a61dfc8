/** What the page asks its worker. */

/** A signature to verify; all in hexadecimal. */
export interface SignatureText {
  readonly publicKey: string
  readonly message: string
  readonly signature: string
}

export type Request =
  | { readonly type: 'check'; readonly name: string }
  | { readonly type: 'open' }
  /** Writes safety records without end; each acknowledged one is reported. */
  | { readonly type: 'writeForever' }
  | { readonly type: 'writeSafety'; readonly sequence: number }
  | { readonly type: 'fill'; readonly megabytes: number }
  | { readonly type: 'readSafety' }
  | { readonly type: 'readTip' }
  | { readonly type: 'damageSafety' }
  | { readonly type: 'createEpochKey' }
  | { readonly type: 'openEpochKey'; readonly slot: string }
  | { readonly type: 'bls' }
  | { readonly type: 'signatures'; readonly items: readonly SignatureText[] }

export type Answer = { readonly value: unknown } | { readonly error: string }

export type FromWorker =
  | { readonly id: number; readonly answer: Answer }
  | { readonly acknowledged: number }
  | { readonly lost: string }
