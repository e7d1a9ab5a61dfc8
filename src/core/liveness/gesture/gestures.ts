/**
 * What a blink and head challenge asks (LIVE-4): in each of eight slots one of four things, drawn
 * alike, nothing among them. So their number and their times are random, and every fixed answer has
 * the same chance.
 */

export const gestures = ['rest', 'blink', 'left', 'right'] as const

/** `left` and `right` are the person's own. */
export type Gesture = (typeof gestures)[number]

/** Room for a slow blink, or to turn and look back. */
export const gestureSlotMs = 2000
export const gestureSlots = 8
/** Before the first, in which the open eyes are learnt. */
export const gestureLeadMs = 2000
/** Bytes of randomness that `drawGestures` takes. */
export const gestureBytes = 2

export function drawGestures(random: Uint8Array): readonly Gesture[] {
  return Array.from({ length: gestureSlots }, (_, slot) => {
    const byte = random[slot >> 2] ?? 0
    return gestures[(byte >> (2 * (slot & 3))) & 3] ?? 'rest'
  })
}
