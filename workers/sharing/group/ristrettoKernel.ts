/** The kernel of edwards25519 with what ristretto255 needs besides, in one module. */
import { createKernel, type Kernel, type KernelFunction } from '../../lib/edwards25519/kernel.ts'
import { defineEncodings } from './encodingCode.ts'
import { defineMultiply } from './multiplyCode.ts'
import { defineSelect } from './selectCode.ts'

export interface RistrettoKernel extends Kernel {
  readonly decode: KernelFunction
  readonly encode: KernelFunction
  readonly isNeutral: KernelFunction
  readonly multiply: KernelFunction
  readonly oddMultiples: KernelFunction
}

export function createRistrettoKernel(): RistrettoKernel {
  const kernel = createKernel((parts) => {
    const select = defineSelect(parts.builder)
    defineEncodings(parts, select)
    defineMultiply(parts, select)
  })
  return {
    ...kernel,
    decode: kernel.function('ristretto_decode'),
    encode: kernel.function('ristretto_encode'),
    isNeutral: kernel.function('ristretto_isNeutral'),
    multiply: kernel.function('ristretto_multiply'),
    oddMultiples: kernel.function('ristretto_oddMultiples'),
  }
}
