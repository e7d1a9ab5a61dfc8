/**
 * A heart-rate strap over Web Bluetooth (SENS-1, SENS-3).
 *
 * Whoever listens sees `lost` at once when the link breaks or contact is gone, and within 3 s when
 * beats stop coming; the strap is then connected again by itself, with back-off, for as long as it
 * takes.
 */

import { err, ok, type Result } from '../../core/base/result.ts'
import type { Clock } from '../../ports/clock.ts'
import {
  staleMs,
  type Sensor,
  type SensorError,
  type SensorEvent,
  type SensorState,
  type StatusReason,
} from '../../ports/sensor.ts'
import { chooserError, linkError } from './bluetoothErrors.ts'
import { EcgSignal } from './ecgSignal.ts'
import { SensorEvents } from './sensorEvents.ts'
import { openStrapExtras } from './strapExtras.ts'
import { openStrapLink, readStrapDevice, strapRequest } from './strapLink.ts'
import { StrapSignal } from './strapSignal.ts'

/** Linux takes a few seconds to find a sleeping strap; beyond this the attempt is dead. */
const connectTimeoutMs = 15_000
const firstAttemptsMax = 3
const backoffMsMin = 500
const backoffMsMax = 15_000
/**
 * A link without a packet for so long is dropped and made anew: some stacks never say that it
 * broke.
 */
const deafLinkMs = 12_000

/** In this page: a second strap is refused, so that no two hearts are mixed. */
let isStrapRunning = false

export class BluetoothStrap implements Sensor {
  readonly provenance = 'strap'
  readonly #clock: Clock
  readonly #bluetooth: Bluetooth | undefined
  readonly #events = new SensorEvents()
  readonly #signal: StrapSignal
  #device: BluetoothDevice | undefined
  #isStarted = false
  #ecg = new EcgSignal()
  #closeLink: (() => void) | undefined
  #closeExtras: (() => void) | undefined
  #cancelTimer: (() => void) | undefined
  #cancelWatch: (() => void) | undefined
  #state: SensorState = 'stopped'
  #reason: StatusReason | undefined
  #attempt = 0

  /** `bluetooth` is `navigator.bluetooth`, which many browsers lack (SENS-5). */
  constructor(clock: Clock, bluetooth: Bluetooth | undefined) {
    this.#clock = clock
    this.#bluetooth = bluetooth
    this.#signal = new StrapSignal((event) => this.#events.emit(event))
  }

