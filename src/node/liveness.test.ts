import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  ensureArtifacts,
  ensureTimeoutMs,
  projectRoot,
} from '../../circuits/tests/artifacts.fixture.ts'
import { testSigner } from '../../test/support/testSigner.ts'
import { blsBlst as bls } from '../adapters/crypto/blsBlst.ts'
import { nodeClock } from '../adapters/node/clock.ts'
import { createNodeProver } from '../adapters/node/prover.ts'
import { nodeRandom } from '../adapters/node/random.ts'
import { guidedBreath } from '../adapters/sensors/guidedBreath.ts'
import { heartModel } from '../adapters/sensors/heartModel.ts'
import { nullifierKeyHash } from '../core/emotion/commitments.ts'
import { fieldToBytes } from '../core/emotion/field.ts'
import { validatorOf } from '../core/ledger/validators.ts'
import { cutBreathWindow, type TimedBeat } from '../core/liveness/cutBreathWindow.ts'
import type { BreathWindow } from '../core/liveness/window.ts'
import type { Clock } from '../ports/clock.ts'
import type { Pulse } from '../ports/pulse.ts'
import type { CommandResult, LivenessSummary } from './api.ts'
import { nullifierKeyOf } from './duty/secrets.ts'
import { NodeService } from './service.ts'
import { TestNodes, troublesOf, until } from './testNodes.fixture.ts'

const speed = 20
const beganMs = Date.now()

/** Ten seconds without contact pass in half a one. */
const fastClock: Clock = {
  nowMs: () => beganMs + (Date.now() - beganMs) * speed,
  after: (delayMs, run) => nodeClock.after(delayMs / speed, run),
}

/** Windows are proven and judged for real; no READY comes up in epochs of a few seconds. */
const prover = createNodeProver({
  artifactsFolder: join(projectRoot, 'public/circuits'),
  allowsDevelopmentKeys: true,
})

const proofSecret = new Uint8Array(32).fill(9)

let nodes: TestNodes | undefined
let service: NodeService | undefined

beforeAll(ensureArtifacts, ensureTimeoutMs)

afterAll(() => prover.close())

afterEach(async () => {
  await service?.stop()
  await Promise.all(nodes?.running.slice(0, 4).map(({ node }) => node.stop()) ?? [])
})

/** Evenly, which is no codeword. */
const ownPace = Array.from({ length: 15 }, () => 8)

/** A simulated person who breathes after that codeword; the guide begins at 12 s. */
function windowOf(breathHalves: readonly number[], seed: number): BreathWindow {
  const startMs = 12_000
  const next = heartModel({ seed, rsaMs: 80 }, guidedBreath(breathHalves, startMs))
  const beats: TimedBeat[] = []
  for (let beat = next(); beat.timeMs < startMs + 62_000; beat = next()) {
    const { timeMs, rrTicks } = beat
    beats.push({ atMs: Math.round(timeMs), rrTicks, isDoubtful: false })
  }
  return cutBreathWindow(beats, startMs, 60)
}

interface Person {
  readonly service: NodeService
  readonly net: TestNodes
  freshness: ReturnType<Pulse['freshness']>
}

/** The fifth validator of a chain whose genesis grants it nothing. */
async function newPerson(): Promise<Person> {
  const net = new TestNodes(6_000, {}, 5, { credentialExpiry: 0 })
  nodes = net
  net.prover = prover
  // Enrolled with the key that this person proves with.
  const nkHash = fieldToBytes(nullifierKeyHash(nullifierKeyOf(proofSecret)))
  Object.assign(net.genesis.validators[4] ?? {}, { nkHash })
  await Promise.all([0, 1, 2, 3].map((index) => net.start(index)))
  const { node } = await net.open(4)
  const keys = net.keys[4]
  if (keys === undefined) throw new Error('the fifth validator has keys')
  const own = new NodeService({
    node,
    clock: fastClock,
    random: nodeRandom,
    prover,
    createSigner: () => Promise.resolve(testSigner(bls, keys, { index: 4, epochs: [0] })),
    faucet: undefined,
  })
  service = own
  const person: Person = { service: own, net, freshness: 'fresh' }
  const gap = { ok: false, error: { code: 'WINDOW_TOO_SHORT' } } as const
  own.setPulse({
    provenance: 'simulated',
    cutLatest: () => gap,
    cutWindow: () => gap,
    contiguousMs: () => 0,
    freshness: () => person.freshness,
  })
  await own.start()
  const seeds = { identitySeed: keys.seed, vrfSeed: keys.seed, networkSeed: keys.seed }
  await own.command({ type: 'unlock', keys: { ...seeds, proofSecret } })
  return person
}

