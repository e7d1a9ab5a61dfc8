/** Keeps what is measured for as long as its owner wants, and hands it out again (PRIV-1). */
import type { UnlockedKeys } from '../node/api.ts'
import type { SensorEvent } from '../ports/sensor.ts'
import { Minutes, type Minute } from './minutes.ts'
import { recordingCsv } from './recordingCsv.ts'
import { keptMsOf, retentionOf, type Retention } from './retention.ts'
import type { SensorSession } from './sensorSession.svelte.ts'
import type { OpenRecordings, RecordingInfo, Services } from './services.ts'

const troubles = {
  STORAGE_FULL:
    'There is no room left: the newest beats were not kept. Free some space on this device.',
  STORAGE_BLOCKED:
    'This browser does not let the page store anything. Allow storage for this site.',
} as const

export class Recorder {
  readonly #services: Services
  readonly #sensor: SensorSession
  readonly #minutes = new Minutes()
  /** One thing after the other, so that nothing is written behind an erasure. */
  #turn: Promise<unknown> = Promise.resolve()
  #open: OpenRecordings | undefined
  #retention = $state.raw<Retention>('none')
  #info = $state.raw<RecordingInfo | undefined>()
  #problem = $state.raw<string | undefined>()

  constructor(services: Services, sensor: SensorSession) {
    this.#services = services
    this.#sensor = sensor
    this.#retention = retentionOf(services.memory.get('retention'))
    sensor.onEvent((event) => {
      this.#take(event)
    })
  }

  get retention(): Retention {
    return this.#retention
  }

  /** Undefined until `refresh` has looked. */
  get info(): RecordingInfo | undefined {
    return this.#info
  }

  get problem(): string | undefined {
    return this.#problem
  }

  async unlock(keys: UnlockedKeys): Promise<void> {
    const recordings = await this.#services.loadRecordings()
    this.#open = await recordings.open(keys.identitySeed)
    await this.#inTurn(() => this.#forget())
  }

  /** What was begun is kept; from now on nothing can be read or added. */
  async lock(): Promise<void> {
    await this.flush()
    this.#open = undefined
  }

  /** With `none` everything kept is erased. */
  async choose(retention: Retention): Promise<void> {
    this.#retention = retention
    this.#services.memory.set('retention', retention)
    this.#problem = undefined
    if (retention === 'none') await this.erase()
    else await this.#inTurn(() => this.#forget())
    await this.refresh()
  }

  async refresh(): Promise<void> {
    await this.#inTurn(async () => {
      const recordings = await this.#services.loadRecordings()
      this.#info = await recordings.info()
    })
  }

  async erase(): Promise<void> {
    this.#minutes.flush()
    await this.#inTurn(async () => {
      const recordings = await this.#services.loadRecordings()
      await recordings.erase()
    })
    await this.refresh()
  }

  /** The table of everything that opens; `undefined` while the keys are locked. */
  async table(): Promise<string | undefined> {
    await this.flush()
    const open = this.#open
    if (open === undefined) return undefined
    const { minutes, unreadable } = await open.read()
    this.#problem =
      unreadable === 0
        ? undefined
        : `${unreadable} minutes could not be read: they are of other keys, or damaged.`
    return recordingCsv(minutes)
  }

  async flush(): Promise<void> {
    const rest = this.#minutes.flush()
    if (rest !== undefined) await this.#keep(rest)
  }

  #take(event: SensorEvent): void {
    if (this.#open === undefined || this.#retention === 'none') return
    if (event.kind === 'status' && event.state === 'stopped') void this.flush()
    const { provenance } = this.#sensor
    if (event.kind !== 'beats' || provenance === undefined) return
    for (const minute of this.#minutes.take(event, provenance)) void this.#keep(minute)
  }

  async #keep(minute: Minute): Promise<void> {
    await this.#inTurn(async () => {
      if (this.#open === undefined || this.#retention === 'none') return
      const kept = await this.#open.keep(minute)
      this.#problem = kept.ok ? undefined : troubles[kept.error.code]
      await this.#forget()
    })
    await this.refresh()
  }

  async #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(work)
    // A browser may let the page store nothing at all: that is said, and stops nothing else.
    this.#turn = done.catch(() => {
      this.#problem = troubles.STORAGE_BLOCKED
    })
    await this.#turn
  }

  /** Whoever keeps nothing has nothing that grows old: no database is made for it. */
  async #forget(): Promise<void> {
    if (this.#retention === 'none') return
    const recordings = await this.#services.loadRecordings()
    await recordings.removeBefore(Date.now() - keptMsOf(this.#retention))
  }
}
