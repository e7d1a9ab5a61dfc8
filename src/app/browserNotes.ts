/** What this browser can and cannot do for a validator, and the way round (SENS-5). */

import type { Capabilities } from './services.ts'

export interface BrowserNote {
  readonly name: string
  /** `none`: it is not here, and something else does its work. */
  readonly state: 'ok' | 'none' | 'act'
  readonly text: string
}

/** How a pulse could come to this tab, the best first; `simulated` on devnets alone (UX-7). */
type Way = 'strap' | 'camera' | 'simulated' | 'phone'

export function browserNotes(can: Capabilities, devnet: boolean): readonly BrowserNote[] {
  return [
    can.secureContext
      ? note('Secure page', 'ok', 'sensors, keys and storage are allowed')
      : note(
          'Secure page',
          'act',
          'open this page by https, or on this machine by http://localhost',
        ),
    strapNote(can, devnet),
    cameraNote(can, devnet),
    can.webrtc
      ? note('Direct links', 'ok', 'tabs reach each other by WebRTC')
      : note('Direct links', 'none', 'no WebRTC: votes go through a relay, which is slower'),
    storageNote(can.storage),
    can.passkey
      ? note('Passkey', 'ok', 'can lock your keys')
      : note('Passkey', 'none', 'not offered here: a passphrase locks your keys'),
  ]
}

/** The shortest true answer to “can I validate here?”. */
export function browserVerdict(can: Capabilities, devnet: boolean): string {
  if (!can.secureContext) return 'not on this address'
  if (can.storage === 'none' || !can.worker) return 'following only'
  const [best, next] = waysOf(can, devnet)
  switch (best) {
    case 'strap':
      return next === 'camera' ? 'strap or camera' : 'with a strap'
    case 'camera':
      return 'with the camera'
    case 'phone':
      return 'with a phone’s camera'
    case 'simulated':
      return 'with a simulated heart'
    default:
      return 'following only'
  }
}

function waysOf(can: Capabilities, devnet: boolean): readonly Way[] {
  const ways: Way[] = []
  if (can.bluetooth) ways.push('strap')
  if (can.camera) ways.push('camera')
  if (devnet) ways.push('simulated')
  if (can.webrtc && !can.handheld) ways.push('phone')
  return ways
}

/** No row sends the person to what another row says is missing. */
function strapNote(can: Capabilities, devnet: boolean): BrowserNote {
  const name = 'Heart-rate strap'
  if (can.bluetooth) return note(name, 'ok', 'Web Bluetooth is here')
  const text = 'no Web Bluetooth here: a strap needs Chrome or Edge'
  return note(name, waysOf(can, devnet).length > 0 ? 'none' : 'act', text)
}

function cameraNote(can: Capabilities, devnet: boolean): BrowserNote {
  const name = 'Camera pulse'
  if (can.camera) return note(name, 'ok', 'a camera can be opened')
  const instead: Readonly<Record<Way, string>> = {
    strap: 'none offered here: use a strap',
    camera: '',
    simulated: 'none offered here: this devnet has simulated hearts',
    phone: 'none offered here: your phone’s can be used',
  }
  const [best] = waysOf(can, devnet)
  return best === undefined
    ? note(name, 'act', 'none offered here: plug one in and allow it')
    : note(name, 'none', instead[best])
}

function storageNote(storage: Capabilities['storage']): BrowserNote {
  if (storage === 'none') {
    return note('Storage', 'act', 'the browser stores nothing here: leave the private window')
  }
  return storage === 'persistent'
    ? note('Storage', 'ok', 'kept until you erase it')
    : note('Storage', 'ok', 'works; you will be asked to keep it for good')
}

function note(name: string, state: BrowserNote['state'], text: string): BrowserNote {
  return { name, state, text }
}
