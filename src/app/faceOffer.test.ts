import { describe, expect, it } from 'vitest'
import type { LivenessSummary } from '../node/api.ts'
import { hindranceOf, type FaceFacts } from './faceOffer.ts'

const able: FaceFacts = {
  sensor: 'camera',
  mode: 'face',
  isFaceSeen: true,
  isCalm: false,
  liveness: undefined,
}
const liveness = (
  credential: LivenessSummary['credential'],
  step?: 'open' | 'proving' | 'sent',
): FaceFacts['liveness'] => ({
  credential,
  challenge: step && { epoch: 3, asked: [], endsAtMs: 0, lastStartMs: 0, step },
})

describe('UX-9 when the face may be asked', () => {
  it('LIVE-3 LIVE-4 before a camera that sees a face, both', () => {
    expect(hindranceOf('light', able)).toBeUndefined()
    expect(hindranceOf('gestures', able)).toBeUndefined()
  })

  it('LIVE-3 no colours for who asked for less motion, whatever else is so', () => {
    expect(hindranceOf('light', { ...able, isCalm: true })).toBe('MOTION_REDUCED')
    expect(hindranceOf('gestures', { ...able, isCalm: true })).toBeUndefined()
  })

  it('LIVE-6 contact that a credential or an answer under way lives on is not touched', () => {
    for (const kind of ['light', 'gestures'] as const) {
      const why = (state: FaceFacts['liveness']) => hindranceOf(kind, { ...able, liveness: state })
      expect(why(liveness('answered'))).toBe('CREDENTIAL_LIVE')
      expect(why(liveness('answered', 'open'))).toBe('CREDENTIAL_LIVE')
      expect(why(liveness('none', 'proving'))).toBe('ANSWER_SENT')
      expect(why(liveness('granted', 'sent'))).toBe('ANSWER_SENT')
      // Nothing to lose contact with: none, granted, or asked and not answered.
      expect(why(liveness('none', 'open'))).toBeUndefined()
      expect(why(liveness('granted'))).toBeUndefined()
    }
  })

  it('without a face before an own camera there is nothing to ask', () => {
    expect(hindranceOf('light', { ...able, sensor: 'strap', mode: undefined })).toBe('NO_CAMERA')
    expect(hindranceOf('light', { ...able, sensor: 'phone', mode: undefined })).toBe('NO_CAMERA')
    expect(hindranceOf('light', { ...able, sensor: undefined, mode: undefined })).toBe('NO_CAMERA')
    expect(hindranceOf('light', { ...able, mode: 'finger' })).toBe('LENS_COVERED')
    expect(hindranceOf('gestures', { ...able, isFaceSeen: false })).toBe('FACE_UNSEEN')
    expect(hindranceOf('gestures', { ...able, mode: 'oval' })).toBe('NO_LANDMARKS')
    expect(hindranceOf('light', { ...able, mode: 'oval' })).toBeUndefined()
  })
})
