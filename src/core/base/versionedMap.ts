/**
 * A map of which every version stays readable, while the one used last costs what a plain map does.
 *
 * One version holds the entries, the others say how they differ from a neighbour; whoever asks an
 * other version moves the entries there, one step for each write in between (H. Baker, "Shallow
 * binding makes functional arrays fast", 1991). Keys are never removed: a value may say so.
 */

interface Step<V extends object> {
  readonly key: string
  /** Here; undefined where the key does not exist yet. */
  readonly value: V | undefined
  readonly neighbour: VersionedMap<V>
}

export class VersionedMap<V extends object> {
  #entries: Map<string, V> | undefined
  #step: Step<V> | undefined

  static empty<V extends object>(): VersionedMap<V> {
    return new VersionedMap(new Map<string, V>(), undefined)
  }

  private constructor(entries: Map<string, V> | undefined, step: Step<V> | undefined) {
    this.#entries = entries
    this.#step = step
  }

  get(key: string): V | undefined {
    return this.#held().get(key)
  }

  /** A version in which `key` has this value; this one stays as it is. */
  set(key: string, value: V): VersionedMap<V> {
    const entries = this.#held()
    const next = new VersionedMap<V>(entries, undefined)
    this.#step = { key, value: entries.get(key), neighbour: next }
    this.#entries = undefined
    entries.set(key, value)
    return next
  }

  /** Adds what holds in this version and in all before it: something found out, not a change. */
  note(key: string, value: V): void {
    this.#held().set(key, value)
  }

  /** In no order that means anything. */
  values(): Iterable<V> {
    return this.#held().values()
  }

  #held(): Map<string, V> {
    if (this.#entries === undefined) this.#moveHere()
    return this.#entries as Map<string, V>
  }

  /** Turns the steps around, from the version that holds the entries back to this one. */
  #moveHere(): void {
    const way: VersionedMap<V>[] = []
    let holder = this as VersionedMap<V>
    while (holder.#step !== undefined) {
      way.push(holder)
      holder = holder.#step.neighbour
    }
    for (const version of way.reverse()) {
      const { key, value } = version.#step as Step<V>
      const entries = holder.#entries as Map<string, V>
      holder.#step = { key, value: entries.get(key), neighbour: version }
      holder.#entries = undefined
      if (value === undefined) entries.delete(key)
      else entries.set(key, value)
      version.#entries = entries
      version.#step = undefined
      holder = version
    }
  }
}
