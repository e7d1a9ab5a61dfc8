/**
 * A page with the sensors of the product and nothing else: what they report can be read from
 * outside.
 */

import { BeatBuffer } from '../../../src/adapters/sensors/beatBuffer.ts'
import { BluetoothStrap } from '../../../src/adapters/sensors/bluetoothStrap.ts'
import type { Clock } from '../../../src/ports/clock.ts'
import type { Sensor, SensorEvent } from '../../../src/ports/sensor.ts'

const clock: Clock = {
  nowMs: () => Date.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs)
    return () => {
      clearTimeout(timer)
    }
  },
}

const events: { readonly atMs: number; readonly event: SensorEvent }[] = []
const violations: string[] = []
const regionCounts: number[] = []
const buffer = new BeatBuffer()
let sensor: Sensor | undefined

export const harness = {
  events,
  violations,
  regionCounts,
  cutLatest: () => buffer.cutLatest(Date.now()),
  cutWindow: (endMs: number) => buffer.cutWindow(endMs),
  freshness: () => buffer.freshness(Date.now()),
  /** Beside the one that runs; what it says. */
  startSecondStrap: async () => {
    const second = await new BluetoothStrap(clock, navigator.bluetooth).start()
    return second.ok ? 'started' : second.error.code
  },
}
Object.assign(globalThis, { harness })

document.addEventListener('securitypolicyviolation', (event) => {
  violations.push(`${event.violatedDirective} ${event.blockedURI}`)
})

async function run(made: Sensor | Promise<Sensor>): Promise<void> {
  const result = document.querySelector('#result')
  if (result === null) return
  result.textContent = 'starting'
  await sensor?.stop()
  sensor = await made
  sensor.onEvent((event) => {
    events.push({ atMs: Date.now(), event })
    if (event.kind === 'beats') buffer.add(event)
  })
  const started = await sensor.start()
  result.textContent = started.ok ? 'started' : started.error.code
}

function onPress(id: string, action: () => void): void {
  document.querySelector(id)?.addEventListener('click', action)
}

onPress('#strap', () => {
  void run(new BluetoothStrap(clock, (navigator as Partial<Navigator>).bluetooth))
})
const startCamera = (mode: 'face' | 'oval' | 'finger'): void => {
  // Loaded when asked for, as the product does.
  const camera = import('../../../src/adapters/sensors/camera.ts').then((module) => {
    const made = new module.Camera(clock, mode)
    made.onRegions((regions) => regionCounts.push(regions.length))
    return made
  })
  void run(camera)
}
onPress('#camera', () => {
  startCamera('face')
})
onPress('#oval', () => {
  startCamera('oval')
})
onPress('#finger', () => {
  startCamera('finger')
})
onPress('#stop', () => {
  void sensor?.stop()
})
