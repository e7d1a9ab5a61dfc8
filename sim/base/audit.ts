/**
 * The running hash over everything that nodes were told and ordered (DET-1): two runs that end with
 * the same hash were the same run, message by message, in whatever engine.
 */
import { blake3 } from '@noble/hashes/blake3.js'
import type { Effect, Input } from '../../src/core/bft/types.ts'
import { hex, utf8 } from '../../src/core/base/bytes.ts'

export class Audit {
  readonly #hash = blake3.create({ context: utf8('emotionalchain/v1/audit') })
  #steps = 0

  get steps(): number {
    return this.#steps
  }

  add(node: number, input: Input, effects: readonly Effect[]): void {
    this.#steps += 1
    const parts = effects.map(textOfEffect)
    this.#hash.update(utf8(`${String(node)} ${textOfInput(input)} ${parts.join(',')}\n`))
  }

  digest(): string {
    return hex(this.#hash.clone().digest())
  }
}

const short = (bytes: Uint8Array): string => hex(bytes.subarray(0, 8))

function textOfInput(input: Input): string {
  const at = `${input.type}@${String(input.nowMs)}`
  switch (input.type) {
    case 'proposal':
      return `${at}:${short(input.proposal.signature)}`
    case 'vote':
      return `${at}:${input.vote.kind}:${String(input.vote.seat)}:${short(input.vote.signature)}`
    case 'certificate':
      return `${at}:${input.certificate.kind}:${short(input.certificate.signature)}`
    case 'checked':
      return `${at}:${short(input.hash)}:${String(input.valid)}`
    case 'recoverAnswer':
      return `${at}:${String(input.seat)}:${String(input.votes.length)}`
    default:
      return at
  }
}

function textOfEffect(effect: Effect): string {
  switch (effect.type) {
    case 'persist':
      return `persist:${String(effect.sequence)}:${String(effect.record.length)}`
    case 'sendProposal':
      return `proposal:${short(effect.proposal.signature)}`
    case 'sendVote':
      return `vote:${effect.vote.kind}:${short(effect.vote.signature)}`
    case 'sendCertificate':
      return `certificate:${effect.certificate.kind}:${short(effect.certificate.signature)}`
    case 'final':
      return `final:${short(effect.certificate.block)}:${String(effect.nodes.length)}`
    case 'wake':
      return `wake:${String(effect.atMs)}`
    case 'evidence':
      return `evidence:${effect.contradiction.kind}:${String(effect.contradiction.seat)}`
    default:
      return effect.type
  }
}
