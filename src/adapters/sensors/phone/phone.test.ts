import { afterEach, describe, expect, it } from 'vitest'
import { sealedBlockBytes } from '../../../core/stream/sealedBlocks.ts'
import { linkText, linkPeerSeed, parseLink } from '../../../core/stream/link.ts'
import type { DeviceChannel } from '../../../ports/deviceLink.ts'
import type { Sensor, SensorEvent } from '../../../ports/sensor.ts'
import { ManualClock, seededRandom } from '../../network/testPlatform.ts'
import { BeatBuffer } from '../beatBuffer.ts'
import { SensorEvents } from '../sensorEvents.ts'
import { PhoneCamera } from './phoneCamera.ts'
import { CameraSender } from './phoneSender.ts'
import { Pipes } from './pipe.fixture.ts'

let stops: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const stop of stops) await stop()
  stops = []
})

/** A page and its phone, whose clock is an hour ahead. */
class Two {
  readonly clock = new ManualClock()
  readonly pipes = new Pipes()
  readonly camera = new SensorEvents()
  readonly page: PhoneCamera
  readonly phone: CameraSender
  readonly buffer = new BeatBuffer()
  readonly heard: SensorEvent[] = []
  readonly phoneClock = {
    nowMs: () => this.clock.nowMs() + 3_600_000,
    after: (delayMs: number, callback: () => void) => this.clock.after(delayMs, callback),
  }
  constructor() {
    const { clock, pipes } = this
    this.page = new PhoneCamera({ clock, link: pipes, random: seededRandom(1) })
    this.phone = this.another(2)
    this.page.onEvent((event) => {
      this.heard.push(event)
      if (event.kind === 'beats') this.buffer.add(event)
    })
    stops.push(() => this.page.stop())
  }

  another(seed: number): CameraSender {
    const random = seededRandom(seed)
    return new CameraSender({ clock: this.phoneClock, link: this.pipes, random })
  }

  get link(): string {
    const now = this.page.pairing
    return now.stage === 'waiting' ? now.link : ''
  }

  /** In quarters of a second, with a beat each second as of a heart of 60 while `isBeating`. */
  async pass(ms: number, isBeating = false): Promise<void> {
    for (let passed = 0; passed < ms; passed += 250) {
      this.clock.advance(250)
      if (isBeating && passed % 1000 === 0) this.beat()
      await settled()
    }
  }

  beat(series = 1): void {
    const timeMs = this.phoneClock.nowMs() - 800
    const beats = [{ timeMs, rrTicks: 1024, uncertaintyMs: 9 }]
    this.camera.emit({ kind: 'beats', series, beats })
  }

  async pair(): Promise<void> {
    expect(await this.page.start()).toEqual({ ok: true, value: undefined })
    await this.phone.start(this.link)
    await this.pass(1000)
  }

  async agree(): Promise<void> {
    await this.pair()
    const { camera } = this
    this.phone.agree({ onEvent: (handler) => camera.add(handler) })
    camera.emit({ kind: 'device', name: 'camera 0, facing front' })
    camera.emit({ kind: 'status', timeMs: 0, state: 'live' })
    this.page.accept()
    await this.pass(2000)
  }

  get beats(): number {
    return this.heard.reduce(
      (sum, event) => sum + (event.kind === 'beats' ? event.beats.length : 0),
      0,
    )
  }

  get status(): string {
    const last = this.heard.findLast((event) => event.kind === 'status')
    return `${String(last?.state)} ${last?.reason ?? ''}`.trim()
  }
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve()
}

