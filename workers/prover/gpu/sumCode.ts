/**
 * WGSL of Pippenger's sums: points by buckets, sums by buckets, and buckets weighed by segments.
 *
 * A bucket is summed by tasks of bounded length, round after round: scalars of a witness are often
 * 0 or 1, and one thread for a bucket of thousands of points would let all others wait.
 */

import { loadCode } from './fieldCode.ts'
import {
  addAffineCode,
  addSumCode,
  groupCode,
  pointWords,
  sumAccessCode,
  sumWords,
} from './groupCode.ts'
import { wordCount } from './limbs.ts'
import { groupSize } from './transformCode.ts'

/** In place of the index of a bucket's sum: nothing fell into it. */
export const noSum = 0xffff_ffff

/** Words of a task: where it begins in its input, and of how many it is the sum. */
export const taskWords = 2

/** `range`: tasks or segments, and the buckets of a segment. `result` begins as zeros: infinity. */
const head = `
${groupCode}
@group(0) @binding(0) var<uniform> range: vec4u;
@group(0) @binding(1) var<storage, read_write> result: array<u32>;
${sumAccessCode('result')}`

const entry = (name: string, body: string): string => `
@compute @workgroup_size(${groupSize})
fn ${name}(@builtin(global_invocation_id) thread: vec3u) {
  let id = thread.x;
  if (id >= range.x) { return; }
${body}
}`

/** Each entry point is a module of its own. */
export const sumCode = {
  /**
   * Task `id` sums points of its part of the list: twice the number of a point, plus one for its
   * negative.
   */
  sumPoints: `${head}
@group(0) @binding(2) var<storage, read> points: array<u32>;
@group(0) @binding(3) var<storage, read> tasks: array<vec2u>;
@group(0) @binding(4) var<storage, read> list: array<u32>;
${loadCode('coordinate', 'points')}
${addAffineCode}
${entry(
  'sumPoints',
  `  let task = tasks[id];
  for (var index = task.x; index < task.x + task.y; index++) {
    let named = list[index];
    let at = (named >> 1u) * ${pointWords}u;
    let above = coordinate(at + ${wordCount}u);
    let y = pick(above, sub(Element(), above), (named & 1u) == 1u);
    addAffine(id * ${sumWords}u, coordinate(at), y);
  }`,
)}`,
  /** Task `id` sums sums of the round before. */
  sumSums: `${head}
@group(0) @binding(2) var<storage, read> before: array<u32>;
@group(0) @binding(3) var<storage, read> tasks: array<vec2u>;
${loadCode('loadBefore', 'before')}
${addSumCode('loadBefore')}
${entry(
  'sumSums',
  `  let task = tasks[id];
  for (var index = task.x; index < task.x + task.y; index++) {
    addSum(id * ${sumWords}u, index * ${sumWords}u);
  }`,
)}`,
  /**
   * Of segment `id` the weighed sum, its first bucket once, the next twice and so on, then the
   * plain one. Behind those of all segments each has a place for the bucket that it is at, so that
   * one addition serves for both sums.
   */
  weigh: `${head}
@group(0) @binding(2) var<storage, read> before: array<u32>;
@group(0) @binding(3) var<storage, read> places: array<u32>;
${addSumCode('load')}
${entry(
  'weigh',
  `  let weighed = 2u * id * ${sumWords}u;
  let plain = weighed + ${sumWords}u;
  let bucket = (2u * range.x + id) * ${sumWords}u;
  for (var turn = 2u * range.y; turn > 0u; turn--) {
    let isPlain = (turn & 1u) == 0u;
    if (isPlain) {
      let place = places[id * range.y + turn / 2u - 1u];
      for (var word = 0u; word < ${sumWords}u; word++) {
        result[bucket + word] = 0u;
        if (place != ${noSum}u) { result[bucket + word] = before[place * ${sumWords}u + word]; }
      }
    }
    addSum(select(weighed, plain, isPlain), select(plain, bucket, isPlain));
  }`,
)}`,
} as const
