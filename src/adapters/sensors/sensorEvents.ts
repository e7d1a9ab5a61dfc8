/** The handlers of a sensor. One that throws does not keep the event from the others. */

import type { SensorEvent } from '../../ports/sensor.ts'

export class SensorEvents {
  readonly #handlers = new Set<(event: SensorEvent) => void>()

  add(handler: (event: SensorEvent) => void): () => void {
    this.#handlers.add(handler)
    return () => this.#handlers.delete(handler)
  }

  emit(event: SensorEvent): void {
    let failure: unknown
    for (const handler of [...this.#handlers]) {
      try {
        handler(event)
      } catch (error) {
        failure ??= error
      }
    }
    if (failure !== undefined) throw failure
  }
}
