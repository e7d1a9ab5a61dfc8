/** A sequence of colours from seeded bytes, as the page draws one from secret ones (LIVE-3). */

import { drawSequence, sequenceBytes } from '../../../src/core/liveness/light/colors.ts'
import type { Deviates } from '../random.ts'

export function drawLight(source: Deviates): readonly number[] {
  return drawSequence(Uint8Array.from({ length: sequenceBytes }, () => source.below(256)))
}
