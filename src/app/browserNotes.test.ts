import { describe, expect, it } from 'vitest'
import { browserNotes, browserVerdict } from './browserNotes.ts'
import type { Capabilities } from './services.ts'

const able: Capabilities = {
  secureContext: true,
  bluetooth: true,
  camera: true,
  webrtc: true,
  storage: 'persistent',
  passkey: true,
  worker: true,
  installed: false,
  handheld: false,
}
const bare: Capabilities = { ...able, bluetooth: false, camera: false }

function stateOf(can: Capabilities, devnet: boolean): Readonly<Record<string, string>> {
  return Object.fromEntries(browserNotes(can, devnet).map(({ name, state }) => [name, state]))
}

function textOf(can: Capabilities, devnet: boolean): string {
  return browserNotes(can, devnet)
    .map(({ text }) => text)
    .join('; ')
}

describe('what this browser can do', () => {
  it.each<[string, Partial<Capabilities>, boolean, string]>([
    ['all', {}, false, 'strap or camera'],
    ['no camera', { camera: false }, false, 'with a strap'],
    ['no Bluetooth', { bluetooth: false }, false, 'with the camera'],
    ['neither, on a laptop', { bluetooth: false, camera: false }, false, 'with a phone’s camera'],
    ['neither, on a phone', { ...bare, handheld: true }, false, 'following only'],
    ['neither, on a devnet', { bluetooth: false, camera: false }, true, 'with a simulated heart'],
    ['no storage', { storage: 'none' }, true, 'following only'],
    ['plain http', { secureContext: false }, true, 'not on this address'],
  ])('SENS-5 the verdict with %s is a way in where one is', (_, change, devnet, verdict) => {
    expect(browserVerdict({ ...able, ...change }, devnet)).toBe(verdict)
  })

  it('UX-2 no row sends to a sensor that another row says is missing', () => {
    expect(textOf(bare, false)).not.toMatch(/use the camera|use a strap/)
    expect(textOf({ ...able, camera: false }, false)).toContain('use a strap')
    expect(textOf(bare, false)).toContain('your phone’s can be used')
    expect(textOf(bare, true)).toContain('this devnet has simulated hearts')
  })

  it('UX-1 what something else makes good asks nothing of the person', () => {
    const noPasskey = { ...bare, passkey: false, webrtc: false }
    expect(stateOf({ ...noPasskey, camera: true }, false)).toMatchObject({
      'Heart-rate strap': 'none',
      'Direct links': 'none',
      Passkey: 'none',
    })
    expect(stateOf(noPasskey, false)).toMatchObject({
      'Heart-rate strap': 'act',
      'Camera pulse': 'act',
    })
    expect(stateOf({ ...able, storage: 'none' }, false)['Storage']).toBe('act')
  })
})
