/** Who is told of each change, and now (SENS-6). */

export class Told<Value> {
  readonly #handlers = new Set<(value: Value) => void>()
  #value: Value

  constructor(value: Value) {
    this.#value = value
  }

  get value(): Value {
    return this.#value
  }

  set(value: Value): void {
    this.#value = value
    for (const handler of [...this.#handlers]) handler(value)
  }

  add(handler: (value: Value) => void): () => void {
    this.#handlers.add(handler)
    handler(this.#value)
    return () => this.#handlers.delete(handler)
  }
}
