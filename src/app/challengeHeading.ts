/** The sentence at the top of the breathing view, and what comes next (UX-1, LIVE-7). */

import type { ChallengeRun } from '../core/liveness/challengeRun.ts'
import type { HandedIn } from './challenge.svelte.ts'
import { inconclusiveWords, spoiledWords, unclearWords } from './challengeWords.ts'
import { wait } from './format.ts'
import type { Words } from './words.ts'

export interface HeadingFacts {
  /** The chain asks, it is no practice. */
  readonly isDue: boolean
  /** So long a window may still begin; 0 when it is too late. */
  readonly dueMs: number
  readonly handedIn: HandedIn
  readonly isSimulated: boolean
  /** Why the node did not take an answer. */
  readonly refusal: string | undefined
}

export function headingOf({ now }: ChallengeRun, facts: HeadingFacts): Words {
  switch (now.stage) {
    case 'ready':
      return readyWords(facts)
    case 'guiding':
    case 'settling':
      return {
        sentence: 'Breathe with the guide.',
        next: 'Easily, without straining. If you feel dizzy, stop and breathe as you like.',
      }
    case 'answered':
      return answeredWords(facts)
    case 'unclear':
      return unclearWords[now.reason]
    case 'inconclusive':
      return facts.isDue
        ? { ...inconclusiveWords[now.reason], next: nextChallenge }
        : inconclusiveWords[now.reason]
    case 'spoiled':
      return spoiledWords[now.reason]
    case 'stopped':
      return {
        sentence: 'Stopped, and nothing lost.',
        next: 'Breathe as you like. Begin again whenever you want to.',
      }
  }
}

const nextChallenge =
  'It says nothing about your health. The next challenge comes by itself; practise till then.'

function readyWords({ isDue, dueMs }: HeadingFacts): Words {
  if (!isDue) {
    return {
      sentence: 'Practise the breathing.',
      next:
        'Breathe with a guide that changes its pace. Your heart follows your breath, and what ' +
        'was recorded before could not. Practice stays on this device.',
    }
  }
  if (dueMs === 0) {
    return {
      sentence: 'This challenge has passed.',
      next: 'Nothing is lost by that alone. The next one comes by itself; practise till then.',
    }
  }
  return {
    sentence: 'Your heart is asked.',
    next:
      'Breathe with the guide: what was recorded before cannot follow it. The proof says that ' +
      `yours did and nothing else; your beats stay here. You can begin within ${wait(dueMs)}.`,
  }
}

function answeredWords({ isDue, handedIn, isSimulated, refusal }: HeadingFacts): Words {
  const sentence = isSimulated ? 'The simulated heart answered.' : 'Your heart answered.'
  if (!isDue) {
    return {
      sentence,
      next: isSimulated
        ? 'It was told of the guide, as a person would see it. Devnets alone take it.'
        : 'It followed the guide clearly enough. This was practice: nothing was sent.',
    }
  }
  switch (handedIn) {
    case 'no':
    case 'sending':
      return { sentence, next: 'The proof is being made. It takes a moment, and nothing of you.' }
    case 'sent':
      return { sentence, next: 'The proof is on its way into a block. You can leave this view.' }
    case 'refused':
      return {
        sentence: 'The answer was not taken.',
        next: refusal ?? 'The next challenge comes by itself.',
      }
  }
}
