/**
 * A page with the sensors of the product and nothing else: what they report can be read from
 * outside.
 */

import { BeatBuffer } from '../../../src/adapters/sensors/beatBuffer.ts'
import type { Camera } from '../../../src/adapters/sensors/camera.ts'
import { BluetoothStrap } from '../../../src/adapters/sensors/bluetoothStrap.ts'
import type { Clock } from '../../../src/ports/clock.ts'
import type { Sensor, SensorEvent } from '../../../src/ports/sensor.ts'
import type { FaceFinder } from '../../../workers/camera/faceFinder.ts'

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
let camera: Camera | undefined
let finder: Promise<FaceFinder> | undefined

export const harness = {
  events,
  violations,
  regionCounts,
  cutLatest: () => buffer.cutLatest(Date.now()),
  cutWindow: (endMs: number) => buffer.cutWindow(endMs),
  freshness: () => buffer.freshness(Date.now()),
  /**
   * What the bundled model sees in a picture, mirrored or not: landmarks in sixteenths of a pixel.
   */
  landmarks: async (jpeg: string, isMirrored: boolean) => {
    const image = new Image()
    image.src = jpeg
    await image.decode()
    const canvas = new OffscreenCanvas(image.width, image.height)
    const context = canvas.getContext('2d')
    if (context === null) return undefined
    if (isMirrored) context.setTransform(-1, 0, 0, 1, image.width, 0)
    context.drawImage(image, 0, 0)
    const { FaceFinder } = await import('../../../workers/camera/faceFinder.ts')
    finder ??= FaceFinder.load()
    const mesh = await (await finder).find(canvas.transferToImageBitmap())
    return mesh?.map(([x, y]) => [
      Math.round(16 * image.width * x),
      Math.round(16 * image.height * y),
    ])
  },
  /** The light challenge over so many seconds of frames, of which the last eight were asked. */
  askFace: async (seconds: number) => {
    if (camera?.face.begin('light') !== true) return undefined
    await new Promise((later) => setTimeout(later, 1000 * seconds))
    const untilMs = Date.now()
    const shownMs = Array.from({ length: 17 }, (_, slot) => untilMs - 8000 + 500 * slot)
    const sequence = [3, 0, 1, 2, 2, 1, 3, 0, 0, 3, 2, 1, 1, 0, 2, 3]
    return camera.face.judge({ kind: 'light', sequence, shownMs })
  },
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
  const opened = import('../../../src/adapters/sensors/camera.ts').then((module) => {
    const made = new module.Camera(clock, mode)
    camera = made
    made.onRegions((regions) => regionCounts.push(regions.length))
    return made
  })
  void run(opened)
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
