/**
 * One signer a profile (BFT-10): an exclusive Web Lock. The platform gives it back when the tab
 * that holds it is closed or dies. It is never stolen: a second tab is told so and may wait in
 * line.
 */

import { err, ok, type Result } from '../../core/base/result.ts'

export const signerLockName = 'emo-signer'

export interface SignerLock {
  /** Gives the lock to whoever waits for it. */
  release(): void
  /** Resolves when the lock is no longer held, also when other code of this origin stole it. */
  readonly ended: Promise<void>
}

export type SignerLockError =
  /** Another tab of this profile signs. Follow read-only, or wait for it to close. */
  | { readonly code: 'SIGNER_ELSEWHERE' }
  /** No Web Locks here (an insecure context): nothing may sign. */
  | { readonly code: 'SIGNER_LOCK_UNSUPPORTED' }

/** Takes the lock if it is free, and answers at once. */
export function takeSignerLock(): Promise<Result<SignerLock, SignerLockError>> {
  return request({ ifAvailable: true })
}

/** Waits until the lock is free; `signal` gives up waiting (rejects with its reason). */
export function waitForSignerLock(
  signal: AbortSignal,
): Promise<Result<SignerLock, SignerLockError>> {
  return request({ signal })
}

function request(options: LockOptions): Promise<Result<SignerLock, SignerLockError>> {
  // Insecure contexts lack what the types promise.
  const locks = navigator.locks as LockManager | undefined
  if (locks === undefined) return Promise.resolve(err({ code: 'SIGNER_LOCK_UNSUPPORTED' }))
  return new Promise((resolve, reject) => {
    const { promise: releasing, resolve: release } = withResolvers()
    const held = withResolvers()
    locks
      .request(signerLockName, { ...options, mode: 'exclusive' }, (lock) => {
        if (lock === null) {
          resolve(err({ code: 'SIGNER_ELSEWHERE' }))
          return undefined
        }
        resolve(ok({ release, ended: held.promise }))
        return releasing
      })
      .then(held.resolve, (error: unknown) => {
        held.resolve()
        reject(error instanceof Error ? error : new Error(String(error)))
      })
  })
}

function withResolvers(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => undefined
  const promise = new Promise<void>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}
