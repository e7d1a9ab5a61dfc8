/**
 * Breadth-first search of every state a model can reach, so that the first violation found is one
 * with the fewest steps. States are told apart by their key alone: what two states with one key may
 * do must be the same.
 */

export interface Move<State> {
  readonly label: string
  readonly next: State
}

export interface Model<State> {
  readonly initial: State
  readonly keyOf: (state: State) => string
  readonly moves: (state: State) => readonly Move<State>[]
  /** What is wrong in this state, undefined when nothing is. */
  readonly fault: (state: State) => string | undefined
}

export interface Exploration {
  readonly states: number
  /** Steps from the start to the last new state, or to the violation. */
  readonly depth: number
  readonly seconds: number
  readonly fault: string | undefined
  /** The steps to the violation, empty without one. */
  readonly trace: readonly string[]
  /** Every reachable state was seen; false after a violation and when `statesMax` was met. */
  readonly complete: boolean
}

interface Frontier<State> {
  readonly state: State
  readonly index: number
}

export function explore<State>(
  model: Model<State>,
  options: { readonly statesMax: number },
): Exploration {
  const startedMs = performance.now()
  const seen = new Set<string>()
  const parents: number[] = []
  const labels: string[] = []
  const end = (depth: number, rest: Partial<Exploration>): Exploration => ({
    states: seen.size,
    depth,
    seconds: (performance.now() - startedMs) / 1000,
    fault: undefined,
    trace: [],
    complete: false,
    ...rest,
  })
  const visit = (state: State, parent: number, label: string): Frontier<State> | undefined => {
    const key = model.keyOf(state)
    if (seen.has(key)) return undefined
    seen.add(key)
    parents.push(parent)
    labels.push(label)
    return { state, index: parents.length - 1 }
  }
  const first = visit(model.initial, -1, 'start')
  let frontier = first === undefined ? [] : [first]
  let depth = 0
  for (; frontier.length > 0; depth += 1) {
    const next: Frontier<State>[] = []
    for (const { state, index } of frontier) {
      for (const move of model.moves(state)) {
        const found = visit(move.next, index, move.label)
        if (found === undefined) continue
        const fault = model.fault(move.next)
        if (fault !== undefined) {
          return end(depth + 1, { fault, trace: traceTo(found.index, parents, labels) })
        }
        if (seen.size >= options.statesMax) return end(depth + 1, {})
        next.push(found)
      }
    }
    frontier = next
  }
  return end(depth - 1, { complete: true })
}

function traceTo(
  index: number,
  parents: readonly number[],
  labels: readonly string[],
): readonly string[] {
  const trace: string[] = []
  for (let at = index; at > 0; at = parents[at] ?? 0) trace.push(labels[at] ?? '')
  return trace.reverse()
}
