import { bn254 } from '@noble/curves/bn254.js'
import { expect, it } from 'vitest'
import { webRandom } from '../../../src/adapters/keys/webRandom.ts'
import { coordinatesOf, projectiveBytes } from '../groth16/points.ts'
import { eigenvalue } from '../kernel/curve.ts'
import { createPairingKernel } from './pairingKernel.ts'
import { putProjective } from './verifyingKey.ts'
import { multiplyByWeight, randomWeight, weightOne } from './weights.ts'

const order = bn254.G1.Point.Fn.ORDER
const kernel = createPairingKernel()
const [point, out] = [0, 0].map(() => kernel.memory.take(projectiveBytes(kernel.g1))) as [
  number,
  number,
]

it('ZK-7 a point times a weight is the multiple by its value', () => {
  const base = bn254.G1.Point.BASE.multiplyUnsafe(987_654_321n)
  const { x, y } = base.toAffine()
  const max = 2n ** 64n - 1n
  const edges = [
    [0n, 1n],
    [1n, 0n],
    [1n, 1n],
    [max, 0n],
    [0n, max],
    [max, max],
    [1n << 63n, 1n],
  ].map(([a = 0n, b = 0n]) => ({ a, b, value: (a + eigenvalue * b) % order }))
  for (const weight of [weightOne, ...edges, ...[1, 2, 3].map(() => randomWeight(webRandom))]) {
    putProjective(kernel, point, [x, y])
    multiplyByWeight(kernel, out, point, weight)
    const expected = base.multiplyUnsafe(weight.value).toAffine()
    expect(coordinatesOf(kernel, kernel.g1, out)).toEqual([expected.x, expected.y])
  }
})

it('ZK-7 takes 128 bits of the generator for a weight', () => {
  const bytes = Uint8Array.from({ length: 16 }, (_, index) => index + 1)
  const asked: number[] = []
  const weight = randomWeight({
    bytes(length) {
      asked.push(length)
      return bytes.slice(0, length)
    },
  })
  expect(asked).toEqual([16])
  expect([weight.a, weight.b]).toEqual([0x0102030405060708n, 0x090a0b0c0d0e0f10n])
  expect(weight.value).toBe((weight.a + eigenvalue * weight.b) % order)
})