const seen = ({ service: own }: Person): LivenessSummary | undefined => own.snapshot().liveness

/** Answers what is asked now; the epochs of this chain are short, so another one may be next. */
async function answer(person: Person, codeword?: readonly number[]): Promise<CommandResult> {
  let result: CommandResult = { ok: false, code: 'CHALLENGE_OVER', message: '' }
  while (!result.ok && result.code === 'CHALLENGE_OVER') {
    await until(() => seen(person)?.challenge !== undefined, 120_000)
    const challenge = seen(person)?.challenge
    if (challenge === undefined) continue
    // Who follows comes in during the first window: the other two are proven (LIVE-1).
    const windows = codeword
      ? [windowOf(codeword, 3)]
      : challenge.asked.map(({ breathHalves }, window) =>
          windowOf(window === 0 ? ownPace : breathHalves, 3),
        )
    const { epoch } = challenge
    result = await person.service.command({ type: 'answerChallenge', epoch, windows })
  }
  return result
}

describe('LIVE-6 a validator and its credential', () => {
  it('answers what the chain asks, sees its credential, and loses it with the sensor', async () => {
    const person = await newPerson()
    const { net } = person
    expect(seen(person)).toMatchObject({ credential: 'none', challenge: undefined })
    // An answer that comes after the last epoch for it is none: on a slow machine the next is.
    for (let again = 0; again < 5 && seen(person)?.credential !== 'answered'; again += 1) {
      expect(await answer(person)).toEqual({ ok: true })
      await until(
        () => seen(person)?.credential === 'answered' || seen(person)?.challenge?.step === 'open',
        120_000,
      )
    }
    expect(seen(person)?.credential).toBe('answered')
    const account = net.keys[4]?.account ?? new Uint8Array(0)
    for (const { node } of net.running.slice(0, 4)) {
      await until(() => (validatorOf(node.chain.tip.state, account)?.credentialExpiry ?? 0) > 0)
    }
    expect(seen(person)?.challenge).toBeUndefined()
    person.freshness = 'lost'
    await until(() => seen(person)?.credential === 'none', 120_000)
    expect(seen(person)?.contactLostSinceMs).toBeDefined()
    expect(troublesOf(net.running)).toEqual([])
  }, 400_000)

  it('LIVE-7 hears why an answer is none, sends nothing, and is asked again', async () => {
    const person = await newPerson()
    // Breathing evenly at a pace of one's own follows no codeword.
    const refused = await answer(person, ownPace)
    expect(refused.ok).toBe(false)
    expect(refused).toHaveProperty('code', expect.stringMatching(/^(WEAK_RESPONSE|OTHER_RHYTHM)$/))
    await until(() => seen(person)?.challenge?.step === 'open')
    expect(seen(person)?.credential).toBe('none')
    // Keys with another proof secret than the registration's: said before a proof is made.
    const keys = person.net.keys[4]
    if (keys === undefined) throw new Error('the fifth validator has keys')
    const seeds = { identitySeed: keys.seed, vrfSeed: keys.seed, networkSeed: keys.seed }
    const other = { ...seeds, proofSecret: new Uint8Array(32).fill(8) }
    await person.service.command({ type: 'unlock', keys: other })
    const foreign = await answer(person)
    expect(foreign).toMatchObject({ ok: false, code: 'OTHER_ENROLMENT' })
    expect(foreign).toHaveProperty('message', expect.stringContaining('Restore the backup'))
    const broken = { ticks: [1], marks: [], firstOffsetTicks: NaN }
    const { epoch } = seen(person)?.challenge ?? { epoch: 0 }
    for (const windows of [[], [broken]]) {
      const result = await person.service.command({ type: 'answerChallenge', epoch, windows })
      expect(result.ok).toBe(false)
    }
  }, 400_000)
})
