/**
 * What a sharing worker does with a task (BEACON-2 to BEACON-5): the functions of core, on the
 * group in WebAssembly. The tables of the keys of the last sharings are kept.
 */
import { hex } from '../../src/core/base/bytes.ts'
import { ok, type Result } from '../../src/core/base/result.ts'
import { createBoundedCache } from '../../src/core/crypto/boundedCache.ts'
import { decryptShares } from '../../src/core/crypto/pvss/decryptShares.ts'
import type { SharingError } from '../../src/core/crypto/pvss/errors.ts'
import { makeDeal } from '../../src/core/crypto/pvss/makeDeal.ts'
import { openDeal } from '../../src/core/crypto/pvss/openDeal.ts'
import { reconstruct } from '../../src/core/crypto/pvss/reconstruct.ts'
import {
  createSharing,
  type Sharing,
  type SharingInput,
} from '../../src/core/crypto/pvss/sharing.ts'
import { verifyDeal } from '../../src/core/crypto/pvss/verifyDeal.ts'
import { verifyOpening } from '../../src/core/crypto/pvss/verifyOpening.ts'
import { verifyShares } from '../../src/core/crypto/pvss/verifyShares.ts'
import { createWasmGroup } from './group/wasmGroup.ts'
import type { SharingTask } from './protocol.ts'

/** Of this epoch, the one before it and the next one; 21 keys are 200 kB of tables. */
const sharingsMax = 4

export class SharingEngine {
  readonly #group = createWasmGroup()
  readonly #sharings = createBoundedCache<Sharing>(sharingsMax)

  perform(task: SharingTask): Result<unknown, SharingError> {
    const sharing = this.#sharingOf(task.sharing)
    return sharing.ok ? ok(answer(task, sharing.value)) : sharing
  }

  #sharingOf(input: SharingInput): Result<Sharing, SharingError> {
    const name = nameOf(input)
    const known = this.#sharings.get(name)
    if (known !== undefined) return ok(known)
    const created = createSharing(input, this.#group)
    if (created.ok) this.#sharings.set(name, created.value)
    return created
  }
}

/** Exactly what was given, also where `createSharing` would refuse it. */
function nameOf({ chainId, epoch, committeeRoot, seats }: SharingInput): string {
  const list = seats.map(({ key, power }) => [hex(key), power])
  return JSON.stringify([chainId, epoch, hex(committeeRoot), list])
}

function answer(task: SharingTask, sharing: Sharing): unknown {
  switch (task.kind) {
    case 'makeDeal':
      return makeDeal(sharing, task.dealer, task.seed)
    case 'openDeal':
      return openDeal(sharing, task.dealer, task.seed)
    case 'verifyDeal':
      return verifyDeal(sharing, task.deal)
    case 'verifyOpening':
      return verifyOpening(task.deal, task.opening, sharing.group)
    case 'decryptShares':
      return decryptShares(sharing, task.deal, task.key)
    case 'verifyShares':
      return verifyShares(sharing, task.deal, task.shares)
    case 'reconstruct':
      return reconstruct(sharing, task.list)
  }
}
