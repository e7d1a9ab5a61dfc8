/** What this browser can and cannot do for a validator, and the way round (SENS-5). */

import type { Capabilities } from './services.ts'

export interface BrowserNote {
  readonly name: string
  readonly state: 'ok' | 'act'
  readonly text: string
}

export function browserNotes(can: Capabilities): readonly BrowserNote[] {
  return [
    can.secureContext
      ? note('Secure page', true, 'sensors, keys and storage are allowed')
      : note(
          'Secure page',
          false,
          'open this page by https, or on this machine by http://localhost',
        ),
    can.bluetooth
      ? note('Heart-rate strap', true, 'Web Bluetooth is here')
      : note('Heart-rate strap', false, 'no Web Bluetooth here: use the camera, or Chrome or Edge'),
    can.camera
      ? note('Camera pulse', true, 'a camera can be opened')
      : note('Camera pulse', false, 'no camera is offered to this page: use a strap'),
    can.webrtc
      ? note('Direct links', true, 'tabs reach each other by WebRTC')
      : note(
          'Direct links',
          false,
          'no WebRTC: votes go through a relay, which works and is slower',
        ),
    storageNote(can.storage),
    can.passkey
      ? note('Passkey', true, 'can lock your keys')
      : note('Passkey', false, 'not offered here: a passphrase locks your keys'),
  ]
}

function note(name: string, ok: boolean, text: string): BrowserNote {
  return { name, state: ok ? 'ok' : 'act', text }
}

function storageNote(storage: Capabilities['storage']): BrowserNote {
  if (storage === 'none') {
    return note('Storage', false, 'the browser stores nothing here: leave the private window')
  }
  return storage === 'persistent'
    ? note('Storage', true, 'kept until you erase it')
    : note('Storage', true, 'works; you will be asked to keep it for good')
}

/** The shortest true answer to “can I validate here?”. */
export function browserVerdict(can: Capabilities): string {
  if (!can.secureContext) return 'not on this address'
  if (can.storage === 'none' || !can.worker) return 'following only'
  if (can.bluetooth && can.camera) return 'strap or camera'
  if (can.bluetooth) return 'with a strap'
  return can.camera ? 'with the camera' : 'following only'
}
