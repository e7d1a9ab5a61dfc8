/** Clause 1 in o1js: `circuits/lib/window.circom`, bound by bound. */

import { marksMax, rrTicksMax, rrTicksMin, windowTicks } from '../../../src/core/emotion/window.ts'
import type { Integers } from './integers.ts'
import type { Bit, Field } from './o1js.ts'

export interface WindowInput {
  readonly ticks: readonly Field[]
  readonly selected: readonly Bit[]
  readonly marks: readonly Bit[]
  readonly firstOffsetTicks: Field
}

export interface WindowSums {
  readonly beatCount: Field
  readonly unmarkedCount: Field
  readonly unmarkedTicks: Field
  readonly pairCount: Field
  readonly pairSquares: Field
  readonly indexSum: Field
  readonly indexSquares: Field
  readonly indexTicks: Field
}

const edgeTicksMax = 2048

export function stateWindow(integers: Integers, input: WindowInput): WindowSums {
  const { ticks, firstOffsetTicks } = input
  const selected = input.selected.map((bit) => bit.toField())
  const marks = input.marks.map((bit) => bit.toField())
  const unmarked = ticks.map((tick, index) => {
    const [isUsed, mark] = [at(selected, index), at(marks, index)]
    if (index > 0) isUsed.mul(at(selected, index - 1)).assertEquals(isUsed)
    mark.mul(isUsed).assertEquals(mark)
    const excess = tick.sub(isUsed.mul(rrTicksMin)).seal()
    integers.inRange(excess, 0, rrTicksMax - rrTicksMin)
    excess.mul(isUsed).assertEquals(excess)
    return isUsed.sub(mark).seal()
  })
  const counted = ticks.map((tick, index) => tick.mul(at(unmarked, index)))
  const markCount = integers.sum(marks)
  const beatCount = integers.sum(selected)
  integers.inRange(markCount, 0, marksMax)
  integers.inRange(firstOffsetTicks, 0, edgeTicksMax)
  const end = integers.sum([firstOffsetTicks, ...ticks])
  integers.inRange(integers.constant(windowTicks).sub(end), 0, edgeTicksMax)

  const pairs = ticks.slice(1).map((right, index) => {
    const left = at(ticks, index)
    const isPair = at(unmarked, index).mul(at(unmarked, index + 1))
    const step = isPair.mul(right.sub(left))
    // Without a pair the slack makes both bounds hold for any two slots.
    const slack = integers.constant(2 * rrTicksMax).sub(isPair.mul(2 * rrTicksMax))
    integers.below(left.mul(3).sub(right.mul(2)).add(slack).seal(), 14)
    integers.below(right.mul(3).sub(left.mul(2)).add(slack).seal(), 14)
    return { isPair, square: step.mul(step) }
  })
  const weighted = (values: readonly Field[], weight: (index: number) => number): Field =>
    integers.sum(values.map((value, index) => value.mul(weight(index))))
  return {
    beatCount,
    unmarkedCount: beatCount.sub(markCount).seal(),
    unmarkedTicks: integers.sum(counted),
    pairCount: integers.sum(pairs.map(({ isPair }) => isPair)),
    pairSquares: integers.sum(pairs.map(({ square }) => square)),
    indexSum: weighted(unmarked, (index) => index),
    indexSquares: weighted(unmarked, (index) => index * index),
    indexTicks: weighted(counted, (index) => index),
  }
}

function at(fields: readonly Field[], index: number): Field {
  const field = fields[index]
  if (field === undefined) throw new Error('an index of the window')
  return field
}