describe('SENS-6 a phone measures for a page', () => {
  it('both show one number; beats flow once both agreed, with the time of the page', async () => {
    const two = new Two()
    await two.pair()
    const [asked, there] = [two.page.pairing, two.phone.pairing]
    expect(asked).toMatchObject({ stage: 'asked' })
    expect(there).toEqual(asked)
    await two.pass(3000, true)
    expect(two.beats).toBe(0)

    two.phone.agree({ onEvent: (handler) => two.camera.add(handler) })
    await two.pass(3000, true)
    expect(two.phone.pairing).toMatchObject({ stage: 'sending', isTaken: false })
    expect([two.beats, two.phone.sent.beats]).toEqual([0, 0])

    two.page.accept()
    two.camera.emit({ kind: 'device', name: 'camera 0, facing front' })
    two.camera.emit({ kind: 'status', timeMs: 0, state: 'live' })
    two.camera.emit({ kind: 'rate', timeMs: 0, bpm: 60 })
    two.camera.emit({
      kind: 'quality',
      timeMs: 0,
      quality: 9000,
      reason: 'GOOD',
      framesPerSecond: 30,
    })
    await two.pass(62_000, true)
    expect(two.page.provenance).toBe('camera')
    expect(two.status).toBe('live')
    expect(two.heard.filter(({ kind }) => kind === 'device')).toEqual([
      { kind: 'device', name: 'Phone: camera 0, facing front' },
    ])
    const window = two.buffer.cutLatest(two.clock.nowMs())
    expect(window.ok && window.value.ticks.length).toBeGreaterThan(57)
    expect(two.buffer.freshness(two.clock.nowMs())).toBe('fresh')
    expect(two.heard.findLast(({ kind }) => kind === 'rate')).toMatchObject({ bpm: 60 })
    expect(two.heard.findLast(({ kind }) => kind === 'quality')).toMatchObject({
      quality: 9000,
      reason: 'GOOD',
      framesPerSecond: 30,
    })
  })

  it('what crosses is blocks of one size, four a second, with beats or without', async () => {
    const two = new Two()
    await two.agree()
    two.pipes.crossed.length = 0
    await two.pass(10_000, true)
    const beating = two.pipes.crossed.length
    two.pipes.crossed.length = 0
    await two.pass(10_000)
    expect(two.pipes.crossed.length).toBe(beating)
    expect(beating).toBe(10 * (4 + 1))
    expect(new Set(two.pipes.crossed.map(({ length }) => length))).toEqual(
      new Set([sealedBlockBytes]),
    )
  })

  it('what the phone said before the page agreed is heard with the first frame after', async () => {
    const two = new Two()
    await two.pair()
    two.phone.agree({ onEvent: (handler) => two.camera.add(handler) })
    two.camera.emit({ kind: 'device', name: 'lens' })
    two.camera.emit({ kind: 'status', timeMs: 0, state: 'live' })
    await two.pass(3000, true)
    expect([two.status, two.beats]).toEqual(['searching', 0])
    two.page.accept()
    await two.pass(3000, true)
    expect(two.status).toBe('live')
    expect(two.heard).toContainEqual({ kind: 'device', name: 'Phone: lens' })
    expect(two.beats).toBeGreaterThan(1)
  })

  it('a wave is drawn where it was measured and nowhere else', async () => {
    const two = new Two()
    await two.agree()
    const values = new Float32Array(30)
    two.camera.emit({ kind: 'wave', wave: 'pulse', startMs: 0, sampleRateHz: 30, values })
    await two.pass(1000)
    expect(two.heard.filter(({ kind }) => kind === 'wave')).toEqual([])
  })
})

describe('SENS-6 SENS-3 what breaks is said, and comes back by itself for 30 s', () => {
  it('a channel that breaks for a moment costs no beat', async () => {
    const two = new Two()
    await two.agree()
    await two.pass(5000, true)
    two.pipes.breakAll()
    await settled()
    expect(two.status).toBe('lost PHONE_AWAY')
    await two.pass(60_000, true)
    expect(two.status).toBe('live')
    expect(two.buffer.cutLatest(two.clock.nowMs()).ok).toBe(true)
  })

  it('a network that is silent is noticed in 4 s; the window across it is refused', async () => {
    const two = new Two()
    await two.agree()
    await two.pass(30_000, true)
    two.pipes.isCut = true
    await two.pass(4000, true)
    expect(two.status).toBe('lost PHONE_AWAY')
    expect(two.page.pairing.stage).toBe('away')
    expect(two.phone.pairing.stage).toBe('away')
    await two.pass(6000, true)
    two.pipes.isCut = false
    await two.pass(20_000, true)
    expect(two.status).toBe('live')
    const window = two.buffer.cutLatest(two.clock.nowMs())
    expect(window).toMatchObject({ ok: false, error: { code: 'WINDOW_GAP' } })
    await two.pass(50_000, true)
    expect(two.buffer.cutLatest(two.clock.nowMs()).ok).toBe(true)
  })

  it('away for more than 30 s is the end at both', async () => {
    const two = new Two()
    await two.agree()
    two.pipes.isCut = true
    await two.pass(36_000)
    const ended = { stage: 'ended', reason: 'AWAY_TOO_LONG' }
    expect([two.page.pairing, two.phone.pairing]).toEqual([ended, ended])
    expect(two.status).toBe('lost PHONE_ENDED')
  })

  it.each(['page', 'phone'] as const)('stopped at the %s: the end at both', async (where) => {
    const two = new Two()
    await two.agree()
    await two[where].stop()
    await settled()
    const other = where === 'page' ? two.phone : two.page
    expect(two[where].pairing).toEqual({ stage: 'ended', reason: 'STOPPED_HERE' })
    expect(other.pairing).toEqual({ stage: 'ended', reason: 'STOPPED_THERE' })
    const before = two.beats
    await two.pass(5000, true)
    expect(two.beats).toBe(before)
  })

  it('a link that nobody came by is void after five minutes', async () => {
    const two = new Two()
    await two.page.start()
    const { link } = two
    await two.pass(301_000)
    expect(two.page.pairing).toEqual({ stage: 'ended', reason: 'LINK_EXPIRED' })
    await two.phone.start(link)
    await two.pass(2000)
    expect(two.phone.pairing).toEqual({ stage: 'connecting', problem: 'PAGE_ABSENT' })
    await two.pass(62_000)
    expect(two.phone.pairing).toEqual({ stage: 'ended', reason: 'NOT_REACHED' })
  })
})

