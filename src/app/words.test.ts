import { describe, expect, it } from 'vitest'
import { deviceLinkWords, phoneEndWords } from './phoneWords.ts'
import { qualityWords, signalAdvice } from './signalWords.ts'
import {
  dutyWords,
  nodeStartWords,
  sensorErrorWords,
  sensorStatusWords,
  vaultWords,
} from './words.ts'
import { strangerWords } from './strangerWords.ts'

describe('UX-2 every code has a sentence and a next step', () => {
  const all = Object.entries({
    ...dutyWords,
    ...vaultWords,
    ...sensorErrorWords,
    ...sensorStatusWords,
    ...nodeStartWords,
    ...strangerWords,
    ...phoneEndWords,
    ...deviceLinkWords,
  })

  it.each(all)('%s', (_code, { sentence, next }) => {
    for (const text of [sentence, next]) {
      expect(text).toMatch(/^[A-Z“].*[.]$/)
      expect(text.length).toBeLessThan(120)
    }
  })

  it('says the same to everyone: no two reasons of a duty share a sentence', () => {
    const sentences = Object.values(dutyWords).map(({ sentence }) => sentence)
    expect(new Set(sentences).size).toBe(sentences.length)
  })

  it.each(Object.entries(qualityWords))('advice for %s can be acted on', (_reason, text) => {
    expect(text).toMatch(/^[A-Z].*[.]$/)
  })

  it('asks for nothing while a pulse is being found: that goes by itself', () => {
    expect(signalAdvice('STARTING').tone).toBe('wait')
    expect(signalAdvice('GOOD').tone).toBe('good')
    expect(signalAdvice('HOLD_STILL').tone).toBe('act')
  })

  it('blames nobody', () => {
    const texts = all.map(([, { sentence, next }]) => `${sentence} ${next}`)
    for (const text of texts) expect(text).not.toMatch(/\b(illegal|wrong user|your fault|must)\b/i)
  })
})
