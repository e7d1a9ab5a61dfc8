import { beforeAll, describe, expect, it } from 'vitest'
import { err } from '../../core/base/result.ts'
import { createVault } from './vault.ts'
import { vaultBoxOf, type VaultBox, type VaultCopy } from './vaultBox.ts'
import type { VaultDatabase, VaultRow } from './vaultDatabase.ts'
import { webRandom } from './webRandom.ts'

/** What the two places hold; both run for real in e2e/storage. */
interface Profile {
  row: VaultRow | undefined
  copy: Uint8Array | undefined
  /** Why a place refuses, while it does. */
  databaseFailure?: Error | undefined
  copyFailure?: Error | undefined
  noteFailure?: Error | undefined
  hasCopyPlace?: boolean
}

class Killed extends Error {}

/** A page that dies before or after its `stepsLeft`-th access to a place, like a killed browser. */
function boxIn(profile: Profile, stepsLeft = Infinity): VaultBox {
  const step = async <T>(failure: () => Error | undefined, work: () => T): Promise<T> => {
    await Promise.resolve()
    if (stepsLeft <= 0) throw new Killed()
    stepsLeft -= 1
    const refusal = failure()
    if (refusal !== undefined) throw refusal
    // A half step: the access was made, and nobody learns of it.
    if (stepsLeft < 0) {
      work()
      throw new Killed()
    }
    return work()
  }
  const onDatabase = <T>(work: () => T): Promise<T> => step(() => profile.databaseFailure, work)
  const onCopy = <T>(work: () => T): Promise<T> => step(() => profile.copyFailure, work)
  const database: VaultDatabase = {
    read: () => onDatabase(() => profile.row),
    write: (vault, { isCopied }) =>
      onDatabase(() => {
        profile.row = { vault, isCopied, isErasing: profile.row?.isErasing ?? false }
      }),
    noteErasure: () =>
      onDatabase(() => {
        if (profile.noteFailure !== undefined) throw profile.noteFailure
        const isCopied = profile.row?.isCopied ?? false
        profile.row = { vault: undefined, isCopied, isErasing: true }
      }),
    erase: () =>
      onDatabase(() => {
        profile.row = undefined
      }),
  }
  const copy: VaultCopy = {
    read: () => onCopy(() => profile.copy),
    write: (blob) =>
      onCopy(() => {
        profile.copy = blob
      }),
    erase: () =>
      onCopy(() => {
        profile.copy = undefined
      }),
  }
  return vaultBoxOf({
    database,
    openCopy: () => Promise.resolve(profile.hasCopyPlace === false ? undefined : copy),
    alone: (work) => work(),
  })
}

/** Every moment at which a page that does `work` can be killed, and what is left of the profile. */
async function killedAnywhere(
  start: () => Profile,
  work: (box: VaultBox) => Promise<unknown>,
): Promise<Profile[]> {
  const left: Profile[] = []
  for (let steps = 0; ; steps += 0.5) {
    const profile = start()
    try {
      await work(boxIn(profile, steps))
      return left
    } catch (error) {
      if (!(error instanceof Killed)) throw error
      left.push(profile)
    }
  }
}

let older: Uint8Array
let newer: Uint8Array

const passphrases = ['correct horse battery staple', 'a quite different one'] as const

beforeAll(async () => {
  const profile: Profile = { row: undefined, copy: undefined }
  const vault = createVault({
    box: boxIn(profile),
    passkeys: {
      offered: () => Promise.resolve(false),
      create: () => Promise.resolve(err({ code: 'PASSKEY_UNSUPPORTED' })),
      secret: () => Promise.resolve(err({ code: 'PASSKEY_UNSUPPORTED' })),
    },
    random: webRandom,
    kdf: { memoryKib: 19_456, iterations: 1, parallelism: 1 },
  })
  const [first, second] = passphrases.map(
    (passphrase) => ({ kind: 'passphrase', passphrase }) as const,
  )
  if (first === undefined || second === undefined) throw new Error('two passphrases')
  await vault.create(first)
  older = profile.copy ?? new Uint8Array(0)
  await vault.addLock(first, second)
  newer = profile.copy ?? new Uint8Array(0)
})

const withOlder = (): Profile => ({
  row: { vault: older, isCopied: true, isErasing: false },
  copy: older,
})

const empty = (): Profile => ({ row: undefined, copy: undefined })

