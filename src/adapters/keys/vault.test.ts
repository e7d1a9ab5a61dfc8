import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Vault as VaultOfApp } from '../../app/services.ts'
import { err, ok } from '../../core/base/result.ts'
import type { KeySet } from '../../core/crypto/keySet.ts'
import { isPassphraseWeak, passphraseKdf } from './passphrase.ts'
import type { Passkeys } from './passkey.ts'
import { createVault, type Vault } from './vault.ts'
import { decodeBlob, encodeBlob } from './vaultBlob.ts'
import type { VaultBox } from './vaultBox.ts'
import { webRandom } from './webRandom.ts'

/** Node has neither IndexedDB nor passkeys: both run for real in e2e/storage. */
function memoryBox(): VaultBox & { content: Uint8Array | undefined; failure: Error | undefined } {
  return {
    content: undefined,
    failure: undefined,
    read() {
      return this.failure ? Promise.reject(this.failure) : Promise.resolve(this.content)
    },
    write(blob) {
      if (this.failure) return Promise.reject(this.failure)
      this.content = blob
      return Promise.resolve()
    },
    erase() {
      this.content = undefined
      return Promise.resolve()
    },
  }
}

/** The least that the format admits. */
const quickKdf = { memoryKib: 19_456, iterations: 1, parallelism: 1 }

const noPasskeys: Passkeys = {
  offered: () => Promise.resolve(false),
  create: () => Promise.resolve(err({ code: 'PASSKEY_UNSUPPORTED' })),
  secret: () => Promise.resolve(err({ code: 'PASSKEY_UNSUPPORTED' })),
}

const passphrase = 'correct horse battery staple'
const backupPassphrase = 'another one for the file'
const unlock = { kind: 'passphrase', passphrase } as const

function vaultIn(box: VaultBox): Vault {
  return createVault({ box, passkeys: noPasskeys, random: webRandom, kdf: quickKdf })
}

const box = memoryBox()
let keys: KeySet
let file: Uint8Array

beforeAll(async () => {
  const created = await vaultIn(box).create(unlock)
  if (!created.ok) throw new Error(created.error.code)
  keys = created.value
  const backup = await vaultIn(box).backup(keys, backupPassphrase)
  if (!backup.ok) throw new Error(backup.error.code)
  file = backup.value
})

describe('SIG-1: the vault of a profile', () => {
  it('is what the page expects', () => {
    const vault: VaultOfApp = vaultIn(memoryBox())
    expect(vault).toBeDefined()
  })

  it('opens with its passphrase, however the keyboard composed it', async () => {
    expect(await vaultIn(box).open(unlock)).toEqual(ok(keys))
    expect(await vaultIn(box).lock()).toBe('passphrase')
    const composed = memoryBox()
    const created = await vaultIn(composed).create({
      kind: 'passphrase',
      passphrase: `${'Ä'.repeat(7)}bcdefgh`,
    })
    const opened = await vaultIn(composed).open({
      kind: 'passphrase',
      passphrase: `${'A\u0308'.repeat(7)}bcdefgh`,
    })
    expect(opened).toEqual(created)
  })

  it('does not open with another passphrase', async () => {
    const wrong = { kind: 'passphrase', passphrase: 'correct horse battery stapler' } as const
    expect(await vaultIn(box).open(wrong)).toEqual(err({ code: 'PASSPHRASE_WRONG' }))
  })

  it('shows no secret of it', () => {
    const content = Buffer.from(box.content ?? new Uint8Array(0))
    for (const secret of [keys.identitySeed, keys.vrfSeed, keys.networkSeed, keys.proofSecret]) {
      expect(content.includes(Buffer.from(secret))).toBe(false)
    }
  })

  it('tells damage from a wrong passphrase, wherever it is', async () => {
    const whole = box.content ?? new Uint8Array(0)
    for (let at = 0; at < whole.length; at += 7) {
      const damaged = memoryBox()
      damaged.content = whole.slice()
      damaged.content[at] = (whole[at] ?? 0) ^ 1
      expect(await vaultIn(damaged).open(unlock), `byte ${String(at)}`).toEqual(
        err({ code: 'VAULT_CORRUPT' }),
      )
    }
  })

  it('is made once, and says when there is none', async () => {
    expect(await vaultIn(box).create(unlock)).toEqual(err({ code: 'VAULT_EXISTS' }))
    const empty = memoryBox()
    expect(await vaultIn(empty).open(unlock)).toEqual(err({ code: 'VAULT_MISSING' }))
    expect(await vaultIn(empty).lock()).toBeUndefined()
  })

  it('takes no weak passphrase', async () => {
    for (const weak of ['', 'short', 'eleven char', 'aaaaaaaaaaaaaaaaaaaa']) {
      expect(isPassphraseWeak(weak)).toBe(true)
      const created = await vaultIn(memoryBox()).create({ kind: 'passphrase', passphrase: weak })
      expect(created).toEqual(err({ code: 'PASSPHRASE_WEAK' }))
    }
    expect(isPassphraseWeak('four random words')).toBe(false)
  })

  it('takes a new passphrase in place of the old', async () => {
    const own = memoryBox()
    own.content = box.content
    const added = { kind: 'passphrase', passphrase: 'a quite different one' } as const
    expect(await vaultIn(own).addLock(unlock, added)).toEqual(ok(undefined))
    expect(await vaultIn(own).open(added)).toEqual(ok(keys))
    expect(await vaultIn(own).open(unlock)).toEqual(err({ code: 'PASSPHRASE_WRONG' }))
  })

  it('has a code for storage that refuses', async () => {
    const full = memoryBox()
    full.failure = new DOMException('no room', 'QuotaExceededError')
    expect(await vaultIn(full).create(unlock)).toEqual(err({ code: 'STORAGE_FULL' }))
    full.failure = new DOMException('not allowed', 'SecurityError')
    expect(await vaultIn(full).open(unlock)).toEqual(err({ code: 'STORAGE_BLOCKED' }))
  })

  it('derives keys at least as slowly as OWASP asks', () => {
    expect(passphraseKdf.memoryKib).toBeGreaterThanOrEqual(19_456)
    expect(passphraseKdf.iterations).toBeGreaterThanOrEqual(2)
  })
})