describe('SENS-6 one phone, and only the one that the link was shown to', () => {
  it('a second phone by the same link is told so; the first goes on', async () => {
    const two = new Two()
    await two.page.start()
    const { link } = two
    await two.phone.start(link)
    await two.pass(1000)
    const second = two.another(3)
    await second.start(link)
    await two.pass(1000)
    expect(second.pairing).toEqual({ stage: 'ended', reason: 'LINK_USED' })
    expect(two.phone.pairing.stage).toBe('asked')
    expect(two.page.pairing.stage).toBe('asked')
  })

  it('also while the first is away', async () => {
    const two = new Two()
    await two.page.start()
    const { link } = two
    await two.phone.start(link)
    await two.pass(1000)
    two.phone.stop()
    await settled()
    const second = two.another(3)
    await second.start(link)
    await two.pass(2000)
    expect(second.pairing).toMatchObject({ stage: 'connecting', problem: 'PAGE_ABSENT' })
  })

  it('a second phone sensor in this page is refused with PHONE_IN_USE', async () => {
    const two = new Two()
    await two.page.start()
    const { clock, pipes } = two
    const second: Sensor = new PhoneCamera({ clock, link: pipes, random: seededRandom(9) })
    expect(await second.start()).toEqual({ ok: false, error: { code: 'PHONE_IN_USE' } })
    await two.page.stop()
    expect((await second.start()).ok).toBe(true)
    await second.stop()
  })

  it('a stranger who guesses, and a page with another key: no number on either side', async () => {
    const two = new Two()
    await two.page.start()
    const real = parseLink(two.link)
    if (!real.ok) throw new Error('the page shows a link')
    // Knows where the page waits, and not its secret.
    const caller = await two.pipes.caller(linkPeerSeed(real.value))
    const stranger = await caller.connect()
    if (!stranger.ok) throw new Error('anybody may call')
    const answers: Uint8Array[] = []
    let isClosed = false
    const channel: DeviceChannel = stranger.value
    channel.onMessage((message) => answers.push(message))
    channel.onClosed(() => {
      isClosed = true
    })
    channel.send(seededRandom(5).bytes(48))
    await two.pass(1000)
    expect([answers, isClosed, two.page.pairing.stage]).toEqual([[], true, 'waiting'])

    const pageKey = real.value.pageKey.map((byte) => byte ^ 1)
    const forged = { pageKey, secret: real.value.secret }
    await two.pipes.listen(linkPeerSeed(forged), (one) => {
      one.onMessage(() => one.send(seededRandom(6).bytes(48)))
    })
    await two.phone.start(linkText(forged))
    await two.pass(1000)
    expect(two.phone.pairing).toEqual({ stage: 'ended', reason: 'NOT_THE_PAGE' })
  })

  it('bytes that were not sealed there end the stream, and no beat comes of them', async () => {
    const two = new Two()
    await two.agree()
    const { pipes } = two
    // The last frame once more, as somebody on the way could send it.
    const sealed = pipes.crossed.findLast(({ length }) => length === sealedBlockBytes)!
    const before = two.beats
    pipes.inject(sealed)
    await settled()
    expect(two.page.pairing).toEqual({ stage: 'ended', reason: 'VIOLATION' })
    expect(two.beats).toBe(before)
  })

  it('a text that is no link is said to be none', async () => {
    const two = new Two()
    await two.phone.start('nonsense')
    expect(two.phone.pairing).toEqual({ stage: 'ended', reason: 'LINK_INVALID' })
  })
})