describe('SIG-1: a vault in two places', () => {
  it('is in both when its writing is acknowledged, and comes back from either', async () => {
    for (const start of [empty, withOlder]) {
      const profile = start()
      await boxIn(profile).write(newer)
      expect(await boxIn({ ...profile, row: undefined }).read()).toEqual(newer)
      expect(await boxIn({ ...profile, copy: undefined }).read()).toEqual(newer)
    }
  })

  it('read from one place is in both again', async () => {
    for (const lost of ['row', 'copy'] as const) {
      const profile = { ...withOlder(), [lost]: undefined }
      expect(await boxIn(profile).read()).toEqual(older)
      expect(profile).toEqual(withOlder())
    }
  })

  it('gets its copy at the next reading when an older page wrote it', async () => {
    const profile = { ...empty(), row: { vault: older, isCopied: false, isErasing: false } }
    expect(await boxIn(profile).read()).toEqual(older)
    expect(profile).toEqual(withOlder())
  })

  it('a page killed while it writes leaves the old or the new one, and one only', async () => {
    const moments = await killedAnywhere(withOlder, (box) => box.write(newer))
    expect(moments.length).toBeGreaterThan(4)
    for (const profile of moments) {
      const found = await boxIn(profile).read()
      expect([older, newer]).toContainEqual(found)
      expect(await boxIn({ ...profile, row: undefined }).read()).toEqual(found)
      expect(await boxIn({ ...profile, copy: undefined }).read()).toEqual(found)
    }
  })

  it('a stale copy gives way to the database', async () => {
    const profile = { ...withOlder(), row: { vault: newer, isCopied: true, isErasing: false } }
    expect(await boxIn(profile).read()).toEqual(newer)
    expect(profile.copy).toEqual(newer)
  })

  it('a change that one place refuses is refused, and the old vault holds in both', async () => {
    for (const place of ['databaseFailure', 'copyFailure'] as const) {
      const profile = withOlder()
      const refusal = new DOMException('no room', 'QuotaExceededError')
      profile[place] = refusal
      await expect(boxIn(profile).write(newer)).rejects.toBe(refusal)
      profile[place] = undefined
      expect(profile.copy).toEqual(older)
      expect(await boxIn(profile).read()).toEqual(older)
    }
  })

  it('a copy that is out of reach lets nobody change the passphrase or erase', async () => {
    const profile = { ...withOlder(), hasCopyPlace: false }
    expect(await boxIn(profile).read()).toEqual(older)
    await expect(boxIn(profile).write(newer)).rejects.toThrow('out of reach')
    await expect(boxIn(profile).erase()).rejects.toThrow('out of reach')
  })

  it('works where there is no second place', async () => {
    const profile: Profile = { ...empty(), hasCopyPlace: false }
    await boxIn(profile).write(older)
    await boxIn(profile).write(newer)
    expect(await boxIn(profile).read()).toEqual(newer)
    await boxIn(profile).erase()
    expect(await boxIn(profile).read()).toBeUndefined()
  })

  it('a damaged place gives way to a whole one, and two damaged ones are told', async () => {
    const damaged = older.slice(0, -1)
    const row = { vault: damaged, isCopied: true, isErasing: false }
    expect(await boxIn({ row, copy: older }).read()).toEqual(older)
    expect(await boxIn({ ...withOlder(), copy: damaged }).read()).toEqual(older)
    expect(await boxIn({ row, copy: damaged }).read()).toEqual(damaged)
  })
})

describe('PRIV-1: an erased vault', () => {
  it('is gone from both places', async () => {
    const profile = withOlder()
    await boxIn(profile).erase()
    expect(profile).toEqual(empty())
    expect(await boxIn(profile).read()).toBeUndefined()
  })

  it('whose erasing was cut off is whole, or erased at the next reading: never half', async () => {
    const moments = await killedAnywhere(withOlder, (box) => box.erase())
    expect(moments.length).toBeGreaterThan(5)
    const outcomes = new Set<string>()
    for (const profile of moments) {
      const found = await boxIn(profile).read()
      expect([undefined, older]).toContainEqual(found)
      expect(profile).toEqual(found === undefined ? empty() : withOlder())
      outcomes.add(found === undefined ? 'erased' : 'whole')
    }
    expect(outcomes).toEqual(new Set(['whole', 'erased']))
  })

  it('does not come back when a new one is made after an erasing that was cut off', async () => {
    const moments = await killedAnywhere(withOlder, (box) => box.erase())
    for (const profile of moments) {
      await boxIn(profile).write(newer)
      expect(await boxIn({ ...profile, row: undefined }).read()).toEqual(newer)
      expect(await boxIn(profile).read()).toEqual(newer)
    }
  })

  it('is erased although there is no room for the note that it is', async () => {
    const noteFailure = new DOMException('no room', 'QuotaExceededError')
    const profile: Profile = { ...withOlder(), noteFailure }
    await boxIn(profile).erase()
    expect(profile).toEqual({ ...empty(), noteFailure })
  })
})
