/**
 * How often something was refused, by its code: what peers sent, what a clock did, what a header
 * said. Codes are words of this program and never of a peer; what is none of them counts as OTHER.
 */

/** A code of the program, by its form: `AREA_WHAT_IS_SO`. */
const codeForm = /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/
const codeCharsMax = 48

/** Ample for the codes that exist, and a bound for whoever counts something else by mistake. */
const codesMax = 128

export class RefusedCounters {
  readonly #counts = new Map<string, number>()

  /** The label it counts under. */
  count(code: string): string {
    const isCode = code.length <= codeCharsMax && codeForm.test(code)
    const hasRoom = this.#counts.has(code) || this.#counts.size < codesMax
    const label = isCode && hasRoom ? code : 'OTHER'
    this.#counts.set(label, (this.#counts.get(label) ?? 0) + 1)
    return label
  }

  /** Since the start, by code in alphabetical order. */
  totals(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#counts].sort(([left], [right]) => (left < right ? -1 : 1)))
  }
}
