import { describe, expect, test } from 'vitest'
import { lightLamp } from './cameraLamp.ts'

function track(capabilities: object | undefined, isRefused = false) {
  const asked: MediaTrackConstraints[] = []
  const made = {
    ...(capabilities !== undefined && { getCapabilities: () => capabilities }),
    applyConstraints: (constraints: MediaTrackConstraints) => {
      asked.push(constraints)
      return isRefused ? Promise.reject(new Error('taken')) : Promise.resolve()
    },
  }
  return { asked, made: made as unknown as MediaStreamTrack }
}

describe('SENS-2 the lamp beside the lens', () => {
  test('is lit where the camera has one', async () => {
    const { asked, made } = track({ torch: true })
    expect(await lightLamp(made)).toBe(true)
    expect(asked).toEqual([{ advanced: [{ torch: true }] }])
  })

  test('without one, or in a browser that does not tell, nothing is asked', async () => {
    for (const { asked, made } of [track({}), track({ torch: false }), track(undefined)]) {
      expect(await lightLamp(made)).toBe(false)
      expect(asked).toEqual([])
    }
  })

  test('a lamp that is taken stays dark, and the camera goes on', async () => {
    expect(await lightLamp(track({ torch: true }, true).made)).toBe(false)
  })
})
