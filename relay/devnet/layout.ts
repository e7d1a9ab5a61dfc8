/**
 * Where a devnet keeps what belongs to it: `<data>/genesis.json`, the relay's data, one folder a
 * validator.
 */
import { join } from 'node:path'

export interface DevnetLayout {
  readonly root: string
  readonly genesis: string
  readonly relay: string
  readonly faucetKey: string
  readonly restartKey: string
  validator(index: number): ValidatorLayout
}

export interface ValidatorLayout {
  readonly folder: string
  readonly keyFile: string
  readonly store: string
}

export function devnetLayout(root: string): DevnetLayout {
  return {
    root,
    genesis: join(root, 'genesis.json'),
    relay: join(root, 'relay'),
    faucetKey: join(root, 'faucet.key'),
    restartKey: join(root, 'restart.key'),
    validator: (index) => {
      const folder = join(root, 'validators', String(index))
      return { folder, keyFile: join(folder, 'keys'), store: join(folder, 'store') }
    },
  }
}
