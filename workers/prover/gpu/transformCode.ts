/**
 * WGSL of the quotient: stages of the number theoretic transform over several vectors at once, and
 * what stands between them. The same order of stages as in `groth16/quotient.ts`.
 */

import { fieldOrder } from '../../../src/core/emotion/field.ts'
import { constantCode, fieldCode, loadCode, storeCode } from './fieldCode.ts'
import { wordCount } from './limbs.ts'

/** Threads of a workgroup; each makes one butterfly or one product. */
export const groupSize = 64

const head = `
${fieldCode(fieldOrder)}
// Elements of a vector, threads with work, half a block, the distance of the roots in elements.
struct Stage { size: u32, count: u32, half: u32, step: u32 }
@group(0) @binding(0) var<uniform> stage: Stage;
@group(0) @binding(1) var<storage, read_write> vectors: array<u32>;
@group(0) @binding(2) var<storage, read> table: array<u32>;
${loadCode('load', 'vectors')}
${storeCode('store', 'vectors')}
${loadCode('constant', 'table')}
`

const entry = (name: string, body: string): string => `
@compute @workgroup_size(${groupSize})
fn ${name}(@builtin(global_invocation_id) thread: vec3u) {
  let id = thread.x;
  if (id >= stage.count) { return; }
  ${body}
}`

/** Butterfly `id` of all vectors: addresses of its two elements and of its root. */
const butterfly = `
  let halfSize = stage.size / 2u;
  let index = id % halfSize;
  let inBlock = index % stage.half;
  let first = (id / halfSize) * stage.size + (index / stage.half) * 2u * stage.half + inBlock;
  let low = first * ${wordCount}u;
  let high = (first + stage.half) * ${wordCount}u;
  let root = constant(inBlock * stage.step * ${wordCount}u);
  let left = load(low);
  let right = load(high);`

/**
 * Each entry point is a module of its own: compilers that inline everything take only what is used.
 * `stageDown` is one of decimation in frequency, `stageUp` one in time, `scale` multiplies every
 * vector by the table, `product` makes the third vector from the first two, and `finish` leaves
 * a·b − c below r and out of Montgomery form in the first.
 */
export const transformCode = {
  stageDown:
    head +
    entry(
      'stageDown',
      `${butterfly}
  store(low, add(left, right));
  store(high, mul(sub(left, right), root));`,
    ),
  stageUp:
    head +
    entry(
      'stageUp',
      `${butterfly}
  let turned = mul(right, root);
  store(low, add(left, turned));
  store(high, sub(left, turned));`,
    ),
  scale:
    head +
    entry(
      'scale',
      `let at = id * ${wordCount}u;
  store(at, mul(load(at), constant((id % stage.size) * ${wordCount}u)));`,
    ),
  product:
    head +
    entry(
      'product',
      `let at = id * ${wordCount}u;
  let left = load(at);
  let right = load(at + stage.size * ${wordCount}u);
  store(at + 2u * stage.size * ${wordCount}u, mul(left, right));
  _ = table[0];`,
    ),
  finish:
    head +
    entry(
      'finish',
      `let at = id * ${wordCount}u;
  let left = load(at);
  let right = load(at + stage.size * ${wordCount}u);
  let third = load(at + 2u * stage.size * ${wordCount}u);
  let plainOne = ${constantCode(1n)};
  store(at, reduce(mul(sub(mul(left, right), third), plainOne)));
  _ = table[0];`,
    ),
} as const
