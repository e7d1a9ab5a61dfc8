import { describe, expect, it } from 'vitest'
import {
  gestureNames,
  gestureWords,
  hindranceWords,
  lightWords,
  stopWords,
  verdictWords,
} from './faceWords.ts'

const accepted = [
  verdictWords({
    kind: 'light',
    verdict: { verdict: 'accepted', shareBp: 7000, lagMs: 200, gainBp: 90 },
  }),
  verdictWords({ kind: 'gestures', verdict: { verdict: 'accepted', right: 8 } }),
]
const tables = { lightWords, gestureWords, stopWords, hindranceWords, accepted }
const all = Object.entries(tables).flatMap(([table, words]) =>
  Object.entries(words).map(([code, each]) => [`${table} ${code}`, each] as const),
)

describe('UX-9 UX-2 LIVE-3 LIVE-4 words of the challenges to the face', () => {
  it.each(all)('%s: a sentence and a next step that blame nobody', (_code, words) => {
    for (const text of [words.sentence, words.next]) {
      expect(text).toMatch(/^[A-Z].*[.]$/)
      expect(text.length).toBeLessThanOrEqual(120)
      expect(text).not.toMatch(/fail|wrong|attack|fake|fault|cheat|must|spoof/i)
    }
  })

  it('every code of a verdict has a sentence of its own', () => {
    const sentences = [lightWords, gestureWords, stopWords].flatMap((words) =>
      Object.values(words).map(({ sentence }) => sentence),
    )
    expect(new Set(sentences).size).toBe(sentences.length)
  })

  it('what is asked is said in five words at most', () => {
    for (const name of Object.values(gestureNames)) expect(name.split(' ').length).toBeLessThan(6)
  })

  it('a verdict is said by its reason', () => {
    const verdict = { verdict: 'refused', reason: 'NO_MOTION', right: 2 } as const
    expect(verdictWords({ kind: 'gestures', verdict })).toBe(gestureWords.NO_MOTION)
  })
})
