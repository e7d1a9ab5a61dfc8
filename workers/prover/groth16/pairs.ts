/**
 * Adds pairs of affine points in batches: lists of addresses for `addPairs` of the kernel.
 *
 * A batch shares one inversion, so that longer is cheaper, until it leaves the processor's cache.
 */

import type { GroupFunctions, KernelMemory } from '../kernel/kernel.ts'

/** Pairs in a batch: the inversion costs as much as some 350 products, of 6 for each pair. */
export const batchMax = 2048

export class PairAdder {
  readonly #group: GroupFunctions
  readonly #memory: KernelMemory
  readonly #list: number
  readonly #scratch: number
  #count = 0

  /** Takes temporary memory: the caller marks and releases it. */
  constructor(memory: KernelMemory, group: GroupFunctions) {
    this.#group = group
    this.#memory = memory
    this.#list = memory.take(8 * batchMax)
    this.#scratch = memory.take(batchMax * group.slotBytes)
  }

  /**
   * left ← left + right for `count` points from each address on, at the latest when `flush`
   * returns.
   */
  addRange(left: number, right: number, count: number): void {
    const pointBytes = 2 * this.#group.elementBytes
    const words = this.#memory.words
    for (let done = 0; done < count;) {
      const end = Math.min(count, done + batchMax - this.#count)
      let at = this.#list / 4 + 2 * this.#count
      this.#count += end - done
      for (; done < end; done += 1, at += 2) {
        words[at] = left + done * pointBytes
        words[at + 1] = right + done * pointBytes
      }
      if (this.#count === batchMax) this.flush()
    }
  }

  flush(): void {
    this.#group.addPairs(this.#count, this.#list, this.#scratch)
    this.#count = 0
  }
}