describe('BFT-10: the backup of a vault', () => {
  it('restores the same keys into an empty profile', async () => {
    const other = memoryBox()
    expect(await vaultIn(other).restore(file, backupPassphrase, unlock)).toEqual(ok(keys))
    expect(await vaultIn(other).open(unlock)).toEqual(ok(keys))
    expect(await vaultIn(other).restore(file, backupPassphrase, unlock)).toEqual(
      err({ code: 'VAULT_EXISTS' }),
    )
  })

  it('keeps the enrolment, so that a restored validator can prove at once', async () => {
    const enrolled = { ...keys, enrolment: Uint8Array.of(1, 2, 3) }
    const backup = await vaultIn(box).backup(enrolled, backupPassphrase)
    if (!backup.ok) throw new Error(backup.error.code)
    const checked = await vaultIn(box).checkBackup(backup.value, backupPassphrase, enrolled)
    expect(checked).toEqual(ok(undefined))
    expect(await vaultIn(box).checkBackup(backup.value, backupPassphrase, keys)).toEqual(
      err({ code: 'BACKUP_OTHER_ACCOUNT' }),
    )
  })

  it('is refused with a wrong passphrase and for another account', async () => {
    const vault = vaultIn(box)
    expect(await vault.checkBackup(file, passphrase, keys)).toEqual(
      err({ code: 'PASSPHRASE_WRONG' }),
    )
    const other = { ...keys, vrfSeed: new Uint8Array(32) }
    expect(await vault.checkBackup(file, backupPassphrase, other)).toEqual(
      err({ code: 'BACKUP_OTHER_ACCOUNT' }),
    )
  })

  it('is refused when it is damaged, cut, too long or no backup', async () => {
    const vault = vaultIn(box)
    const check = (bytes: Uint8Array): Promise<unknown> =>
      vault.checkBackup(bytes, backupPassphrase, keys)
    const corrupt = err({ code: 'BACKUP_CORRUPT' })
    const damaged = file.slice()
    damaged[60] = (damaged[60] ?? 0) ^ 1
    for (const bytes of [
      damaged,
      file.subarray(0, file.length - 1),
      new Uint8Array([...file, 0]),
      new Uint8Array(0),
      new Uint8Array(100_000),
      new TextEncoder().encode('{"not":"a backup"}'),
      box.content ?? new Uint8Array(0),
    ]) {
      expect(await check(bytes)).toEqual(corrupt)
    }
  })

  it('of a newer version says so', async () => {
    const { hash } = await import('../../core/crypto/hash.ts')
    const newer = file.slice(0, file.length - 32)
    newer[8] = 2
    const bytes = new Uint8Array([...newer, ...hash('keyFile', newer)])
    expect(await vaultIn(box).checkBackup(bytes, backupPassphrase, keys)).toEqual(
      err({ code: 'BACKUP_VERSION' }),
    )
  })
})

describe('SIG-1: the format of vault and backup', () => {
  it('answers on any bytes and reads back one way only', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(decodeBlob(bytes).ok).toBe(false)
      }),
    )
    const blob = decodeBlob(file)
    if (!blob.ok) throw new Error(blob.error.code)
    expect(encodeBlob(blob.value)).toEqual(file)
  })

  it('refuses parameters that would stop this device', () => {
    const blob = decodeBlob(file)
    if (!blob.ok) throw new Error(blob.error.code)
    const [first] = blob.value.locks
    if (first?.lock.type !== 'passphrase') throw new Error('no passphrase lock')
    for (const kdf of [
      { ...passphraseKdf, memoryKib: 4_194_304 },
      { ...passphraseKdf, memoryKib: 8 },
      { ...passphraseKdf, iterations: 100_000 },
      { ...passphraseKdf, parallelism: 0 },
    ]) {
      const locks = [{ ...first, lock: { ...first.lock, kdf } }]
      expect(decodeBlob(encodeBlob({ ...blob.value, locks }))).toEqual(
        err({ code: 'BLOB_CORRUPT' }),
      )
    }
  })
})
