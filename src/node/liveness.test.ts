import { afterEach, describe, expect, it } from 'vitest'
import { testSigner } from '../../test/support/testSigner.ts'
import { blsBlst as bls } from '../adapters/crypto/blsBlst.ts'
import { nodeClock } from '../adapters/node/clock.ts'
import { nodeRandom } from '../adapters/node/random.ts'
import { guidedBreath } from '../adapters/sensors/guidedBreath.ts'
import { heartModel } from '../adapters/sensors/heartModel.ts'
import { ok } from '../core/base/result.ts'
import { validatorOf } from '../core/ledger/validators.ts'
import { cutBreathWindow, type TimedBeat } from '../core/liveness/cutBreathWindow.ts'
import type { BreathWindow } from '../core/liveness/window.ts'
import type { Clock } from '../ports/clock.ts'
import type { Prover } from '../ports/prover.ts'
import type { Pulse } from '../ports/pulse.ts'
import type { CommandResult, LivenessSummary } from './api.ts'
import { NodeService } from './service.ts'
import { noProver, TestNodes, troublesOf, until } from './testNodes.fixture.ts'

const speed = 20
const beganMs = Date.now()

/** Ten seconds without contact pass in half a one. */
const fastClock: Clock = {
  nowMs: () => beganMs + (Date.now() - beganMs) * speed,
  after: (delayMs, run) => nodeClock.after(delayMs / speed, run),
}

/** The circuit has tests of its own: here every proof of the right length holds. */
const prover: Prover = {
  ...noProver,
  prove: () => Promise.resolve(ok(new Uint8Array(256).fill(7))),
  verify: () => Promise.resolve(ok(undefined)),
}

let nodes: TestNodes | undefined
let service: NodeService | undefined

afterEach(async () => {
  await service?.stop()
  await Promise.all(nodes?.running.slice(0, 4).map(({ node }) => node.stop()) ?? [])
})

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
  const net = new TestNodes(3_000, {}, 5, { credentialExpiry: 0 })
  nodes = net
  net.prover = prover
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
  await own.command({ type: 'unlock', keys: { ...seeds, proofSecret: new Uint8Array(32) } })
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
    const breathHalves = codeword ?? challenge.asked[0]?.breathHalves ?? []
    const windows = [windowOf(breathHalves, 3)]
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
    expect(await answer(person)).toEqual({ ok: true })
    await until(() => seen(person)?.credential === 'answered', 120_000)
    const account = net.keys[4]?.account ?? new Uint8Array(0)
    for (const { node } of net.running.slice(0, 4)) {
      await until(() => (validatorOf(node.chain.tip.state, account)?.credentialExpiry ?? 0) > 0)
    }
    expect(seen(person)?.challenge).toBeUndefined()
    person.freshness = 'lost'
    await until(() => seen(person)?.credential === 'none', 120_000)
    expect(seen(person)?.contactLostSinceMs).toBeDefined()
    expect(troublesOf(net.running)).toEqual([])
  }, 240_000)

  it('LIVE-7 hears why an answer is none, sends nothing, and is asked again', async () => {
    const person = await newPerson()
    // Breathing evenly at a pace of one's own follows no codeword.
    const refused = await answer(person, [8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8])
    expect(refused.ok).toBe(false)
    expect(refused).toHaveProperty('code', expect.stringMatching(/^(WEAK_RESPONSE|OTHER_RHYTHM)$/))
    await until(() => seen(person)?.challenge?.step === 'open')
    expect(seen(person)?.credential).toBe('none')
    const broken = { ticks: [1], marks: [], firstOffsetTicks: NaN }
    const { epoch } = seen(person)?.challenge ?? { epoch: 0 }
    for (const windows of [[], [broken]]) {
      const result = await person.service.command({ type: 'answerChallenge', epoch, windows })
      expect(result.ok).toBe(false)
    }
  }, 240_000)
})
