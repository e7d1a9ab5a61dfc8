/** Answers about hashes, keys derived by them, and sealed secrets. */

import { expand, extract } from '@noble/hashes/hkdf.js'
import { sha256, sha512 } from '@noble/hashes/sha2.js'
import { decrypt } from '../../../src/adapters/keys/vaultCrypto.ts'
import { concat, hex } from '../../../src/core/base/bytes.ts'
import { seal, unseal } from '../../../src/core/crypto/seal.ts'
import type { Question } from './stated.ts'
import { vectorBytes } from './vectorBytes.ts'

const empty = new Uint8Array(0)

type Hash = (message: Uint8Array) => Uint8Array

/** `undefined` when the question is about something else. */
export async function hashAnswer(question: Question): Promise<string | undefined> {
  const [first = empty, second = empty, third = empty, fourth = empty] =
    question.values.map(vectorBytes)
  switch (question.what) {
    case 'sha256':
      return hex(sha256(first))
    case 'sha512':
      return hex(sha512(first))
    case 'sha256Chain':
      return chainOf(sha256, first)
    case 'sha512Chain':
      return chainOf(sha512, first)
    case 'hmac':
      // The extracting step of HKDF is HMAC with the salt as its key.
      return String(hex(extract(sha256, second, first).subarray(0, third.length)) === hex(third))
    case 'hkdf':
      return derived(first, second, third, question.length ?? 0)
    case 'seal':
      return hex(seal(first, second, fourth, third))
    case 'unseal':
      return opened(first, second, third, fourth)
    default:
      return undefined
  }
}

/** A hundred digests of a thousand steps each, over messages as long as the seed (ACVP, MCT). */
function chainOf(hash: Hash, seed: Uint8Array): string {
  const digests: string[] = []
  let start = seed
  for (let outer = 0; outer < 100; outer += 1) {
    let [before, middle, last] = [start, start, start]
    for (let inner = 0; inner < 1000; inner += 1) {
      const message = new Uint8Array(seed.length)
      message.set(concat(before, middle, last).subarray(0, seed.length))
      ;[before, middle, last] = [middle, last, hash(message)]
    }
    start = last
    digests.push(hex(last))
  }
  return digests.join(' ')
}

function derived(material: Uint8Array, salt: Uint8Array, info: Uint8Array, length: number): string {
  try {
    return hex(expand(sha256, extract(sha256, material, salt), info, length))
  } catch {
    return 'refused'
  }
}

/** By the core and by the platform, as the vault asks it. */
async function opened(
  key: Uint8Array,
  nonce: Uint8Array,
  context: Uint8Array,
  bytes: Uint8Array,
): Promise<string> {
  const core = textOf(unseal(key, concat(nonce, bytes), context))
  const platform = textOf(await decrypt(key, { nonce, bytes }, context))
  return core === platform ? core : `${core} or ${platform}`
}

function textOf(secret: Uint8Array | undefined): string {
  return secret === undefined ? 'refused' : hex(secret)
}
