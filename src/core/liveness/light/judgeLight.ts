/**
 * Whether the light of a random colour sequence came back from skin that stands nearer to the
 * screen than what is behind it (LIVE-3). Integers throughout, a pure function.
 *
 * y is, for each slot, the change of skin against background on both axes, without mean and line:
 * what the camera does to the whole picture cancels, and so does a surface that reflects evenly. x
 * are the signs of what was shown, N = 32. The answer counts when at some delay
 *
 *     R² = (x·y)² / (N·|y|²) ≥ ½†,  x·y > 0.
 *
 * The draw is uniform and later than anything that does not read it, so for such a y, whatever it
 * is, x·y is a sum of N independent signs with weights of length |y|: R² is reached with a chance
 * of at most exp(−N·R²/2) = exp(−8) (Hoeffding 1963), for six delays and the tenth of draws that is
 * drawn again 0.23 % at most. Nothing is fitted to hearts, skins or rooms.
 */

import { slotCount, type LightSequence } from './colors.ts'
import { fitLight, isChanging, type LightAnswer, type LightFit } from './fitLight.ts'
import { unjudged, type LightObservation, type UnjudgedReason } from './observation.ts'
import { slotLights, type Chroma, type SlotLight } from './slotLight.ts'

/** Display, exposure and the way of the frame take so long, in steps of 100 ms. */
export const lagMsMax = 500
const lagStepMs = 100
/** Looked at beyond, only to say that an answer came too late. */
const lateMsMax = 1500
export const shareBpMin = 5000
/** Glass gives back less than this, a face in a room of 800 lx mostly more (decision 0047). */
const gainBpMin = 50
/** The background may follow by half of what the skin does. */
const backgroundPartMax = 2
/** Root mean square of changes that follow nothing asked, above which another light made them. */
const otherLightBp = 100

export type LightVerdict =
  | ({ readonly verdict: 'accepted' } & LightAnswer)
  /** It was seen, and it is no face before this screen that saw this sequence. */
  | ({ readonly verdict: 'refused'; readonly reason: LightRefusal } & LightAnswer)
  | ({ readonly verdict: 'inconclusive'; readonly reason: LightDoubt } & LightAnswer)
  | { readonly verdict: 'inconclusive'; readonly reason: UnjudgedReason }

export type LightRefusal =
  /** What is beside the face answers as the face does: paper, a screen, a sheet. */
  | 'UNIFORM'
  /** The right answer, later than light and camera take. */
  | 'LATE'
  /** The colour of the skin changed, and not as it was asked. */
  | 'OTHER_LIGHT'

export type LightDoubt =
  /** Nothing came back: too bright a room, too far from the screen, or no face. */
  | 'NO_REFLECTION'
  /** Something did, as little as the glass of another screen throws back: the same to do. */
  | 'REFLECTION_WEAK'

export function judgeLight(sequence: LightSequence, observed: LightObservation): LightVerdict {
  if (!isSequence(sequence)) return { verdict: 'inconclusive', reason: 'FRAMES_INVALID' }
  const reason = unjudged(observed)
  if (reason !== undefined) return { verdict: 'inconclusive', reason }
  const { samples, shownMs } = observed
  const slotsAt = (lagMs: number): readonly SlotLight[] | undefined =>
    slotLights(samples, shownMs, lagMs)
  const inTime = lags(0, lagMsMax).map((lagMs) => ({ lagMs, slots: slotsAt(lagMs) }))
  const fits: LightFit[] = []
  const evenFits: LightFit[] = []
  for (const { lagMs, slots } of inTime) {
    if (slots === undefined) return { verdict: 'inconclusive', reason: 'FRAMES_MISSING' }
    fits.push(fitLight(sequence, slots.map(against), lagMs))
    evenFits.push(
      fitLight(
        sequence,
        slots.map(({ background }) => background),
        lagMs,
      ),
    )
  }
  const best = bestOf(fits)
  const even = evenFits[fits.indexOf(best)] ?? best
  if (best.shareBp >= shareBpMin) {
    // Skin is background and what it has beyond it: product = skin − background.
    const isNear = BigInt(backgroundPartMax - 1) * even.product <= best.product
    if (!isNear) return refused('UNIFORM', best)
    return best.gainBp >= gainBpMin ? accepted(best) : unclear('REFLECTION_WEAK', best)
  }
  if (bestOf(evenFits).shareBp >= shareBpMin) return refused('UNIFORM', bestOf(evenFits))
  const late = lags(lagMsMax + lagStepMs, lateMsMax).flatMap((lagMs) => {
    const slots = slotsAt(lagMs)
    return slots === undefined ? [] : [fitLight(sequence, slots.map(against), lagMs)]
  })
  const latest = late.length === 0 ? undefined : bestOf(late)
  if (latest !== undefined && latest.shareBp >= shareBpMin) return refused('LATE', latest)
  return isChanging(best, otherLightBp)
    ? refused('OTHER_LIGHT', best)
    : unclear('NO_REFLECTION', best)
}

function accepted(fit: LightFit): LightVerdict {
  return { verdict: 'accepted', ...answerOf(fit) }
}

function refused(reason: LightRefusal, fit: LightFit): LightVerdict {
  return { verdict: 'refused', reason, ...answerOf(fit) }
}

function unclear(reason: LightDoubt, fit: LightFit): LightVerdict {
  return { verdict: 'inconclusive', reason, ...answerOf(fit) }
}

function answerOf({ shareBp, lagMs, gainBp }: LightFit): LightAnswer {
  return { shareBp, lagMs, gainBp }
}

function isSequence(sequence: LightSequence): boolean {
  return (
    sequence.length === slotCount &&
    sequence.every((color) => Number.isInteger(color) && color >= 0 && color < 4)
  )
}

function lags(fromMs: number, toMs: number): readonly number[] {
  return Array.from({ length: (toMs - fromMs) / lagStepMs + 1 }, (_, at) => fromMs + at * lagStepMs)
}

function against({ skin, background }: SlotLight): Chroma {
  return { warm: skin.warm - background.warm, green: skin.green - background.green }
}

function bestOf(fits: readonly LightFit[]): LightFit {
  return fits.reduce((best, fit) => (fit.shareBp > best.shareBp ? fit : best))
}
