import { describe, expect, it } from 'vitest'
import { inconclusiveWords, spoiledWords, unclearWords } from './challengeWords.ts'

const all = [spoiledWords, unclearWords, inconclusiveWords].flatMap((words) =>
  Object.entries(words),
)

describe('UX-2 LIVE-7 words of the challenge', () => {
  it.each(all)('%s: a sentence and a next step that blame nobody', (_code, words) => {
    for (const text of [words.sentence, words.next]) {
      expect(text).toMatch(/^[A-Z].*[.]$/)
      expect(text.length).toBeLessThan(120)
      expect(text).not.toMatch(/fail|wrong|attack|fake|fault|cheat|must/i)
    }
  })
})
