/**
 * What a validator keeps for its proofs (PRIV-3): the nullifier key and the salt are derived from
 * the vault's proof secret, the baseline is sealed under a key derived from it, and none of it ever
 * leaves the device.
 */
import { concat, utf8 } from '../../core/base/bytes.ts'
import { hash } from '../../core/crypto/hash.ts'
import type { Baseline } from '../../core/emotion/baseline.ts'
import { isBaseline } from '../../core/emotion/baseline.ts'
import { secretBytes } from '../../core/emotion/commitments.ts'
import { bytesToInteger } from '../../core/emotion/field.ts'
import type { EnrolmentSecrets } from '../../core/emotion/statement.ts'

/** A field element of 248 bits for one use of the proof secret. */
function derived(proofSecret: Uint8Array, use: string): bigint {
  const digest = hash('keyDerivation', concat(utf8(`emo/${use}/`), proofSecret))
  return bytesToInteger(digest.slice(0, secretBytes))
}

export function nullifierKeyOf(proofSecret: Uint8Array): bigint {
  return derived(proofSecret, 'nullifier-key')
}

export function enrolmentSecrets(proofSecret: Uint8Array, baseline: Baseline): EnrolmentSecrets {
  return {
    nullifierKey: nullifierKeyOf(proofSecret),
    baseline,
    baselineSalt: derived(proofSecret, 'baseline-salt'),
  }
}

/** Key under which the baseline rests in the store (PRIV-1). */
export function baselineKey(proofSecret: Uint8Array): Uint8Array {
  return hash('keyDerivation', concat(utf8('emo/baseline-key/'), proofSecret))
}

/** Key under which a rest that is not done is kept (PRIV-1). */
export function restKey(proofSecret: Uint8Array): Uint8Array {
  return hash('keyDerivation', concat(utf8('emo/rest-key/'), proofSecret))
}

const fieldCount = 4

export function encodeBaseline(baseline: Baseline): Uint8Array {
  const bytes = new Uint8Array(4 * fieldCount)
  const view = new DataView(bytes.buffer)
  const { restHrCentiBpm, hrSigmaCentiBpm, lnRmssdQ16, lnRmssdSigmaQ16 } = baseline
  for (const [index, value] of [
    restHrCentiBpm,
    hrSigmaCentiBpm,
    lnRmssdQ16,
    lnRmssdSigmaQ16,
  ].entries()) {
    view.setUint32(4 * index, value)
  }
  return bytes
}

/** Undefined for anything but a baseline within its bounds. */
export function decodeBaseline(bytes: Uint8Array): Baseline | undefined {
  if (bytes.length !== 4 * fieldCount) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const baseline = {
    restHrCentiBpm: view.getUint32(0),
    hrSigmaCentiBpm: view.getUint32(4),
    lnRmssdQ16: view.getUint32(8),
    lnRmssdSigmaQ16: view.getUint32(12),
  }
  return isBaseline(baseline) ? baseline : undefined
}
