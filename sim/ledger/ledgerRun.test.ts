/** The production ledger at every node of a run, and what happens when it is not the same one. */
import { describe, expect, it } from 'vitest'
import { hex } from '../../src/core/base/bytes.ts'
import { beaconAfter } from '../../src/core/committee/beacon/beaconAfter.ts'
import { credit } from '../../src/core/ledger/accounts.ts'
import { beaconOf } from '../../src/core/ledger/epochs.ts'
import { readSingle, stateRoot } from '../../src/core/ledger/state.ts'
import { epochRecord, supply } from '../../src/core/ledger/tables.ts'
import { protocol } from '../../src/core/params.ts'
import { equivocate } from '../adversary/equivocate.ts'
import { Simulation } from '../simulation.ts'
import { standardLedger, type LedgerOptions } from './ledgerOptions.ts'

function begun(
  seed: number,
  change: Partial<LedgerOptions> = {},
  byzantine: readonly number[] = [],
) {
  const ledger = { ...standardLedger, ...change }
  const sim = new Simulation({ seed, seats: 4, validators: 6, ledger, byzantine })
  if (sim.ledger === undefined) throw new Error('the run has a ledger')
  return { sim, run: sim.ledger }
}

describe('a run on the production ledger', () => {
  it('DET-1: the same seed gives the same audit hash, another one another', () => {
    const audits = [3, 3, 4].map((seed) => {
      const { sim } = begun(seed)
      sim.run(8000)
      return sim.audit.digest()
    })
    expect(audits[0]).toBe(audits[1])
    expect(audits[0]).not.toBe(audits[2])
  })

  it('COM-6: READYs and CONFIRMs elect the next committee, and its seats agree', () => {
    const { sim, run } = begun(1)
    sim.run(40_000)
    sim.oracle.finish()
    expect(sim.oracle.violations).toEqual([])
    const [first, second] = [0, 1].map((epoch) => sim.committees.of(epoch))
    expect(first?.validators).toEqual([0, 1, 2, 3])
    expect(second?.validators).not.toEqual(first?.validators)
    for (const node of sim.instances) {
      expect(node.env.epoch).toBe(1)
      expect(hex(node.env.committeeRoot)).toBe(hex(second?.root ?? new Uint8Array(0)))
      expect(readSingle(run.ledgerOf(node).state, epochRecord).epoch).toBe(1)
    }
    const tips = sim.instances.map((node) => {
      return `${String(node.final.length)} ${hex(stateRoot(run.ledgerOf(node).state))}`
    })
    // Within a block of each other, and equal where they are equally far.
    expect(new Set(tips).size).toBeLessThanOrEqual(2)
  })

  it('COM-5: censors in all seats keep the others out, but no committee gets too small', () => {
    const { sim, run } = begun(1, { censors: [0, 1, 2, 3] })
    sim.run(40_000)
    const duties = [...run.censorship.duties.values()].filter(({ epoch }) => epoch === 1)
    const kept = duties.filter(({ takenUs }) => takenUs === undefined)
    expect(kept.map(({ kind, validator }) => `${kind} ${String(validator)}`)).toEqual([
      'ready 4',
      'ready 5',
    ])
    expect(kept.every(({ passedOver }) => passedOver > 5)).toBe(true)
    expect(run.oracle.committeeSizes).toEqual([4, 4])
    expect(sim.oracle.violations).toEqual([])
  })

  it('EVID-2, TX-3: who tells two stories is slashed and not drawn; supply holds', () => {
    const { sim, run } = begun(1, {}, [2])
    const byzantine = new Set([2])
    sim.filter = equivocate(sim, { byzantine, isSecondSide: (to) => to > 3, votesTwice: true })
    sim.run(40_000)
    expect(sim.oracle.violations).toEqual([])
    expect(sim.oracle.convicted.has(2)).toBe(true)
    const [honest] = sim.instances
    if (honest === undefined) throw new Error('there is a node')
    const { state } = run.ledgerOf(honest)
    expect(readSingle(state, supply).burntMicro).toBeGreaterThan(0n)
    expect(sim.committees.of(0).validators).toContain(2)
    expect(sim.committees.of(1).validators).not.toContain(2)
  })

  it('BEACON-7: the boundary fixes a beacon from the secrets of all seats', () => {
    const { sim, run } = begun(5)
    sim.run(40_000)
    const [node] = sim.instances
    if (node === undefined) throw new Error('there is a node')
    const record = readSingle(run.ledgerOf(node).state, epochRecord)
    const previous = beaconOf(record, protocol.beaconLeadEpochs - 1)
    const beacon = beaconOf(record, protocol.beaconLeadEpochs)
    if (previous === undefined || beacon === undefined) throw new Error('beacons are kept')
    expect(run.secrets.get(0)).toBe(4)
    const fallback = beaconAfter(previous, protocol.beaconLeadEpochs, { kind: 'fallback' })
    expect(hex(beacon)).not.toBe(hex(fallback))
  })

  it('STATE-1: a node that holds another state than the others is named', () => {
    const { sim, run } = begun(2)
    const [, odd] = sim.instances
    if (odd === undefined) throw new Error('there is a second node')
    const ledger = run.ledgerOf(odd)
    Object.defineProperty(ledger, 'state', {
      get: () => credit(ledger.stateAfter(lastKey(odd)) ?? first, new Uint8Array(32), 1n),
    })
    const first = ledger.stateAfter(hex(run.root.hash)) ?? raise()
    sim.run(5000)
    const { violations } = sim.oracle
    expect(violations.some((text) => /another state root at height/.test(text))).toBe(true)
    // Where it is the first to finalise, its µEMO from nowhere is seen too.
    const known = /another state root at height|^supply: |another root of its|received by 00000000/
    expect(violations.filter((text) => !known.test(text))).toEqual([])
  })

  it('BFT-3: a node that cannot judge a READY votes for no block with one, and comes back', () => {
    const { sim, run } = begun(2)
    const [, odd] = sim.instances
    if (odd === undefined) throw new Error('there is a second node')
    const ledger = run.ledgerOf(odd)
    const execute = ledger.execute.bind(ledger)
    ledger.execute = (block) => (sim.elapsedMs < 6000 ? undefined : execute(block))
    sim.run(5000)
    expect(odd.final).toHaveLength(0)
    sim.run(10_000)
    expect(odd.final.length).toBeGreaterThan(8)
    expect(sim.oracle.violations).toEqual([])
  })
})

function lastKey({ final }: Simulation['instances'][number]): string {
  return final.at(-1)?.node.key ?? ''
}

function raise(): never {
  throw new Error('the genesis has a state')
}