  /** Opens the browser's chooser: call it from a press of the person. */
  async start(): Promise<Result<void, SensorError>> {
    if (this.#isStarted) return err({ code: 'ALREADY_STARTED' })
    if (isStrapRunning) return err({ code: 'STRAP_IN_USE' })
    if (!globalThis.isSecureContext) return err({ code: 'INSECURE_CONTEXT' })
    if (this.#bluetooth === undefined) return err({ code: 'BLUETOOTH_UNSUPPORTED' })
    this.#isStarted = true
    isStrapRunning = true
    this.#status('searching')
    const result = await this.#choose(this.#bluetooth)
    if (!result.ok) await this.stop()
    return result
  }

  async stop(): Promise<void> {
    if (!this.#isStarted) return
    this.#isStarted = false
    isStrapRunning = false
    this.#cancelTimer?.()
    this.#cancelWatch?.()
    this.#endLink()
    this.#signal.break()
    this.#device?.removeEventListener('gattserverdisconnected', this.#onDisconnect)
    this.#device?.gatt?.disconnect()
    this.#device = undefined
    this.#status('stopped')
    await Promise.resolve()
  }

  onEvent(handler: (event: SensorEvent) => void): () => void {
    return this.#events.add(handler)
  }

  async #choose(bluetooth: Bluetooth): Promise<Result<void, SensorError>> {
    let device: BluetoothDevice
    try {
      if (!(await bluetooth.getAvailability())) return err({ code: 'BLUETOOTH_OFF' })
      device = await bluetooth.requestDevice(strapRequest)
    } catch (thrown) {
      return err(chooserError(thrown))
    }
    if (!this.#isRunning()) return err({ code: 'CHOOSER_CANCELLED' })
    this.#device = device
    this.#events.emit({ kind: 'device', ...(device.name !== undefined && { name: device.name }) })
    this.#status('connecting')
    let result = await this.#connect(device)
    for (let attempt = 1; attempt < firstAttemptsMax; attempt += 1) {
      if (result.ok || result.error.code !== 'CONNECT_FAILED' || !this.#isRunning()) break
      result = await this.#connect(device)
    }
    if (result.ok) device.addEventListener('gattserverdisconnected', this.#onDisconnect)
    return result
  }

  async #connect(device: BluetoothDevice): Promise<Result<void, SensorError>> {
    const gatt = device.gatt
    if (gatt === undefined) return err({ code: 'SERVICE_MISSING' })
    const attempt = { isTimedOut: false }
    const cancel = this.#clock.after(connectTimeoutMs, () => {
      attempt.isTimedOut = true
      gatt.disconnect()
    })
    try {
      const close = await openStrapLink(gatt, (packet) => {
        this.#packet(packet)
      })
      if (!this.#isRunning()) {
        close()
        return err({ code: 'CHOOSER_CANCELLED' })
      }
      this.#closeLink = close
    } catch (thrown) {
      if (attempt.isTimedOut) return err({ code: 'CONNECT_FAILED', reason: 'no answer in time' })
      return err(linkError(thrown))
    } finally {
      cancel()
    }
    this.#signal.linkOpened(this.#clock.nowMs())
    this.#watch()
    void this.#openExtras(device, gatt)
    return ok(undefined)
  }

  /** After the beats, which wait for none of it. */
  async #openExtras(device: BluetoothDevice, gatt: BluetoothRemoteGATTServer): Promise<void> {
    const closeLink = this.#closeLink
    const isCurrent = (): boolean => this.#isRunning() && this.#closeLink === closeLink
    const event = await readStrapDevice(device, gatt)
    if (!isCurrent()) return
    this.#events.emit(event)
    this.#ecg = new EcgSignal()
    const close = await openStrapExtras(gatt, {
      onBattery: (battery) => {
        this.#events.emit({ ...event, battery })
      },
      onEcg: (packet) => {
        const wave = this.#ecg.packet(packet, this.#clock.nowMs())
        if (wave !== undefined) this.#events.emit(wave)
      },
    })
    if (isCurrent()) this.#closeExtras = close
    else close()
  }

  #endLink(): void {
    this.#closeLink?.()
    this.#closeLink = undefined
    this.#closeExtras?.()
    this.#closeExtras = undefined
  }

  /** Also true after an `await`, where the compiler would believe the value from before it. */
  #isRunning(): boolean {
    return this.#isStarted
  }

  readonly #onDisconnect = (): void => {
    this.#endLink()
    this.#cancelWatch?.()
    this.#signal.break()
    this.#status('lost', 'DISCONNECTED')
    this.#attempt = 0
    this.#reconnect('DISCONNECTED')
  }

  #reconnect(reason: StatusReason): void {
    const device = this.#device
    if (!this.#isStarted || device === undefined) return
    const delayMs = Math.min(backoffMsMax, backoffMsMin * 2 ** this.#attempt)
    this.#attempt = Math.min(this.#attempt + 1, 10)
    this.#cancelTimer?.()
    this.#cancelTimer = this.#clock.after(delayMs, () => {
      this.#status('reconnecting', reason)
      void this.#connect(device).then((result) => {
        if (result.ok) return
        const isForeign = result.error.code === 'SERVICE_MISSING'
        this.#reconnect(isForeign ? 'SERVICE_MISSING' : 'DISCONNECTED')
      })
    })
  }

  #packet(packet: DataView): void {
    const reason = this.#signal.packet(packet, this.#clock.nowMs())
    if (reason === undefined) this.#status('live')
    else if (reason !== 'WAITING') this.#status('lost', reason)
  }

  /** Looks twice a second whether beats still come. */
  #watch(): void {
    this.#cancelWatch?.()
    this.#cancelWatch = this.#clock.after(500, () => {
      const nowMs = this.#clock.nowMs()
      const reason = this.#signal.silence(nowMs, staleMs)
      if (reason !== undefined) this.#status('lost', reason)
      if (this.#signal.packetAgeMs(nowMs) > deafLinkMs) this.#device?.gatt?.disconnect()
      else this.#watch()
    })
  }

  #status(state: SensorState, reason?: StatusReason): void {
    if (state === this.#state && reason === this.#reason) return
    this.#state = state
    this.#reason = reason
    const timeMs = this.#clock.nowMs()
    this.#events.emit({ kind: 'status', timeMs, state, ...(reason !== undefined && { reason }) })
  }
}
