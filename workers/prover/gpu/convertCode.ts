/** WGSL that takes elements from the kernel's memory as they are there. */

import { limbBits as kernelBits, limbCount as kernelLimbs } from '../kernel/limbs.ts'
import { constantCode, fieldCode, storeCode, unpackCode } from './fieldCode.ts'
import { factorFromKernel, wordCount } from './limbs.ts'
import { groupSize } from './transformCode.ts'

/** `convert`: nine limbs of 29 bits, form 2^261, to eight words of 32 bits, form 2^260. */
export function convertCode(prime: bigint): string {
  const limbs = Array.from({ length: kernelLimbs }, (_, index) => `source[at + ${index}u]`)
  return `
${fieldCode(prime)}
${unpackCode('unpackKernel', kernelBits, kernelLimbs)}
@group(0) @binding(0) var<uniform> elements: vec4u;
@group(0) @binding(1) var<storage, read_write> converted: array<u32>;
@group(0) @binding(2) var<storage, read> source: array<u32>;
${storeCode('store', 'converted')}
@compute @workgroup_size(${groupSize})
fn convert(@builtin(global_invocation_id) thread: vec3u) {
  let id = thread.x;
  if (id >= elements.x) { return; }
  let at = id * ${kernelLimbs}u;
  let limbs = array<u32, ${kernelLimbs}>(${limbs.join(', ')});
  let factor = ${constantCode(factorFromKernel(prime))};
  store(id * ${wordCount}u, mul(unpackKernel(limbs), factor));
}`
}
