/**
 * Where the vault of this profile rests: an own small database, so that erasing a chain's data
 * never takes the keys with it, and a copy outside IndexedDB, because a browser that finds one
 * damaged database may remove all of the origin (docs/decisions/0015).
 *
 * The database decides. The copy is written before it, so that what was acknowledged is in both,
 * and is read only when the database holds no readable vault; a copy that differs is replaced. An
 * erasure begins with a durable note in the database, so that one which was cut off is completed,
 * and nothing comes back from the copy.
 */

import { equalBytes } from '../../core/base/bytes.ts'
import { decodeBlob } from './vaultBlob.ts'
import { createVaultDatabase, type VaultDatabase, type VaultRow } from './vaultDatabase.ts'

/** Every promise may be rejected with what the platform reports. */
export interface VaultBox {
  read(): Promise<Uint8Array | undefined>
  /** Durable in both places when this resolves; in one, where a profile has no second. */
  write(blob: Uint8Array): Promise<void>
  erase(): Promise<void>
}

/** The place beside the database. Every promise may be rejected with what the platform reports. */
export interface VaultCopy {
  read(): Promise<Uint8Array | undefined>
  /** Whole or not at all. */
  write(blob: Uint8Array): Promise<void>
  erase(): Promise<void>
}

export interface VaultPlaces {
  readonly database: VaultDatabase
  /** `undefined` where this profile has no place beside IndexedDB. */
  readonly openCopy: () => Promise<VaultCopy | undefined>
  /** One at a time in all tabs of the profile. */
  readonly alone: <T>(work: () => Promise<T>) => Promise<T>
}

const name = 'emo-vault'

/** `openCopy` opens the place of this name, or has none. */
export function createVaultBox(
  openCopy: (name: string) => Promise<VaultCopy | undefined>,
): VaultBox {
  return vaultBoxOf({
    database: createVaultDatabase(name),
    openCopy: () => openCopy(name),
    alone: aloneInProfile,
  })
}

export function vaultBoxOf({ database, openCopy, alone }: VaultPlaces): VaultBox {
  async function eraseBoth(row: VaultRow | undefined): Promise<void> {
    // A full disk may have no room for the note: erasing goes on without it.
    await tried(database.noteErasure())
    const copy = await reachableCopy(row)
    await copy?.erase()
    await database.erase()
  }

  /** A copy that cannot be reached now must not come back later, as older or as erased. */
  async function reachableCopy(row: VaultRow | undefined): Promise<VaultCopy | undefined> {
    const copy = await openCopy()
    if (copy === undefined && row?.isCopied === true) throw new Error('the copy is out of reach')
    return copy
  }

  async function read(): Promise<Uint8Array | undefined> {
    const row = await database.read()
    if (row?.isErasing === true) {
      await eraseBoth(row)
      return undefined
    }
    const first = row?.vault
    if (first !== undefined && isReadable(first)) {
      await tried(renewCopy(first))
      return first
    }
    const second = await (await openCopy())?.read()
    if (second === undefined || !isReadable(second)) return first
    await tried(database.write(second, { isCopied: true }))
    return second
  }

  async function renewCopy(vault: Uint8Array): Promise<void> {
    const copy = await openCopy()
    const held = await copy?.read()
    if (copy === undefined || (held !== undefined && equalBytes(held, vault))) return
    await write(vault, undefined)
  }

  async function write(blob: Uint8Array, row: VaultRow | undefined): Promise<void> {
    const copy = await reachableCopy(row)
    const before = await copy?.read()
    await copy?.write(blob)
    try {
      await database.write(blob, { isCopied: copy !== undefined })
    } catch (error) {
      await tried(before === undefined ? copy?.erase() : copy?.write(before))
      throw error
    }
  }

  return {
    read: () => alone(read),
    write: (blob) =>
      alone(async () => {
        const row = await database.read()
        if (row?.isErasing === true) await eraseBoth(row)
        await write(Uint8Array.from(blob), await database.read())
      }),
    erase: () => alone(async () => eraseBoth(await database.read())),
  }
}

/** Also a vault of a newer version of the page: it is whole, and not ours to replace. */
function isReadable(bytes: Uint8Array): boolean {
  const blob = decodeBlob(bytes)
  return blob.ok || blob.error.code === 'BLOB_VERSION'
}

/** What may fail: the other place is repaired at the next reading. */
async function tried(work: Promise<void> | undefined): Promise<void> {
  try {
    await work
  } catch {
    // Nothing that was promised depends on it.
  }
}

/** Without Web Locks (an insecure context) there is no second place to disagree with either. */
async function aloneInProfile<T>(work: () => Promise<T>): Promise<T> {
  const locks = navigator.locks as LockManager | undefined
  return locks === undefined ? work() : locks.request(name, work)
}
