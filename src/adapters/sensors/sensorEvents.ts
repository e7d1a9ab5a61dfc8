/** The handlers of a sensor. */

import type { SensorEvent } from '../../ports/sensor.ts'

export class SensorEvents {
  readonly #handlers = new Set<(event: SensorEvent) => void>()

  add(handler: (event: SensorEvent) => void): () => void {
    this.#handlers.add(handler)
    return () => this.#handlers.delete(handler)
  }

  emit(event: SensorEvent): void {
    for (const handler of [...this.#handlers]) handler(event)
  }
}
