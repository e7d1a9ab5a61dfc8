/** A frame and beats for tests of the sensor stream. */
import {
  StreamAdvice,
  StreamLoss,
  StreamState,
  type StreamBeat,
  type StreamFrame,
} from '../codec/sensor.ts'

export const startUs = 1_800_000_000_000_000

export function frameWith(part: Partial<StreamFrame> = {}): StreamFrame {
  return {
    sequence: 1,
    sentUs: startUs,
    probe: 0,
    probeUs: 0,
    state: StreamState.LIVE,
    device: 'camera 1, facing back',
    loss: StreamLoss.NOT_LOST,
    quality: 9000,
    advice: StreamAdvice.GOOD,
    framesCentiHz: 3000,
    rateCentiBpm: 7200,
    series: 0,
    beats: [],
    ...part,
  }
}

/** `count` beats, 853 ticks (833 ms) apart, the newest at `lastUs`. */
export function beatsUntil(lastUs: number, count: number): StreamBeat[] {
  return Array.from({ length: count }, (_, index) => ({
    timeUs: lastUs - (count - 1 - index) * 833_000,
    rrTicks: 853,
    uncertaintyUs: 9000,
    isDoubtful: false,
  }))
}
