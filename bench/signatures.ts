/**
 * Our batch verifier of Ed25519 against @noble/curves and the platform's (SIG-1), on one thread and
 * in turns: processor time for each signature of 32 bytes, the size of a transaction's id.
 *
 * Every signature is from a key of its own, the worst case. "one bad" and "all bad" are what the
 * halving of a batch costs. node:crypto decides by other rules than ZIP-215, so no node may use it;
 * it shows what native code does. The first runs, on cold code, are not in the median.
 */

import { createPublicKey, verify, type KeyObject } from 'node:crypto'
import { webRandom } from '../src/adapters/keys/webRandom.ts'
import { ed25519PublicKey, ed25519Sign, ed25519Verify } from '../src/core/crypto/ed25519.ts'
import type { SignatureItem } from '../src/ports/signatureVerifier.ts'
import { BatchVerifier } from '../workers/signatures/batch/batchVerifier.ts'
import type { Bench } from './bench.ts'
import { machineNow } from './machine.ts'
import { measured, medianOf } from './measure.ts'

interface Subject {
  readonly name: string
  /** Verified in one run. */
  readonly count: number
  readonly perform: () => void
}

const batchCount = 1024
const warmUps = 3

export const benchSignatures: Bench = async ({ runs }) => {
  const before = machineNow()
  const subjects = subjectsOf(makeItems(batchCount))
  const each = subjects.map((): number[] => [])
  for (let run = -warmUps; run < runs; run += 1) {
    for (const [index, { count, perform }] of subjects.entries()) {
      const { cpuMs } = await measured(() => {
        perform()
        return Promise.resolve()
      })
      if (run >= 0) each[index]?.push((cpuMs * 1000) / count)
    }
  }
  const rows = subjects.map(({ name, count }, index) => {
    const cpuUs = each[index] ?? []
    const medianCpuUs = medianOf(cpuUs)
    return { name, count, cpuUs, medianCpuUs, perSecond: 1e6 / medianCpuUs }
  })
  const after = machineNow()
  return {
    data: { bench: 'signatures', machine: before, loadAverageAfter: after.loadAverage, rows },
    table: [
      `${before.cpu}, ${before.coreCount} cores, node ${before.node}`,
      `load before ${text(before.loadAverage)}, after ${text(after.loadAverage)}`,
      `${'verifier'.padEnd(26)}${cells(['median cpu', 'least', 'per second'])}`,
      ...rows.map(({ name, cpuUs, medianCpuUs, perSecond }) => {
        const times = [medianCpuUs, Math.min(...cpuUs)].map((us) => `${us.toFixed(1)} µs`)
        return name.padEnd(26) + cells([...times, perSecond.toFixed(0)])
      }),
      `processor time for each signature, one thread (${runs} runs each, in turns)`,
    ],
  }
}

function subjectsOf(items: readonly SignatureItem[]): readonly Subject[] {
  const verifier = new BatchVerifier(webRandom)
  const wrong = items.map((item) => ({ ...item, message: new Uint8Array(1) }))
  const oneBad = [...wrong.slice(0, 1), ...items.slice(1)]
  const ours = (name: string, batch: readonly SignatureItem[], validCount: number): Subject => ({
    name: `ours, ${name}`,
    count: batch.length,
    perform: () => {
      expectCount(verifier.verify(batch).filter(Boolean).length, validCount)
    },
  })
  // Single ones many times, because the clock of a processor's time is coarse.
  const singles = items.slice(0, 64)
  const nativeKeys = singles.map(({ publicKey }) => nativeKeyOf(publicKey))
  const one = (
    name: string,
    isValid: (item: SignatureItem, index: number) => boolean,
  ): Subject => ({
    name,
    count: singles.length,
    perform: () => {
      expectCount(singles.filter(isValid).length, singles.length)
    },
  })
  return [
    one('ours, batch of 1', (item) => verifier.verify([item])[0] === true),
    ours('batch of 64', items.slice(0, 64), 64),
    ours('batch of 512', items.slice(0, 512), 512),
    ours('batch of 1024', items, batchCount),
    ours('1024 with one bad', oneBad, batchCount - 1),
    ours('1024 all bad', wrong, 0),
    one('@noble/curves', ({ signature, message, publicKey }) =>
      ed25519Verify(signature, message, publicKey),
    ),
    one('node:crypto', ({ signature, message }, index) => {
      const key = nativeKeys[index]
      return key !== undefined && verify(null, message, key, signature)
    }),
  ]
}

function makeItems(count: number): readonly SignatureItem[] {
  return Array.from({ length: count }, () => {
    const [seed, message] = [webRandom.bytes(32), webRandom.bytes(32)]
    return { publicKey: ed25519PublicKey(seed), message, signature: ed25519Sign(seed, message) }
  })
}

function nativeKeyOf(publicKey: Uint8Array): KeyObject {
  const x = Buffer.from(publicKey).toString('base64url')
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
}

function expectCount(valid: number, expected: number): void {
  if (valid !== expected) throw new Error(`${valid} signatures are valid, not ${expected}`)
}

function cells(values: readonly string[]): string {
  return values.map((value) => value.padStart(13)).join('')
}

function text(loadAverage: readonly number[]): string {
  return loadAverage.map((load) => load.toFixed(1)).join(' ')
}
