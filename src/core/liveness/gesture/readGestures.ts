/**
 * Slow blinks and turns of the head in a series of poses (LIVE-4), each with hysteresis: it begins
 * beyond one bound and ends within another, so that noise at a bound is no second gesture.
 */

import type { FacePose } from './facePose.ts'
import type { Gesture } from './gestures.ts'

export interface PoseSample extends FacePose {
  /** Whole ms on the clock of the slots. */
  readonly timeMs: number
}

export interface SeenGesture {
  readonly gesture: Exclude<Gesture, 'rest'>
  readonly onsetMs: number
}

/** In percent of the open eyes: shut below, open again above. */
const shutPercent = 60
const openPercent = 80
/** People blink every few seconds, for 0.1 to 0.3 s: that is no answer. */
const blinkMsMin = 400
const blinkMsMax = 1800
/** Of half the face's width, from the person's own straight look: about 20 and 10 degrees. */
const turnedBp = 2500
const backBp = 1200
const turnMsMin = 150

type State =
  | { readonly is: 'open' }
  | { readonly is: 'shut'; readonly sinceMs: number }
  | { readonly is: 'turned'; readonly to: 'left' | 'right'; readonly sinceMs: number }

/** `straight` are the open eyes and the straight look of this person. */
export function readGestures(
  samples: readonly PoseSample[],
  straight: FacePose,
): readonly SeenGesture[] {
  const seen: SeenGesture[] = []
  let state: State = { is: 'open' }
  for (const sample of samples) {
    const next = stateAfter(state, sample, straight)
    if (next !== state) pushEnded(seen, state, sample.timeMs)
    state = next
  }
  // What is still going on at the end was begun in a slot.
  pushEnded(seen, state, samples.at(-1)?.timeMs ?? 0)
  return seen
}

/** Turned eyes look narrower or wider than they are: a head that is turned does not blink here. */
function stateAfter(state: State, sample: PoseSample, straight: FacePose): State {
  const { timeMs } = sample
  const yawBp = sample.yawBp - straight.yawBp
  const part = 100 * sample.opennessBp
  if (state.is === 'turned' && (state.to === 'left' ? yawBp : -yawBp) >= backBp) return state
  if (yawBp >= turnedBp) return { is: 'turned', to: 'left', sinceMs: timeMs }
  if (yawBp <= -turnedBp) return { is: 'turned', to: 'right', sinceMs: timeMs }
  if (state.is === 'shut' && part < openPercent * straight.opennessBp) return state
  if (part <= shutPercent * straight.opennessBp) return { is: 'shut', sinceMs: timeMs }
  return state.is === 'open' ? state : { is: 'open' }
}

function pushEnded(seen: SeenGesture[], state: State, endMs: number): void {
  if (state.is === 'open') return
  const lastedMs = endMs - state.sinceMs
  if (state.is === 'turned') {
    if (lastedMs >= turnMsMin) seen.push({ gesture: state.to, onsetMs: state.sinceMs })
    return
  }
  if (lastedMs >= blinkMsMin && lastedMs <= blinkMsMax) {
    seen.push({ gesture: 'blink', onsetMs: state.sinceMs })
  }
}
