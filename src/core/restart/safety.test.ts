/**
 * The rules of a voter under an adversary that holds less than a third of the stake, picks who
 * hears what, draws every aggregator and lets voters crash and come back with what they stored:
 * hundreds of seeded runs, and mutants that must be found. Signatures are taken as unforgeable.
 */
import { describe, expect, it } from 'vitest'
import type { RestartPayload, RestartRecord } from '../codec/restart.ts'
import { restartStakeMessage } from './messages.ts'
import { blockAt } from './testRestart.fixture.ts'
import { mayApprove, signedRecord } from './voterRules.ts'
import { hex } from '../base/bytes.ts'

interface Rules {
  readonly signedRecord: typeof signedRecord
  readonly mayApprove: typeof mayApprove
  /** What comes back after a crash. */
  readonly reread: (record: RestartRecord | undefined) => RestartRecord | undefined
}

interface Voter {
  readonly stake: number
  readonly isFaulty: boolean
  height: number
  record: RestartRecord | undefined
  /** Its newest final block when it signed in an attempt. */
  readonly signedAt: Map<number, number>
}

interface Certified {
  readonly attempt: number
  readonly payload: string
  readonly height: number
}

const product: Rules = { signedRecord, mayApprove, reread: (record) => record }
const epoch = 9

function randomOf(seed: number): (bound: number) => number {
  let word = seed * 2_654_435_761 + 1
  return (bound) => {
    word = (Math.imul(word, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((word / 2 ** 32) * bound)
  }
}

function votersOf(random: (bound: number) => number): Voter[] {
  const voters = Array.from({ length: 4 + random(9) }, () => ({ stake: 1 + random(9) }))
  const total = voters.reduce((sum, { stake }) => sum + stake, 0)
  let faulty = 0
  return voters.map(({ stake }): Voter => {
    const isFaulty = 3 * (faulty + stake) < total && random(2) === 0
    if (isFaulty) faulty += stake
    return { stake, isFaulty, height: 10, record: undefined, signedAt: new Map() }
  })
}

/**
 * The highest block that honest voters with more than a third of the stake hold as final, each at
 * the moment when it signed in that attempt, or now if it has not.
 */
function heldHeight(voters: readonly Voter[], attempt: number): number {
  const honest = voters.filter(({ isFaulty }) => !isFaulty)
  const heightOf = (one: Voter): number => one.signedAt.get(attempt) ?? one.height
  const heights = honest.map(heightOf).toSorted((left, right) => right - left)
  const isHeld = (height: number): boolean =>
    3 * stakeOf(honest.filter((one) => heightOf(one) >= height)) > stakeOf(voters)
  return heights.find(isHeld) ?? 0
}

const stakeOf = (voters: readonly Voter[]): number =>
  voters.reduce((sum, { stake }) => sum + stake, 0)

/** What was certified, and the least loss of blocks that many honest voters knew to be final. */
function run(seed: number, rules: Rules): { certified: Certified[]; lost: boolean } {
  const random = randomOf(seed)
  const voters = votersOf(random)
  const total = stakeOf(voters)
  const signatures = new Map<string, { payload: RestartPayload; height: number; by: Set<Voter> }>()
  const certified = new Map<string, Certified>()
  let lost = false
  for (let at = 0; at < 120; at += 1) {
    const voter = voters[random(voters.length)]!
    const what = random(10)
    // The old committee's certificate of one more block reaches a voter, one without the others.
    if (what === 0) voter.height += 1
    else if (what === 1) voter.record = rules.reread(voter.record)
    else {
      // Any base and committee of any attempt is shown to any voter.
      const height = 10 + random(4)
      const payload: RestartPayload = {
        ...{ chainId: 'model', votersRoot: blockAt(1), epoch, attempt: 1 + random(3) },
        ...{ base: blockAt(height), committeeRoot: blockAt(20 + random(2)) },
      }
      const key = hex(restartStakeMessage(payload))
      const votes = signatures.get(key) ?? { payload, height, by: new Set<Voter>() }
      signatures.set(key, votes)
      for (const one of voters) if (one.isFaulty) votes.by.add(one)
      if (!voter.isFaulty && approves(voter, rules, { payload, height })) votes.by.add(voter)
      if (3 * stakeOf([...votes.by]) < 2 * total || certified.has(key)) continue
      certified.set(key, { attempt: payload.attempt, payload: key, height })
      if (height < heldHeight(voters, payload.attempt)) lost = true
    }
  }
  return { certified: [...certified.values()], lost }
}

function approves(
  voter: Voter,
  rules: Rules,
  { payload, height }: { readonly payload: RestartPayload; readonly height: number },
): boolean {
  const own = { epoch, height: voter.height, hash: blockAt(voter.height) }
  if (!rules.mayApprove({ epoch, height, base: payload.base }, own)) return false
  const record = rules.signedRecord(voter.record, payload)
  if (record === undefined) return false
  voter.record = record
  voter.signedAt.set(payload.attempt, voter.height)
  return true
}

function violations(rules: Rules, runs: number): { readonly split: number; readonly lost: number } {
  let split = 0
  let lost = 0
  for (let seed = 1; seed <= runs; seed += 1) {
    const outcome = run(seed, rules)
    const attempts = outcome.certified.map(({ attempt }) => attempt)
    if (new Set(attempts).size < attempts.length) split += 1
    if (outcome.lost) lost += 1
  }
  return { split, lost }
}

describe('RECOVER-1 with less than a third of the stake faulty', () => {
  it('one record an attempt, no block lost that more than a third of honest stake holds', () => {
    const runs = 400
    expect(violations(product, runs)).toEqual({ split: 0, lost: 0 })
    const formed = Array.from({ length: runs }, (_, seed) => run(seed + 1, product).certified)
    expect(formed.filter(({ length }) => length > 0).length).toBeGreaterThan(20)
  })

  it('mutant: a voter signs whatever it is shown', () => {
    const free: Rules = {
      ...product,
      signedRecord: (_, payload) => signedRecord(undefined, payload),
    }
    expect(violations(free, 200).split).toBeGreaterThan(0)
  })

  it('mutant: a crash loses the record', () => {
    const forgetful: Rules = { ...product, reread: () => undefined }
    expect(violations(forgetful, 400).split).toBeGreaterThan(0)
  })

  it('mutant: a voter signs a base below its own final block', () => {
    const careless: Rules = { ...product, mayApprove: (list, own) => list.height <= own.height }
    expect(violations(careless, 200).lost).toBeGreaterThan(0)
  })
})
