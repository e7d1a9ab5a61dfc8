/** Gives the test the primitives as this browser computes them, over hexadecimal text. */
import { loadBlsWasm } from '../../../src/adapters/crypto/blsWasm.ts'
import { hex, unhex } from '../../../src/core/base/bytes.ts'
import type { BlsBackend } from '../../../src/core/crypto/bls.ts'
import { blsNoble } from '../../../src/core/crypto/blsNoble.ts'
import { ed25519Verify } from '../../../src/core/crypto/ed25519.ts'
import { mlDsa87Keys, mlDsa87Verify } from '../../../src/core/crypto/mlDsa87.ts'
import type { Question } from '../questions.ts'

function bytes(text: string): Uint8Array {
  const read = unhex(text)
  if (!read.ok) throw new Error('a vector is hexadecimal')
  return read.value
}

const backends: readonly BlsBackend[] = [blsNoble, await loadBlsWasm()]

function bls(question: Question, ask: (backend: BlsBackend) => string): string {
  const answers = new Set(backends.map(ask))
  const [only = ''] = answers
  return answers.size === 1 ? only : `${question.what}: ${[...answers].join(' or ')}`
}

function answer(question: Question): string {
  const [first = new Uint8Array(0), second = new Uint8Array(0), third = new Uint8Array(0)] =
    question.values.map(bytes)
  const many = (question.list ?? []).map(bytes)
  switch (question.what) {
    case 'ed25519':
      return String(ed25519Verify(first, second, third))
    case 'mlDsa87':
      return String(mlDsa87Verify(first, second, third))
    case 'mlDsa87Keys': {
      const { publicKey, secretKey } = mlDsa87Keys(first)
      return `${hex(publicKey)} ${hex(secretKey)}`
    }
    case 'blsSign':
      return bls(question, (backend) => hex(backend.sign(first, second)))
    case 'blsVerify':
      return bls(question, (backend) => String(backend.verify(first, second, third)))
    case 'blsFastAggregateVerify':
      return bls(question, (backend) => String(backend.fastAggregateVerify(many, first, second)))
    case 'blsAggregate':
      return bls(question, (backend) => hex(backend.aggregateSignatures(many) ?? new Uint8Array(0)))
  }
}

Object.assign(globalThis, {
  answers: (questions: readonly Question[]) => questions.map(answer),
})
