/** What can go wrong with keys; `src/app/words.ts` holds a sentence and a next step for each. */

export type VaultErrorCode =
  | 'PASSPHRASE_WRONG'
  | 'PASSPHRASE_WEAK'
  | 'PASSKEY_CANCELLED'
  | 'PASSKEY_UNSUPPORTED'
  | 'PASSKEY_FAILED'
  | 'BACKUP_CORRUPT'
  | 'BACKUP_VERSION'
  | 'BACKUP_OTHER_ACCOUNT'
  | 'VAULT_MISSING'
  | 'VAULT_CORRUPT'
  | 'VAULT_EXISTS'
  | 'STORAGE_FULL'
  | 'STORAGE_BLOCKED'
  | 'CRYPTO_UNSUPPORTED'

export interface VaultError {
  readonly code: VaultErrorCode
}
