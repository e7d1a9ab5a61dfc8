import { describe, expect, it } from 'vitest'
import { CheckpointAnchor, type CheckpointContent } from '../codec/checkpoint.ts'
import { anchorOfText, anchorText, readAnchor } from './anchorText.ts'
import { anchorCheckpoint } from './held.ts'

const wide = (fill: number): Uint8Array => new Uint8Array(32).fill(fill)
const content = (number: number): CheckpointContent => ({
  number,
  epoch: 20 * number - 1,
  height: 600 * number,
  timeMs: 600_000 * number,
  header: wide(1),
  stateRoot: wide(2),
  nextVotersRoot: wide(3),
  beacon: wide(4),
})
const chainId = 'anchor-test'
const malformed = { ok: false, error: { code: 'CHECKPOINT_ANCHOR_MALFORMED' } }

describe('SYNC-1 an anchor as text', () => {
  it('is read as it was written, with the content that draws ML-DSA-87 signers', () => {
    const one = anchorCheckpoint(chainId, content(3))
    const two = { chainId, content: content(3), postQuantum: content(2) }
    for (const held of [one, two]) {
      expect(anchorOfText(anchorText(held), chainId)).toEqual({ ok: true, value: held })
    }
    expect(anchorText(two).length).toBeGreaterThan(anchorText(one).length)
    const copied = `  ${anchorText(one).toUpperCase()}\n`
    expect(anchorOfText(copied, chainId)).toEqual({ ok: true, value: one })
  })

  it('a slip of the hand is no anchor', () => {
    const text = anchorText(anchorCheckpoint(chainId, content(3)))
    for (let at = 0; at < text.length; at += 7) {
      const slip = `${text.slice(0, at)}${text[at] === '0' ? '1' : '0'}${text.slice(at + 1)}`
      expect(anchorOfText(slip, chainId)).toEqual(malformed)
    }
    for (const part of ['', 'zz', text.slice(2), text.slice(0, -2), `${text}00`]) {
      expect(anchorOfText(part, chainId)).toEqual(malformed)
    }
  })

  it('of another chain it is refused by name', () => {
    const text = anchorText(anchorCheckpoint('another', content(3)))
    const error = { code: 'CHECKPOINT_ANCHOR_FOREIGN', chainId: 'another' }
    expect(anchorOfText(text, chainId)).toEqual({ ok: false, error })
  })

  it('is whole: every field, and no later signers than its own', () => {
    const short = { ...content(3), header: new Uint8Array(31) }
    const wrong = [
      { chainId },
      { chainId, content: short },
      { chainId, content: content(3), postQuantum: content(4) },
      { chainId, content: content(3), postQuantum: { ...content(2), height: 1_800 } },
      { chainId, content: content(3), postQuantum: { ...content(3), height: 1 } },
    ]
    for (const anchor of wrong) {
      expect(readAnchor(CheckpointAnchor.encode(anchor), chainId)).toEqual(malformed)
    }
  })
})
