/** What the primitives say to a question, in Node and in a page alike. */

import { ed25519 } from '@noble/curves/ed25519.js'
import { loadBlsWasm } from '../../../src/adapters/crypto/blsWasm.ts'
import { hex, utf8 } from '../../../src/core/base/bytes.ts'
import { blsSignatureDst, type BlsBackend } from '../../../src/core/crypto/bls.ts'
import { blsNoble } from '../../../src/core/crypto/blsNoble.ts'
import { blsSecretFromSeed } from '../../../src/core/crypto/blsSecret.ts'
import { ed25519PublicKey, ed25519Sign, ed25519Verify } from '../../../src/core/crypto/ed25519.ts'
import { mlDsa87Keys, mlDsa87Verify } from '../../../src/core/crypto/mlDsa87.ts'
import {
  hashInDomain,
  mclInDomain,
  nobleInDomain,
  verifiesInDomain,
  type BlsInDomain,
} from './blsInDomain.ts'
import { hashAnswer } from './hashAnswer.ts'
import type { Question } from './stated.ts'
import { vectorBytes } from './vectorBytes.ts'

const empty = new Uint8Array(0)

/** `further` are backends of this platform alone. */
export async function createAnswers(
  further: readonly BlsBackend[],
): Promise<(questions: readonly Question[]) => Promise<readonly string[]>> {
  const wasm = await loadBlsWasm()
  const backends = [blsNoble, wasm, ...further]
  const inDomain = [
    [blsNoble, nobleInDomain],
    [wasm, mclInDomain],
  ] as const
  return async (questions) => {
    const answers: string[] = []
    for (const question of questions) {
      answers.push(
        (await hashAnswer(question)) ??
          signatureAnswer(question) ??
          answerInDomain(inDomain, question) ??
          blsAnswer(backends, question),
      )
    }
    return answers
  }
}

function signatureAnswer(question: Question): string | undefined {
  const [first = empty, second = empty, third = empty] = question.values.map(vectorBytes)
  switch (question.what) {
    case 'ed25519':
      return String(ed25519Verify(first, second, third))
    case 'ed25519Sign':
      return `${hex(ed25519PublicKey(first))} ${hex(ed25519Sign(first, second))}`
    case 'ed25519Key':
      return String(isKeyOf(first, second))
    case 'mlDsa87':
      return String(mlDsa87Verify(first, second, third))
    case 'mlDsa87Keys': {
      const { publicKey, secretKey } = mlDsa87Keys(first)
      return `${hex(publicKey)} ${hex(secretKey)}`
    }
    case 'blsSecret':
      return hex(blsSecretFromSeed(first))
    default:
      return undefined
  }
}

/** A point as ZIP-215 reads it, and the one that the seed signs for. */
function isKeyOf(seed: Uint8Array, key: Uint8Array): boolean {
  try {
    ed25519.Point.fromBytes(key, true)
  } catch {
    return false
  }
  const message = utf8('whose key')
  return ed25519Verify(ed25519Sign(seed, message), message, key)
}

/** The one answer of all, or all of them, which no vector states. */
function agreed<T>(question: Question, all: readonly T[], ask: (one: T) => string): string {
  const answers = new Set(all.map(ask))
  const [only = ''] = answers
  return answers.size === 1 ? only : `${question.what}: ${[...answers].join(' or ')}`
}

function blsAnswer(backends: readonly BlsBackend[], question: Question): string {
  const [first = empty, second = empty, third = empty] = question.values.map(vectorBytes)
  const many = (question.list ?? []).map(vectorBytes)
  return agreed(question, backends, (backend) => {
    switch (question.what) {
      case 'blsSign':
        return hex(backend.sign(first, second))
      case 'blsVerify':
        return String(backend.verify(first, second, third))
      case 'blsFastAggregateVerify':
        return String(backend.fastAggregateVerify(many, first, second))
      case 'blsHashIn':
        return hashedBy(backend, question.domain ?? '', first)
      case 'blsAggregate':
        return hex(backend.aggregateSignatures(many) ?? empty)
      default:
        throw new Error(`nobody answers ${question.what}`)
    }
  })
}

/**
 * The reference's hash in the vector's domain, of a backend that hashes the message as the
 * reference does in ours, where a signature by the secret one is the point itself.
 */
function hashedBy(backend: BlsBackend, domain: string, message: Uint8Array): string {
  const one = Uint8Array.of(...new Uint8Array(31), 1)
  const [ours, reference] = [backend.sign(one, message), hashInDomain(blsSignatureDst, message)]
  if (hex(ours) !== hex(reference)) return `${backend.name} hashes otherwise`
  return hex(hashInDomain(domain, message))
}

function answerInDomain(
  backends: readonly (readonly [BlsBackend, BlsInDomain])[],
  question: Question,
): string | undefined {
  const { domain } = question
  if (domain === undefined || question.what === 'blsHashIn') return undefined
  const [first = empty, second = empty, third = empty] = question.values.map(vectorBytes)
  return agreed(question, backends, (one) => {
    switch (question.what) {
      case 'blsSignIn':
        return hex(one[1].sign(domain, first, second))
      case 'blsVerifyIn':
        return String(verifiesInDomain(one, domain, [first, second, third]))
      default:
        throw new Error(`nobody answers ${question.what} in a domain`)
    }
  })
}
