/** Nodes on one thread judge the same objects: each is judged once for all, by the real rules. */
import { hex } from '../../core/base/bytes.ts'
import { Deal, DealOpening, DealShares } from '../../core/codec/sharing.ts'
import type { SharingObject } from '../../core/ledger/sharing/question.ts'
import type { SharingCrypto } from './crypto.ts'

export function judgedOnce(work: SharingCrypto): SharingCrypto {
  const answers = new Map<string, Promise<boolean>>()
  return {
    ...work,
    judge: (input, object) => {
      const deal = hex(Deal.encode(object.deal))
      const key = `${hex(input.committeeRoot)} ${deal} ${hex(bytesOf(object))}`
      const answer = answers.get(key) ?? work.judge(input, object)
      answers.set(key, answer)
      return answer
    },
  }
}

function bytesOf(object: SharingObject): Uint8Array {
  if (object.kind === 'deal') return Deal.encode(object.deal)
  if (object.kind === 'opening') return DealOpening.encode(object.opening)
  return DealShares.encode(object.shares)
}
