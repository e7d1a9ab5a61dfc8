/** What is asked of every circuit that has the clauses of emotional_proof and one of its own. */

import { describe, expect, it } from 'vitest'
import type { CircuitInput } from '../../src/core/emotion/statement.ts'
import type { CircuitName } from '../setup/paths.ts'
import { publicCountOf } from './proving.fixture.ts'
import { accepts, idleChecks } from './witness.fixture.ts'

interface Variant {
  readonly circuit: CircuitName
  /** One that it accepts. */
  readonly input: CircuitInput
  readonly signalNames: readonly string[]
}

/** Called at the end of a file: what is asked last is whether each check refused something. */
export function testVariant({ circuit, input, signalNames }: Variant): void {
  describe('ZK-1 the clauses of emotional_proof in it', () => {
    it.each(['enrolmentRoot', 'nullifier', 'chainId', 'epoch', 'identity', 'consentVersion'])(
      'refuse another %s',
      async (name) => {
        const other = String(BigInt(String(input[name])) + 1n)
        expect(await accepts({ ...input, [name]: other }, circuit)).toBe(false)
      },
    )

    it('refuse a threshold above the score', async () => {
      expect(await accepts({ ...input, threshold: '10000' }, circuit)).toBe(false)
    })
  })

  describe(`ZK-1 the verification key of ${circuit}`, () => {
    it('takes as many public signals as it has', () => {
      expect(publicCountOf(circuit)).toBe(signalNames.length)
    })
  })

  describe(`ZK-1 each check of ${circuit}`, () => {
    it('was the first to refuse something above', () => {
      expect(idleChecks(circuit)).toEqual([])
    })
  })
}
