/** Each failure of a sensor in plain words: what is the matter, and what to do (SENS-5, QUAL-1). */

import type { QualityReason, SensorError, StatusReason } from '../../ports/sensor.ts'

export interface SensorWords {
  readonly what: string
  readonly todo: string
}

const errorWords: Readonly<Record<SensorError['code'], SensorWords>> = {
  ALREADY_STARTED: { what: 'This sensor is already running.', todo: 'Stop it first.' },
  INSECURE_CONTEXT: {
    what: 'This page was not loaded over https, so the browser allows no sensor.',
    todo: 'Open the https address of the page, or http://localhost on the computer that serves it.',
  },
  BLUETOOTH_UNSUPPORTED: {
    what: 'This browser cannot reach Bluetooth devices.',
    todo:
      'Use the camera here, or open the page in Chrome or Edge. On Linux first switch on ' +
      'chrome://flags/#enable-web-bluetooth; on an iPhone use the Bluefy browser.',
  },
  BLUETOOTH_OFF: {
    what: 'Bluetooth is switched off, or this computer has none.',
    todo: 'Switch Bluetooth on and try again, or use the camera.',
  },
  BLUETOOTH_BLOCKED: {
    what: 'The browser does not allow this page to use Bluetooth.',
    todo: 'Allow Bluetooth for this page in the site settings, next to the address.',
  },
  GESTURE_MISSING: {
    what: 'The browser opens its list of devices only when you press the button.',
    todo: 'Press “Pair a strap” once more.',
  },
  CHOOSER_CANCELLED: {
    what: 'No strap was chosen.',
    todo: 'Moisten the strap, put it on so that it wakes, and choose it from the list.',
  },
  CONNECT_FAILED: {
    what: 'The strap was found and did not answer.',
    todo: 'Come closer, and close other apps that hold the strap, then try again.',
  },
  SERVICE_MISSING: {
    what: 'This device offers no heart rate.',
    todo: 'Choose a heart-rate strap. A watch must be set to broadcast its heart rate.',
  },
  CAMERA_UNSUPPORTED: {
    what: 'This browser gives pages no camera.',
    todo: 'Use a strap, or another browser.',
  },
  CAMERA_REFUSED: {
    what: 'The camera was not allowed.',
    todo:
      'Allow the camera for this page in the site settings, next to the address. ' +
      'Pictures never leave this device.',
  },
  CAMERA_MISSING: { what: 'No camera was found.', todo: 'Plug one in, or use a strap.' },
  CAMERA_BUSY: {
    what: 'The camera is in use by another program.',
    todo: 'Close the other program or video call, then try again.',
  },
  CAMERA_FAILED: { what: 'The camera did not start.', todo: 'Unplug it or restart the browser.' },
  WORKER_FAILED: {
    what: 'The part of the page that reads the camera did not start.',
    todo: 'Reload the page. If it stays so, use a strap.',
  },
}

const statusWords: Readonly<Record<StatusReason, SensorWords>> = {
  DISCONNECTED: {
    what: 'The strap is out of reach.',
    todo: 'Come closer. It reconnects by itself.',
  },
  SILENT: { what: 'No heartbeat arrives.', todo: 'Check that the strap sits tight.' },
  CONTACT_LOST: {
    what: 'The strap does not touch your skin.',
    todo: 'Moisten it and pull it tighter.',
  },
  NO_INTERVALS: {
    what: 'This device sends a heart rate and no single beats.',
    todo: 'Use a chest strap: arm bands and watches seldom send beats. The camera works too.',
  },
  PACKET_INVALID: {
    what: 'What the device sends cannot be understood.',
    todo: 'Update its firmware, or use another strap.',
  },
  SERVICE_MISSING: {
    what: 'The device no longer offers its heart rate.',
    todo: 'Take the strap off and put it on again.',
  },
  NO_FACE: {
    what: 'I can’t see a face.',
    todo: 'Look into the camera, or place your face in the oval.',
  },
  SIGNAL_WEAK: {
    what: 'Your pulse is not clear enough.',
    todo: 'Hold still, in even, bright light.',
  },
  CAMERA_ENDED: { what: 'The camera stopped.', todo: 'Start it again.' },
  WORKER_FAILED: { what: 'Reading the camera stopped.', todo: 'Start the camera again.' },
}

const qualityWords: Readonly<Record<QualityReason, SensorWords>> = {
  GOOD: { what: 'Good signal.', todo: '' },
  STARTING: { what: 'Listening for your pulse.', todo: 'Sit still for a few seconds.' },
  BEATS_MISSING: { what: 'Beats are missing.', todo: 'Pull the strap tighter and sit still.' },
  CONTACT_LOST: statusWords.CONTACT_LOST,
  NO_FACE: statusWords.NO_FACE,
  MOVE_TO_LIGHT: { what: 'It is too dark.', todo: 'Move closer to the light.' },
  TOO_BRIGHT: { what: 'It is too bright.', todo: 'Turn away from the window or the lamp.' },
  HOLD_STILL: { what: 'You are moving.', todo: 'Hold still and rest your head.' },
  FRAME_RATE_LOW: {
    what: 'The camera gives too few pictures a second.',
    todo: 'Add light, and close other programs and tabs.',
  },
  PULSE_WEAK: {
    what: 'Your pulse is hard to see.',
    todo: 'Even, bright light on your face helps; remove make-up glare and hold still.',
  },
}

export function sensorErrorWords(error: SensorError): SensorWords {
  return errorWords[error.code]
}

export function sensorStatusWords(reason: StatusReason): SensorWords {
  return statusWords[reason]
}

export function sensorQualityWords(reason: QualityReason): SensorWords {
  return qualityWords[reason]
}
