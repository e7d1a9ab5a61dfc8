import { describe, expect, test } from 'vitest'
import type { CameraMode, CameraRequest } from '../../../workers/camera/protocol.ts'
import type { FaceVerdict } from '../../ports/faceChallenge.ts'
import { CameraFace } from './cameraFace.ts'

const verdict: FaceVerdict = {
  kind: 'gestures',
  verdict: { verdict: 'refused', reason: 'NO_MOTION', right: 1 },
}
const question = { kind: 'gestures', asked: [], startMs: 0 } as const

function faceOf(mode: CameraMode = 'face', isOpen = true) {
  const sent: CameraRequest[] = []
  const send = (request: CameraRequest): boolean => {
    if (isOpen) sent.push(request)
    return isOpen
  }
  return { sent, face: new CameraFace({ mode: () => mode, send }) }
}

describe('LIVE-3 LIVE-4 the window asks, the worker judges', () => {
  test('a verdict answers its own question and ends it', async () => {
    const { sent, face } = faceOf()
    expect(face.begin('gestures')).toBe(true)
    const answer = face.judge(question)
    face.take(1, verdict)
    expect(await answer).toBe(verdict)
    face.end()
    expect(sent.map(({ kind }) => kind)).toEqual(['faceBegin', 'faceJudge'])
  })

  test('one on its way when its challenge was ended is no answer to the next', async () => {
    const { sent, face } = faceOf()
    face.begin('gestures')
    const first = face.judge(question)
    face.end()
    expect(await first).toBeUndefined()
    face.begin('gestures')
    const second = face.judge(question)
    face.take(1, verdict)
    face.take(2, { ...verdict, verdict: { verdict: 'accepted', right: 8 } })
    expect(await second).toMatchObject({ verdict: { verdict: 'accepted' } })
    expect(sent.map(({ kind }) => kind)).toEqual([
      'faceBegin',
      'faceJudge',
      'faceEnd',
      'faceBegin',
      'faceJudge',
    ])
  })

  test('a camera that is lost settles it, and nothing is judged that was not begun', async () => {
    const { face } = faceOf()
    expect(await face.judge(question)).toBeUndefined()
    face.begin('light')
    const answer = face.judge(question)
    expect(await face.judge(question)).toBeUndefined()
    face.lost()
    expect(await answer).toBeUndefined()
  })

  test('a finger on the lens and a closed camera are asked nothing, the oval no gestures', () => {
    expect(faceOf('finger').face.begin('light')).toBe(false)
    expect(faceOf('oval').face.begin('gestures')).toBe(false)
    expect(faceOf('oval').face.begin('light')).toBe(true)
    expect(faceOf('face', false).face.begin('light')).toBe(false)
  })
})
