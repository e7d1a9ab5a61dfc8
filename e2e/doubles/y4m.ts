/**
 * A clip with a pulse, for Chromium's fake camera (`--use-file-for-fake-video-capture`). The clip
 * loops, so it holds a whole number of beats. Noise is needed: half a percent of green is less than
 * one step of eight bits, and only noise lets it through.
 */

import { closeSync, openSync, writeSync } from 'node:fs'
import { seededRandom } from '../../src/adapters/sensors/seededRandom.ts'

export interface Picture {
  readonly width: number
  readonly height: number
  /** Red, green, blue for each pixel. */
  readonly rgb: Uint8Array
  /** 1 where blood flows. */
  readonly skin: Uint8Array
}

export interface Pulse {
  /** Beats a minute; times `clipSeconds` over 60 a whole number. */
  readonly bpm: number
  /** Share by which green falls with a beat. */
  readonly amplitude: number
}

export const clipSeconds = 10
const framesPerSecond = 30
const noiseLevels = 1.5
const noiseCount = 2 ** 18

/** A face reduced to the oval of its skin. */
export function ovalPicture(width = 320, height = 240): Picture {
  const rgb = new Uint8Array(3 * width * height)
  const skin = new Uint8Array(width * height)
  for (let at = 0; at < width * height; at += 1) {
    const x = ((at % width) + 0.5) / width - 0.5
    const y = (Math.floor(at / width) + 0.5) / height - 0.5
    const isSkin = (x / 0.2) ** 2 + (y / 0.36) ** 2 < 1
    skin[at] = isSkin ? 1 : 0
    rgb.set(isSkin ? [190, 140, 120] : [90, 100, 110], 3 * at)
  }
  return { width, height, rgb, skin }
}

/** What a lens sees through a fingertip that covers it. */
export function fingerPicture(width = 320, height = 240): Picture {
  const rgb = Uint8Array.from({ length: 3 * width * height }, (_, at) => [180, 40, 30][at % 3] ?? 0)
  return { width, height, rgb, skin: new Uint8Array(width * height).fill(1) }
}

export function writeClip(path: string, picture: Picture, pulse: Pulse): void {
  const { width, height } = picture
  const file = openSync(path, 'w')
  writeSync(file, `YUV4MPEG2 W${width} H${height} F${framesPerSecond}:1 Ip A1:1 C420jpeg\n`)
  const noise = gaussian()
  const random = seededRandom(2)
  for (let frame = 0; frame < framesPerSecond * clipSeconds; frame += 1) {
    const phase = (2 * Math.PI * pulse.bpm * frame) / (60 * framesPerSecond)
    const wave = pulse.amplitude * Math.sin(phase)
    const shares = [1 - 0.35 * wave, 1 - wave, 1 - 0.5 * wave] as const
    writeSync(file, 'FRAME\n')
    writeSync(file, paint(picture, shares, noise, Math.floor(random() * noiseCount)))
  }
  closeSync(file)
}

/** BT.601 in limited range, colour at half the resolution: what Chromium expects of a y4m. */
function paint(
  { width, height, rgb, skin }: Picture,
  shares: readonly [number, number, number],
  noise: Float32Array,
  shift: number,
): Uint8Array {
  const pixels = width * height
  const frame = new Uint8Array(pixels + pixels / 2)
  for (let at = 0; at < pixels; at += 1) {
    const [r, g, b] = colorAt(rgb, skin, at, shares)
    const grain = noise[(shift + at) % noiseCount] ?? 0
    const luma = 16 + (65.481 * r + 128.553 * g + 24.966 * b) / 255 + grain
    frame[at] = Math.max(16, Math.min(235, Math.round(luma)))
  }
  for (let row = 0; row < height / 2; row += 1) {
    for (let column = 0; column < width / 2; column += 1) {
      const at = 2 * row * width + 2 * column
      const [r, g, b] = colorAt(rgb, skin, at, shares)
      const to = pixels + (row * width) / 2 + column
      const grainU = 0.6 * (noise[(shift + at + 1) % noiseCount] ?? 0)
      const grainV = 0.6 * (noise[(shift + at + 7777) % noiseCount] ?? 0)
      frame[to] = Math.round(128 + (-37.797 * r - 74.203 * g + 112 * b) / 255 + grainU)
      frame[to + pixels / 4] = Math.round(128 + (112 * r - 93.786 * g - 18.214 * b) / 255 + grainV)
    }
  }
  return frame
}

function colorAt(
  rgb: Uint8Array,
  skin: Uint8Array,
  at: number,
  shares: readonly [number, number, number],
): readonly [number, number, number] {
  const r = rgb[3 * at] ?? 0
  const g = rgb[3 * at + 1] ?? 0
  const b = rgb[3 * at + 2] ?? 0
  return skin[at] === 1 ? [r * shares[0], g * shares[1], b * shares[2]] : [r, g, b]
}

function gaussian(): Float32Array {
  const random = seededRandom(1)
  return Float32Array.from({ length: noiseCount }, () => {
    const radius = Math.sqrt(-2 * Math.log(random() + 1e-9))
    return noiseLevels * radius * Math.cos(2 * Math.PI * random())
  })
}
