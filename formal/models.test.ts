import { describe, expect, it } from 'vitest'
import { agreement } from './agreement.ts'
import { treeOf } from './blocks.ts'
import { keyOfCertificates, type Certificates } from './certificates.ts'
import { interleaved } from './interleaved.ts'
import { models } from './models.ts'
import { rowOf } from './report.ts'
import { productRules, seatsOf } from './rules.ts'
import { explore, type Model } from './search.ts'
import { viewByView } from './viewByView.ts'

describe('BFT-3, BFT-4, BFT-5, BFT-10, BFT-11: every state of small committees', () => {
  const quick = models.filter(({ size }) => size === 'quick')
  it.each(quick.map((model) => [`${model.name}, ${model.seats}`, model] as const))(
    '%s',
    (_name, model) => {
      const row = rowOf(model, model.run({ statesMax: 200_000 }))
      expect(row).toMatchObject({ asExpected: true })
    },
  )
})

describe('the search', () => {
  it('sorting steps by view reaches the same certificates as every interleaving', () => {
    const options = { seats: seatsOf({ total: 4, faulty: 1 }), rules: productRules }
    const tree = treeOf({ views: 2, roots: 1, twins: 1 })
    const sorted = reached(viewByView(tree, agreement(options)))
    const unsorted = reached(interleaved({ tree, ...options }))
    expect(sorted.size).toBeGreaterThan(20)
    expect(sorted).toEqual(unsorted)
  })

  it('stops at the limit and does not call that a proof', () => {
    const model = models.find(({ name }) => name === 'agreement')!
    const found = model.run({ statesMax: 100 })
    expect(found).toMatchObject({ states: 100, complete: false })
    expect(rowOf(model, found).asExpected).toBe(false)
  })

  it('a mutant that survives, or breaks in another way, fails the check', () => {
    const good = models.find(({ name }) => name === 'agreement')!
    const held = good.run({ statesMax: 200_000 })
    expect(rowOf({ ...good, expected: 'fork' }, held).asExpected).toBe(false)
    const mutant = models.find(({ name }) => name === 'two votes a view')!
    const found = mutant.run({ statesMax: 200_000 })
    expect(rowOf({ ...mutant, expected: 'fork' }, found).asExpected).toBe(false)
    expect(rowOf({ ...mutant, expected: undefined }, found).asExpected).toBe(false)
  })
})

interface Certifying<State> extends Model<State> {
  readonly certificates: (state: State) => readonly Certificates[]
}

/** The sets of certificates of both views that a model can reach. */
function reached<State>(model: Certifying<State>): ReadonlySet<string> {
  const sets = new Set<string>()
  const fault = (state: State): string | undefined => {
    const views = model.certificates(state)
    if (views.length === 2) sets.add(views.map(keyOfCertificates).join(';'))
    return model.fault(state)
  }
  expect(explore({ ...model, fault }, { statesMax: 200_000 }).complete).toBe(true)
  return sets
}
