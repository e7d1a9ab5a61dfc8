/**
 * A map of which every version stays readable, while the one used last costs what a plain map does.
 *
 * One version holds the entries, the others say how they differ from a neighbour; whoever asks an
 * other version moves the entries there, one step for each write in between (H. Baker, "Shallow
 * binding makes functional arrays fast", 1991). Keys are never removed: a value may say so.
 */

/** Keys that differ, each once, and their values here; undefined where there is none yet. */
interface Step<V extends object> {
  readonly keys: readonly string[]
  readonly values: readonly (V | undefined)[]
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
    return this.setAll([key], [value])
  }

  /** The same for several keys, each once: one version, and one step back. */
  setAll(keys: readonly string[], values: readonly V[]): VersionedMap<V> {
    const next = new VersionedMap<V>(this.#held(), undefined)
    this.#handTo(next, keys, values)
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
      const { keys, values } = version.#step as Step<V>
      holder.#handTo(version, keys, values)
      holder = version
    }
  }

  /** The entries go to `next`, which says of these keys something else. */
  #handTo(
    next: VersionedMap<V>,
    keys: readonly string[],
    values: readonly (V | undefined)[],
  ): void {
    const entries = this.#entries as Map<string, V>
    this.#step = { keys, values: keys.map((key) => entries.get(key)), neighbour: next }
    this.#entries = undefined
    for (const [index, key] of keys.entries()) {
      const value = values[index]
      if (value === undefined) entries.delete(key)
      else entries.set(key, value)
    }
    next.#entries = entries
    next.#step = undefined
  }
}
