/**
 * Rogue-key aggregation (Ristenpart and Yilek, EUROCRYPT 2007): who may choose a key after seeing
 * those of others signs in their name, unless possession is proved (SIG-1).
 */
import { bls12_381 } from '@noble/curves/bls12-381.js'
import { beforeAll, describe, expect, it } from 'vitest'
import { hex, utf8 } from '../../core/base/bytes.ts'
import type { BlsBackend } from '../../core/crypto/bls.ts'
import { blsNoble } from '../../core/crypto/blsNoble.ts'
import { blsSecretFromSeed } from '../../core/crypto/blsSecret.ts'
import { blsBlst } from './blsBlst.ts'
import { loadBlsWasm } from './blsWasm.ts'

const { Point } = bls12_381.G1
const { Point: SignaturePoint } = bls12_381.G2
const secretOf = (seed: number): Uint8Array => blsSecretFromSeed(new Uint8Array(32).fill(seed))
const message = utf8('a vote that the victim never cast')
const victimSecret = secretOf(1)
const ownSecret = secretOf(2)

/** g^r less the victim's key: nobody knows its secret. */
const rogueKey = Point.fromBytes(blsNoble.publicKey(ownSecret))
  .subtract(Point.fromBytes(blsNoble.publicKey(victimSecret)))
  .toBytes()

const backends: BlsBackend[] = [blsNoble, blsBlst]

beforeAll(async () => {
  backends.push(await loadBlsWasm())
})

describe('a key that was made of the victim’s', () => {
  it('signs for both of them: what aggregates is safe only behind a proof of possession', () => {
    const forged = blsNoble.sign(ownSecret, message)
    const keys = [blsNoble.publicKey(victimSecret), rogueKey]
    for (const backend of backends) {
      expect(backend.isPublicKeyValid(rogueKey), backend.name).toBe(true)
      expect(backend.fastAggregateVerify(keys, message, forged), backend.name).toBe(true)
    }
  })

  it('has no proof of possession that can be made of what others showed', () => {
    const own = SignaturePoint.fromBytes(blsNoble.provePossession(ownSecret))
    const victims = SignaturePoint.fromBytes(blsNoble.provePossession(victimSecret))
    const tries = [own, victims, own.subtract(victims), own.add(victims), victims.negate()]
    const proofs = [
      ...tries.map((point) => point.toBytes()),
      // Over the very key, by the secret that the adversary has.
      blsNoble.sign(ownSecret, rogueKey),
    ]
    expect(new Set(proofs.map(hex)).size).toBe(proofs.length)
    for (const backend of backends) {
      for (const proof of proofs) {
        expect(backend.verifyPossession(rogueKey, proof), backend.name).toBe(false)
      }
    }
  })
})
