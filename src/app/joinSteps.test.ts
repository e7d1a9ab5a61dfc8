import { describe, expect, it } from 'vitest'
import { joinSteps, nextJoinStep, type JoinFacts } from './joinSteps.ts'

const nothing: JoinFacts = {
  unlocked: false,
  backedUp: false,
  consented: false,
  sensorChosen: false,
  sensorLive: false,
  baseline: 'none',
  duty: undefined,
  bonded: true,
}

describe('UX-1 the way in follows from what is already so', () => {
  it('goes through every step in order', () => {
    let facts = nothing
    const seen = [nextJoinStep(facts)]
    const changes: Partial<JoinFacts>[] = [
      { unlocked: true, duty: 'unregistered' },
      { backedUp: true },
      { consented: true },
      { sensorLive: true },
      { baseline: 'done' },
    ]
    for (const change of changes) {
      facts = { ...facts, ...change }
      seen.push(nextJoinStep(facts))
    }
    expect(seen).toEqual(joinSteps.map(({ step }) => step))
    expect(nextJoinStep({ ...facts, duty: 'waiting' })).toBe('done')
    expect(nextJoinStep({ ...facts, duty: 'absent', bonded: false })).toBe('bond')
  })

  it('never measures before consent, and never bonds before a checked backup', () => {
    const all = { ...nothing, unlocked: true, sensorLive: true, duty: 'unregistered' } as const
    expect(nextJoinStep({ ...all, backedUp: true, baseline: 'done' })).toBe('consent')
    expect(nextJoinStep({ ...all, consented: true, baseline: 'done' })).toBe('backup')
  })

  it('asks for the sensor again when it is gone before the baseline is done', () => {
    const facts: JoinFacts = {
      ...nothing,
      unlocked: true,
      backedUp: true,
      consented: true,
      baseline: 'recording',
    }
    expect(nextJoinStep(facts)).toBe('sensor')
    expect(nextJoinStep({ ...facts, sensorLive: true })).toBe('baseline')
  })

  it('stays with the rest while a chosen sensor is lost for a moment', () => {
    const facts: JoinFacts = {
      ...nothing,
      unlocked: true,
      backedUp: true,
      consented: true,
      sensorChosen: true,
    }
    expect(nextJoinStep({ ...facts, baseline: 'none' })).toBe('sensor')
    expect(nextJoinStep({ ...facts, baseline: 'recording' })).toBe('baseline')
  })
})
