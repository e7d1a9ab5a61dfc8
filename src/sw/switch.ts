/** A new version may take over only while no tab signs: the signer's Web Lock says so (UX-5). */

import { signerLockName } from '../app/signerLock.ts'

export async function maySwitch(): Promise<boolean> {
  const { held } = await navigator.locks.query()
  return held?.every(({ name }) => name !== signerLockName) ?? true
}
