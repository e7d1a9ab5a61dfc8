/**
 * What was measured, kept for its owner alone (PRIV-1): every minute sealed with AES-256-GCM under
 * a key of the vault, removed when it is older than its owner wants, and given back whole.
 */
import { concat, u64be, utf8 } from '../../core/base/bytes.ts'
import { err, ok, type Result } from '../../core/base/result.ts'
import type { Random } from '../../ports/random.ts'
import { decodeBeats, encodeBeats, type RecordedBeats } from './recordedBeats.ts'
import type { RecordingDatabase, SealedMinute } from './recordingDatabase.ts'
import { recordingKey } from './recordingKey.ts'

const nonceBytes = 12

export interface Recordings {
  /** How much is there, locked or not. */
  info(): Promise<{ readonly minutes: number; readonly fromMs: number | undefined }>
  removeBefore(timeMs: number): Promise<void>
  erase(): Promise<void>
  open(identitySeed: Uint8Array): Promise<OpenRecordings>
}

export interface OpenRecordings {
  /** Sealed and on disk when this resolves; `STORAGE_FULL` keeps what is there. */
  keep(beats: RecordedBeats): Promise<Result<undefined, { readonly code: RecordingErrorCode }>>
  /** Oldest first; `unreadable` counts minutes of other keys, and damaged ones. */
  read(): Promise<{ readonly minutes: readonly RecordedBeats[]; readonly unreadable: number }>
}

export type RecordingErrorCode = 'STORAGE_FULL' | 'STORAGE_BLOCKED'

export function createRecordings(database: RecordingDatabase, random: Random): Recordings {
  return {
    info: () => database.info(),
    removeBefore: (timeMs) => database.removeBefore(timeMs),
    erase: () => database.erase(),
    async open(identitySeed) {
      const key = await recordingKey(identitySeed)
      return {
        async keep(beats) {
          const times = timesOf(beats)
          if (times === undefined) return ok(undefined)
          try {
            await database.add(await sealed(key, random.bytes(nonceBytes), beats, times))
            return ok(undefined)
          } catch (error) {
            return err({ code: codeOf(error) })
          }
        },
        async read() {
          const rows = await database.all()
          const opened = await Promise.all(rows.map((row) => unsealed(key, row)))
          const minutes = opened.filter((one) => one !== undefined)
          return { minutes, unreadable: rows.length - minutes.length }
        },
      }
    },
  }
}

type Times = Pick<SealedMinute, 'fromMs' | 'toMs'>

function timesOf({ beats }: RecordedBeats): Times | undefined {
  const [first, last] = [beats[0], beats.at(-1)]
  if (first === undefined || last === undefined) return undefined
  return { fromMs: Math.floor(first.timeMs), toMs: Math.ceil(last.timeMs) }
}

/** The times in the clear are part of what is sealed: they cannot be moved to another minute. */
function algorithm({ fromMs, toMs }: Times, nonce: Uint8Array): AesGcmParams {
  const additionalData = concat(
    utf8('emotionalchain/v1/recorded-minute'),
    u64be(fromMs),
    u64be(toMs),
  )
  return {
    name: 'AES-GCM',
    iv: Uint8Array.from(nonce),
    additionalData: Uint8Array.from(additionalData),
  }
}

async function sealed(
  key: CryptoKey,
  nonce: Uint8Array,
  beats: RecordedBeats,
  times: Times,
): Promise<SealedMinute> {
  const plain = Uint8Array.from(encodeBeats(beats))
  const bytes = await crypto.subtle.encrypt(algorithm(times, nonce), key, plain)
  return { ...times, nonce, sealed: new Uint8Array(bytes) }
}

async function unsealed(
  key: CryptoKey,
  { nonce, sealed: bytes, ...times }: SealedMinute,
): Promise<RecordedBeats | undefined> {
  try {
    const sealedBytes = Uint8Array.from(bytes)
    const plain = await crypto.subtle.decrypt(algorithm(times, nonce), key, sealedBytes)
    return decodeBeats(new Uint8Array(plain))
  } catch {
    // Of other keys, or not what was written.
    return undefined
  }
}

function codeOf(error: unknown): RecordingErrorCode {
  const isFull = error instanceof DOMException && error.name === 'QuotaExceededError'
  return isFull ? 'STORAGE_FULL' : 'STORAGE_BLOCKED'
}
