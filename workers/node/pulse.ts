/** The beats that the window sends, as the duty cycle reads them. */
import { BeatBuffer } from '../../src/adapters/sensors/beatBuffer.ts'
import type { Pulse } from '../../src/ports/pulse.ts'
import type { BeatsEvent, Provenance } from '../../src/ports/sensor.ts'

export interface FedPulse extends Pulse {
  add(event: BeatsEvent): void
}

export function fedPulse(provenance: Provenance, deviceName: string | undefined): FedPulse {
  const buffer = new BeatBuffer()
  return {
    provenance,
    deviceName,
    add: (event) => {
      buffer.add(event)
    },
    cutLatest: (nowMs) => buffer.cutLatest(nowMs),
    cutWindow: (endMs) => buffer.cutWindow(endMs),
    contiguousMs: (nowMs) => buffer.contiguousMs(nowMs),
    freshness: (nowMs) => buffer.freshness(nowMs),
  }
}
