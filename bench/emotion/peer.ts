/**
 * The same colours through the local methods of the `vitallens` package (0.4.5): its own windows,
 * formulas and rate. It takes videos of faces; here each frame is a small picture in the recorded
 * colour, and the region is all of it, so that its detector of faces has nothing to do.
 *
 * It keeps the last 1800 frames and says a heart rate of them, no variability and no doubt: RMSSD
 * is that of its wave, the beats taken as they come. Both are compared with the strap's last
 * minute.
 */

import '@tensorflow/tfjs-backend-cpu'
import { VitalLens } from 'vitallens'
import { displayHrv } from '../../src/adapters/sensors/hrv/displayHrv.ts'
import { contactSamples } from '../../src/adapters/sensors/rppg/contactSamples.ts'
import { estimatePulse } from '../../src/adapters/sensors/rppg/estimatePulse.ts'
import { findBeats } from '../../src/adapters/sensors/rppg/findBeats.ts'
import {
  resample,
  rppgRateHz,
  type RgbSample,
  type RgbSeries,
} from '../../src/adapters/sensors/rppg/rgbTrace.ts'
import { rowsOf } from './recordings.ts'

export const peerMethods = ['pos', 'chrom', 'g'] as const
export type PeerMethod = (typeof peerMethods)[number]

/** NaN where it has no answer. */
interface PeerAnswer {
  readonly hr: number
  readonly rmssd: number
}

const lastMs = 60_000
/** Its mean over 256 pixels tells colours to 1/256 of a level. */
const side = 16
const pictureBytes = 3 * side * side

/** Errors against the strap's intervals in milliseconds, oldest first. */
export async function peerErrors(
  name: string,
  strap: readonly number[],
): Promise<Readonly<Record<PeerMethod, PeerAnswer>>> {
  const colours = resample(samplesOf(name))
  const reference = hrvOf(lastOf(strap))
  const errorOf = async (method: PeerMethod): Promise<PeerAnswer> => {
    const answer = await read(method, colours)
    return { hr: answer.hr - reference.hr, rmssd: answer.rmssd - reference.rmssd }
  }
  return { pos: await errorOf('pos'), chrom: await errorOf('chrom'), g: await errorOf('g') }
}

function samplesOf(name: string): readonly RgbSample[] {
  return rowsOf(name).map((fields) => {
    const [timeMs = 0, r = 0, g = 0, b = 0] = fields.map(Number)
    return { timeMs, r, g, b }
  })
}

/** The intervals that end in the last minute. */
function lastOf(strap: readonly number[]): readonly number[] {
  let leftMs = lastMs
  return strap
    .toReversed()
    .filter((rr) => (leftMs -= rr) >= 0)
    .toReversed()
}

function hrvOf(rr: readonly number[]): PeerAnswer {
  const marks = rr.map(() => false)
  const { hrBpm = NaN, rmssdMs = NaN } = displayHrv(rr, marks)
  return { hr: hrBpm, rmssd: rmssdMs }
}

async function read(method: PeerMethod, colours: RgbSeries): Promise<PeerAnswer> {
  const lens = new VitalLens({ method, globalRoi: { x0: 0, y0: 0, x1: side, y1: side } })
  // The package reads files by FFmpeg alone; its reader is replaced, all else is its own.
  lens.controller.ffmpeg = frameReader(colours)
  const { vitals, waveforms } = await lens.processVideoFile('')
  const wave = Float64Array.from(waveforms.ppg_waveform?.data ?? [])
  const estimate = estimatePulse(contactSamples(wave, rppgRateHz), ['red'])
  const beats = estimate === undefined ? [] : findBeats(estimate)
  const rr = beats.slice(1).map(({ timeMs }, index) => timeMs - (beats[index]?.timeMs ?? 0))
  return { hr: vitals.heart_rate?.value ?? NaN, rmssd: hrvOf(rr).rmssd }
}

/** What the package calls of its wrapper of FFmpeg. */
interface FrameReader {
  init(): Promise<void>
  loadInput(): Promise<void>
  cleanup(): void
  probeVideo(): Promise<object>
  readVideo(
    input: unknown,
    options: { readonly trim: { readonly startFrame: number; readonly endFrame: number } },
  ): Promise<Uint8Array>
}

function frameReader({ r, g, b }: RgbSeries): FrameReader {
  const probe = { fps: rppgRateHz, totalFrames: r.length, width: side, height: side }
  return {
    init: () => Promise.resolve(),
    loadInput: () => Promise.resolve(),
    cleanup: () => undefined,
    probeVideo: () => Promise.resolve({ ...probe, codec: '', bitrate: 0, rotation: 0 }),
    readVideo: (_, { trim }) => {
      const bytes = new Uint8Array((trim.endFrame - trim.startFrame) * pictureBytes)
      for (let frame = trim.startFrame; frame < trim.endFrame; frame += 1) {
        const colour = [r, g, b].map((channel) => channel[frame] ?? 0)
        bytes.set(picture(colour), (frame - trim.startFrame) * pictureBytes)
      }
      return Promise.resolve(bytes)
    },
  }
}

/** Whole levels whose mean is the colour. */
function picture(colour: readonly number[]): Uint8Array {
  const pixels = side * side
  const bytes = new Uint8Array(pictureBytes)
  for (const [channel, level] of colour.entries()) {
    const total = Math.round(level * pixels)
    const low = Math.floor(total / pixels)
    const above = total % pixels
    for (let pixel = 0; pixel < pixels; pixel += 1) {
      bytes[3 * pixel + channel] = low + (pixel < above ? 1 : 0)
    }
  }
  return bytes
}
