/**
 * What happens next: a binary heap by time, then by order of arrival, so that equal times have one
 * fixed order. Times are integer microseconds.
 */
interface Entry {
  readonly atUs: number
  readonly order: number
  readonly run: () => void
}

export class EventQueue {
  readonly #heap: Entry[] = []
  #order = 0
  #nowUs: number

  constructor(startUs: number) {
    this.#nowUs = startUs
  }

  get nowUs(): number {
    return this.#nowUs
  }

  /** In the past means now. */
  at(atUs: number, run: () => void): void {
    this.#order += 1
    const heap = this.#heap
    heap.push({ atUs: Math.max(this.#nowUs, Math.round(atUs)), order: this.#order, run })
    for (let child = heap.length - 1; child > 0;) {
      const parent = (child - 1) >> 1
      if (this.#isBefore(parent, child)) break
      this.#swap(parent, child)
      child = parent
    }
  }

  after(delayUs: number, run: () => void): void {
    this.at(this.#nowUs + delayUs, run)
  }

  /** Runs everything up to `endUs`; the clock then stands there. */
  runUntil(endUs: number): void {
    for (let next = this.#heap[0]; next !== undefined && next.atUs <= endUs; next = this.#heap[0]) {
      this.#removeFirst()
      this.#nowUs = next.atUs
      next.run()
    }
    this.#nowUs = endUs
  }

  #removeFirst(): void {
    const heap = this.#heap
    this.#swap(0, heap.length - 1)
    heap.pop()
    for (let parent = 0; ;) {
      let least = parent
      for (const child of [2 * parent + 1, 2 * parent + 2]) {
        if (child < heap.length && this.#isBefore(child, least)) least = child
      }
      if (least === parent) return
      this.#swap(parent, least)
      parent = least
    }
  }

  #isBefore(left: number, right: number): boolean {
    const [a, b] = [this.#heap[left], this.#heap[right]]
    if (a === undefined || b === undefined) return false
    return a.atUs < b.atUs || (a.atUs === b.atUs && a.order < b.order)
  }

  #swap(left: number, right: number): void {
    const [a, b] = [this.#heap[left], this.#heap[right]]
    if (a === undefined || b === undefined) return
    this.#heap[left] = b
    this.#heap[right] = a
  }
}
