/** Every way in which a stream between phone and page ends or cannot begin (SENS-6, UX-2). */

import type { DeviceLinkError } from '../ports/deviceLink.ts'
import type { PhoneEnd } from '../ports/phone.ts'
import type { Words } from './words.ts'

/** The same on both devices: one of them shows codes. */
const again = 'Begin again with a new code.'

export const phoneEndWords: Readonly<Record<PhoneEnd, Words>> = {
  STOPPED_HERE: { sentence: 'You stopped it.', next: again },
  STOPPED_THERE: { sentence: 'It was stopped on the other device.', next: again },
  CLOSED_THERE: { sentence: 'The page on the other device was closed.', next: again },
  AWAY_TOO_LONG: {
    sentence: 'The connection was gone for more than half a minute.',
    next: `Bring both devices into one network. ${again}`,
  },
  VIOLATION: {
    sentence: 'What the other device sent cannot be trusted, so it was ended.',
    next: `Reload both pages for the newest version. ${again}`,
  },
  LINK_EXPIRED: { sentence: 'No phone came within five minutes.', next: again },
  NOT_REACHED: {
    sentence: 'The page that showed the code was not reached.',
    next: `Leave that page open, with both devices in one Wi-Fi. ${again}`,
  },
  LINK_USED: {
    sentence: 'Another phone came by this code before.',
    next: `If that was not you, press “No” there. ${again}`,
  },
  LINK_INVALID: {
    sentence: 'This address is not from a code.',
    next: 'On the other device, open “Use a phone’s camera” and point this camera at its code.',
  },
  NOT_THE_PAGE: {
    sentence: 'Who answered is not the page that showed the code.',
    next: `Nothing was sent. Try another network. ${again}`,
  },
}

export const deviceLinkWords: Readonly<Record<DeviceLinkError['code'], Words>> = {
  RELAY_UNREACHABLE: {
    sentence: 'No relay answers, so the page cannot be found.',
    next: 'Check the connection of this phone. It keeps trying.',
  },
  PAGE_ABSENT: {
    sentence: 'Nobody waits behind this code.',
    next: 'Leave the page that showed it open; a code is good for five minutes. It keeps trying.',
  },
  NO_DIRECT_PATH: {
    sentence: 'The page is there, but no direct way leads to it.',
    next: 'Bring both devices into one Wi-Fi: a pulse goes through no server. It keeps trying.',
  },
}
