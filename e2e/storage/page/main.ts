/** Storage in a worker, the lock and the vault in the window, as the product places them. */

import { createPasskeys } from '../../../src/adapters/keys/passkey.ts'
import { createVault } from '../../../src/adapters/keys/vault.ts'
import { createVaultBox } from '../../../src/adapters/keys/vaultBox.ts'
import { webRandom } from '../../../src/adapters/keys/webRandom.ts'
import { createRecordingDatabase } from '../../../src/adapters/recordings/recordingDatabase.ts'
import { createRecordings } from '../../../src/adapters/recordings/recordings.ts'
import { BrowserStorage } from '../../../src/app/browser/storage.ts'
import { openOriginFile } from '../../../src/adapters/storage/originFile.ts'
import {
  signerLockName,
  takeSignerLock,
  waitForSignerLock,
  type SignerLock,
} from '../../../src/adapters/storage/signerLock.ts'
import { argon2idInWorker } from '../../../src/adapters/keys/argon2idInWorker.ts'
import type { Answer, FromWorker, Request } from './protocol.ts'

const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
const waiting = new Map<number, (answer: Answer) => void>()
const violations: string[] = []
const lost: string[] = []
let acknowledged = 0
let nextId = 0
let lock: SignerLock | undefined
let lockEnded = false

document.addEventListener('securitypolicyviolation', (event) => {
  violations.push(`${event.effectiveDirective} ${event.blockedURI}`)
})

worker.addEventListener('message', (event: MessageEvent<FromWorker>) => {
  const message = event.data
  if ('acknowledged' in message) acknowledged = message.acknowledged
  else if ('lost' in message) lost.push(message.lost)
  else waiting.get(message.id)?.(message.answer)
})

function hold(taken: SignerLock): void {
  lock = taken
  lockEnded = false
  void taken.ended.then(() => {
    lockEnded = true
  })
}

export const harness = {
  violations,
  lost,
  vault: createVault({
    box: createVaultBox(openOriginFile),
    passkeys: createPasskeys(webRandom),
    random: webRandom,
    stretch: argon2idInWorker,
  }),
  recordings: createRecordings(createRecordingDatabase(), webRandom),
  eraseAll: () => new BrowserStorage().eraseAll(),
  acknowledged: (): number => acknowledged,
  ask(request: Request): Promise<Answer> {
    nextId += 1
    const id = nextId
    return new Promise((resolve) => {
      waiting.set(id, resolve)
      worker.postMessage({ id, request })
    })
  },
  async takeLock(): Promise<string> {
    const taken = await takeSignerLock()
    if (taken.ok) hold(taken.value)
    return taken.ok ? 'held' : taken.error.code
  },
  async waitForLock(): Promise<string> {
    const taken = await waitForSignerLock(new AbortController().signal)
    if (taken.ok) hold(taken.value)
    return taken.ok ? 'held' : taken.error.code
  },
  releaseLock(): void {
    lock?.release()
  },
  lockEnded: (): boolean => lockEnded,
  /** What our own code never does. */
  async stealLock(): Promise<void> {
    await navigator.locks.request(signerLockName, { steal: true }, () => undefined)
  },
}

Object.assign(globalThis, { harness })
