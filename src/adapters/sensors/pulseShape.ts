/**
 * A pulse wave to draw for beats whose real wave is not measured (SENS-4): a steep rise, the
 * reflected wave after it, and the decay. For display alone; nothing is computed from it.
 */

export const pulseSampleRateHz = 50

/** Values of the wave from `startMs` on; `beatsMs` are all beats that still reach into it. */
export function pulseShape(
  beatsMs: readonly number[],
  startMs: number,
  samples: number,
): Float32Array {
  const values = new Float32Array(samples)
  for (let index = 0; index < samples; index += 1) {
    const atMs = startMs + (index * 1000) / pulseSampleRateHz
    let value = 0
    for (const beatMs of beatsMs) value += pulseAt(atMs - beatMs)
    values[index] = value
  }
  return values
}

function pulseAt(sinceMs: number): number {
  return bell(sinceMs, 150, sinceMs < 150 ? 55 : 110) + 0.35 * bell(sinceMs, 400, 90)
}

function bell(sinceMs: number, centreMs: number, widthMs: number): number {
  return Math.exp(-0.5 * ((sinceMs - centreMs) / widthMs) ** 2)
}
