/** The sentence at the top of the breathing view, and what comes next (UX-1, LIVE-7). */

import type { ChallengeRun } from '../core/liveness/challengeRun.ts'
import { inconclusiveWords, spoiledWords, unclearWords } from './challengeWords.ts'
import type { Words } from './words.ts'

export function headingOf({ now }: ChallengeRun, isSimulated: boolean): Words {
  switch (now.stage) {
    case 'ready':
      return {
        sentence: 'Practise the breathing.',
        next:
          'Breathe with a guide that changes its pace. A living heart follows the breath, and ' +
          'that is how this page can tell one from a recording. Practice stays on this device.',
      }
    case 'guiding':
    case 'settling':
      return {
        sentence: 'Breathe with the guide.',
        next: 'Easily, without straining. If you feel dizzy, stop and breathe as you like.',
      }
    case 'answered':
      return isSimulated
        ? {
            sentence: 'The simulated heart answered.',
            next: 'It was told of the guide, as a person would see it. Devnets alone take it.',
          }
        : {
            sentence: 'Your heart answered.',
            next: 'It followed the guide clearly enough. This was practice: nothing was sent.',
          }
    case 'unclear':
      return unclearWords[now.reason]
    case 'inconclusive':
      return inconclusiveWords[now.reason]
    case 'spoiled':
      return spoiledWords[now.reason]
    case 'stopped':
      return {
        sentence: 'Stopped, and nothing lost.',
        next: 'Breathe as you like. Begin again whenever you want to.',
      }
  }
}
