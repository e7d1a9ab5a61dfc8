/**
 * The words of the challenges to the face (UX-2, UX-9): what is so, and what to do. A verdict is
 * about what the camera saw; it blames nobody and calls nobody anything.
 */

import type { GestureDoubt, GestureVerdict } from '../core/liveness/gesture/judgeGestures.ts'
import type { LightDoubt, LightRefusal } from '../core/liveness/light/judgeLight.ts'
import type { UnjudgedReason } from '../core/liveness/light/observation.ts'
import type { Gesture } from '../core/liveness/gesture/gestures.ts'
import type { FaceKind, FaceVerdict } from '../ports/faceChallenge.ts'
import type { FaceHindrance } from './faceOffer.ts'
import type { FaceStop } from './faceRun.ts'
import type { Words } from './words.ts'

type GestureRefusal = Extract<GestureVerdict, { readonly verdict: 'refused' }>['reason']

export const lightWords: Readonly<Record<LightRefusal | LightDoubt | UnjudgedReason, Words>> = {
  UNIFORM: {
    sentence: 'What is beside your face shone just as your face did.',
    next: 'A picture or a screen does so. Sit away from the wall, with a lamp on, and try again.',
  },
  LATE: {
    sentence: 'The colours came back later than light and a camera take.',
    next: 'Close other programs and leave video calls, then try again.',
  },
  OTHER_LIGHT: {
    sentence: 'The colour of your face changed, and not as this screen did.',
    next: 'Turn off televisions and coloured lamps near you, hold still, and try again.',
  },
  NO_REFLECTION: {
    sentence: 'No light of this screen came back from a face.',
    next: 'Make the screen brighter and the room dimmer, come closer, and try again.',
  },
  REFLECTION_WEAK: {
    sentence: 'As little of the screen’s light came back as glass throws back.',
    next: 'Come closer, make the screen brighter or the room dimmer, and try again.',
  },
  FRAMES_INVALID: {
    sentence: 'The times of the pictures do not fit together.',
    next: 'Reload this page, open the camera again, and try again.',
  },
  FRAMES_MISSING: {
    sentence: 'Too few pictures of your face came between two colours.',
    next: 'Close other programs, stay in the picture, and try again.',
  },
  SKIN_SMALL: {
    sentence: 'Your face is too small in the picture.',
    next: 'Come closer to the camera, and try again.',
  },
  BACKGROUND_SMALL: {
    sentence: 'Nothing but you is in the picture.',
    next: 'Lean back, so that the wall on both sides of you shows, and try again.',
  },
  TOO_BRIGHT: {
    sentence: 'Parts of the picture are white.',
    next: 'Turn away from the lamp or the window, and try again.',
  },
  TOO_DARK: {
    sentence: 'The picture is too dark to tell colours.',
    next: 'Light the room a little, and try again.',
  },
}

export const gestureWords: Readonly<Record<GestureRefusal | GestureDoubt, Words>> = {
  NO_MOTION: {
    sentence: 'The face in the picture did not move.',
    next: 'Turn well to the side, close your eyes for a whole moment, and try again.',
  },
  OTHER_ANSWER: {
    sentence: 'The face did something else than was asked.',
    next: 'Begin when the next number shows, look straight ahead after each, and try again.',
  },
  SAMPLES_INVALID: {
    sentence: 'The order of the pictures cannot be read.',
    next: 'Reload this page, open the camera again, and try again.',
  },
  FACE_LOST: {
    sentence: 'Your face was out of the picture for a moment.',
    next: 'Sit in its middle, turn only as far as is easy, and try again.',
  },
  FEW_SAMPLES: {
    sentence: 'This device sees too few pictures a second for it.',
    next: 'Close other programs and try again, or take the light of the screen.',
  },
  EYES_UNCLEAR: {
    sentence: 'Your open eyes cannot be told from shut ones here.',
    next: 'Take off dark glasses, turn to the light, and try again.',
  },
}

export const stopWords: Readonly<Record<FaceStop, Words>> = {
  BY_PERSON: {
    sentence: 'Stopped, and nothing lost.',
    next: 'Your pulse is measured again. Begin anew whenever you want to.',
  },
  HIDDEN: {
    sentence: 'This page was out of sight, so nothing was judged.',
    next: 'Keep it in front until the end, and try again.',
  },
  CAMERA_LOST: {
    sentence: 'The camera gave no more pictures, so nothing was judged.',
    next: 'Leave video calls and close other programs that use it, and try again.',
  },
  MOTION_REDUCED: {
    sentence: 'This device was asked for less motion, so the colours stopped.',
    next: 'Blinks and turns of the head need none.',
  },
}

export const hindranceWords: Readonly<Record<FaceHindrance, Words>> = {
  NO_CAMERA: {
    sentence: 'No camera of this device is open.',
    next: 'Open the camera first.',
  },
  LENS_COVERED: {
    sentence: 'A finger is expected on the lens.',
    next: 'Choose “Find my face” first.',
  },
  FACE_UNSEEN: {
    sentence: 'The camera sees no face yet.',
    next: 'Sit in front of it, in even light.',
  },
  CREDENTIAL_LIVE: {
    sentence: 'Your heart’s answer counts while contact with its sensor lasts.',
    next: 'This would interrupt it. It can begin once that credential has ended.',
  },
  ANSWER_SENT: {
    sentence: 'Your heart’s answer is on its way into a block.',
    next: 'This would interrupt the contact with its sensor that it counts on.',
  },
  MOTION_REDUCED: {
    sentence: 'This device is asked for less motion, so no colours are shown.',
    next: 'Blinks and turns of the head need none.',
  },
  NO_LANDMARKS: {
    sentence: 'Eyes and head are not followed in the oval.',
    next: 'Choose “Find my face”, or take the light of the screen.',
  },
}

const acceptedWords: Readonly<Record<FaceKind, Words>> = {
  light: {
    sentence: 'A face answered the light of this screen.',
    next: 'A screen or a flat print would not have. It stays here; your pulse is measured again.',
  },
  gestures: {
    sentence: 'A face did what was asked, when it was asked.',
    next: 'A photo or a film would not have. It stays here; your pulse is measured again.',
  },
}

export function verdictWords({ kind, verdict }: FaceVerdict): Words {
  if (verdict.verdict === 'accepted') return acceptedWords[kind]
  return kind === 'light' ? lightWords[verdict.reason] : gestureWords[verdict.reason]
}

/** What is asked in a slot, as short as it can be said. */
export const gestureNames: Readonly<Record<Gesture, string>> = {
  rest: 'Look straight ahead',
  blink: 'Blink slowly',
  left: 'Turn to your left',
  right: 'Turn to your right',
}
