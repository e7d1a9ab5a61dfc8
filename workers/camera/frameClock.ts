/**
 * From frame timestamps, whose origin is the camera's, to Unix time: the smallest delay seen,
 * allowed to creep up with the drift of two clocks.
 */

const driftPartsPerMillion = 200

export class FrameClock {
  #offsetMs = Infinity
  #lastMs = 0

  /** Unix time less frame time, for a frame that is seen at `nowMs`. */
  offsetMs(frameMs: number, nowMs: number): number {
    const driftMs = (Math.max(0, frameMs - this.#lastMs) * driftPartsPerMillion) / 1e6
    this.#lastMs = frameMs
    this.#offsetMs = Math.min(nowMs - frameMs, this.#offsetMs + driftMs)
    return this.#offsetMs
  }
}
