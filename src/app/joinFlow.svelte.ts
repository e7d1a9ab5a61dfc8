/** The way from a visitor to a validator: keys, backup, consent, sensor, rest, bond. */

import type { Result } from '../core/base/result.ts'
import type { UnlockedKeys } from '../node/api.ts'
import type { VaultError } from '../ports/vaultError.ts'
import { consentVersion } from './consent.ts'
import { nextJoinStep } from './joinSteps.ts'
import type { Page } from './page.svelte.ts'
import type { Unlock, Vault } from './services.ts'
import { vaultWords, type Words } from './words.ts'

export class JoinFlow {
  readonly #page: Page
  /** Held from unlocking until the backup is checked, so that it need not be unlocked twice. */
  #keys = $state.raw<UnlockedKeys | undefined>()
  #problem = $state.raw<Words | undefined>()
  #busy = $state(false)
  #passkeyOffered = $state.raw<boolean | undefined>()
  #backedUp = $state(false)
  #consented = $state(false)
  /** Consent was sent again, and is on its way into a block. */
  #granted = $state(false)

  /** On chain, here or on another device (PRIV-4). */
  readonly #isRevoked = $derived.by(() => this.#page.snapshot?.account?.consentVersion === 0)
  readonly #isUnbonded = $derived.by(() => {
    const duty = this.#page.snapshot?.duty
    return duty?.state === 'absent' && duty.reason === 'UNBONDED'
  })

  constructor(page: Page) {
    this.#page = page
    this.#backedUp = page.services.memory.get('backup') === 'checked'
    this.#consented = page.services.memory.get('consent') === String(consentVersion)
    void page
      .vault()
      .then((vault) => vault.passkeyOffered())
      .then((offered) => {
        this.#passkeyOffered = offered
      })
  }

  readonly step = $derived.by(() =>
    nextJoinStep({
      unlocked: this.#page.vaultState === 'unlocked',
      backedUp: this.#backedUp,
      consented: this.#consented && (!this.#isRevoked || this.#granted),
      sensorChosen: this.#page.sensor.kind !== undefined,
      sensorLive: this.#page.sensor.live,
      baseline: this.#page.snapshot?.baseline.state ?? 'none',
      duty: this.#page.snapshot?.duty.state,
      bonded: !this.#isUnbonded,
    }),
  )

  get keys(): UnlockedKeys | undefined {
    return this.#keys
  }

  get problem(): Words | undefined {
    return this.#problem
  }

  get busy(): boolean {
    return this.#busy
  }

  get passkeyOffered(): boolean | undefined {
    return this.#passkeyOffered
  }

  create(unlock: Unlock): Promise<boolean> {
    return this.#take(unlock, (vault) => vault.create(unlock))
  }

  open(unlock: Unlock): Promise<boolean> {
    return this.#take(unlock, (vault) => vault.open(unlock))
  }

  async restore(file: Uint8Array, passphrase: string, unlock: Unlock): Promise<boolean> {
    const taken = await this.#take(unlock, (vault) => vault.restore(file, passphrase, unlock))
    // What was just restored from a file has a backup.
    if (taken) this.#rememberBackup()
    return taken
  }

  /** The bytes of the file to save; `undefined` with words when it could not be made. */
  async makeBackup(passphrase: string): Promise<Uint8Array | undefined> {
    const keys = this.#keys
    if (keys === undefined) return undefined
    return this.#try((vault) => vault.backup(keys, passphrase))
  }

  async checkBackup(file: Uint8Array, passphrase: string): Promise<boolean> {
    const keys = this.#keys
    if (keys === undefined) return false
    await this.#try((vault) => vault.checkBackup(file, passphrase, keys))
    if (this.#problem !== undefined) return false
    this.#rememberBackup()
    return true
  }

  async consent(): Promise<void> {
    if (this.#isRevoked) {
      this.#busy = true
      this.#granted = await this.#page.command({ type: 'consent', version: consentVersion })
      this.#busy = false
      if (!this.#granted) return
    }
    this.#consented = true
    this.#page.services.memory.set('consent', String(consentVersion))
    void this.#page.services.storage.persist()
  }

  async bond(): Promise<void> {
    this.#busy = true
    await this.#page.command({ type: 'becomeValidator', consentVersion })
    this.#busy = false
  }

  clearProblem(): void {
    this.#problem = undefined
  }

  #rememberBackup(): void {
    this.#backedUp = true
    this.#keys = undefined
    this.#page.services.memory.set('backup', 'checked')
  }

  async #take(
    unlock: Unlock,
    open: (vault: Vault) => Promise<Result<UnlockedKeys, VaultError>>,
  ): Promise<boolean> {
    const keys = await this.#try(open)
    if (keys === undefined) return false
    this.#keys = keys
    this.#busy = true
    const used = await this.#page.useKeys(keys, unlock.kind)
    this.#busy = false
    return used
  }

  async #try<T>(act: (vault: Vault) => Promise<Result<T, VaultError>>): Promise<T | undefined> {
    if (this.#busy) return undefined
    this.#busy = true
    this.#problem = undefined
    const result = await act(await this.#page.vault())
    this.#busy = false
    if (result.ok) return result.value
    this.#problem = vaultWords[result.error.code]
    return undefined
  }
}
