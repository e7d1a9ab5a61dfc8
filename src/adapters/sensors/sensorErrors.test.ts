import { describe, expect, test } from 'vitest'
import { sensorErrorWords } from '../../app/words.ts'
import { chooserError, linkError } from './bluetoothErrors.ts'
import { cameraError } from './cameraErrors.ts'

// The texts are those of Chromium's `bluetooth_error.cc`.
describe('SENS-5 what a browser throws becomes a code with words', () => {
  test.each([
    ['NotFoundError', 'User cancelled the requestDevice() chooser.', 'CHOOSER_CANCELLED'],
    ['NotFoundError', 'Bluetooth adapter not available.', 'BLUETOOTH_OFF'],
    ['NotFoundError', 'Web Bluetooth API globally disabled.', 'BLUETOOTH_BLOCKED'],
    [
      'NotFoundError',
      'User denied the browser permission to scan for Bluetooth devices.',
      'BLUETOOTH_BLOCKED',
    ],
    [
      'SecurityError',
      'Must be handling a user gesture to show a permission request.',
      'GESTURE_MISSING',
    ],
    [
      'SecurityError',
      'Access to the feature "bluetooth" is disallowed by permissions policy.',
      'BLUETOOTH_BLOCKED',
    ],
    ['NetworkError', 'Something else.', 'CONNECT_FAILED'],
  ])('chooser: %s, %s', (name, message, code) => {
    const error = chooserError(new DOMException(message, name))
    expect(error.code).toBe(code)
    expect(sensorErrorWords[error.code].next).not.toBe('')
  })

  test.each([
    ['NotFoundError', 'SERVICE_MISSING'],
    ['NetworkError', 'CONNECT_FAILED'],
  ])('link: %s', (name, code) => {
    expect(linkError(new DOMException('No Services found in device.', name)).code).toBe(code)
  })

  test.each([
    ['NotAllowedError', 'CAMERA_REFUSED'],
    ['NotFoundError', 'CAMERA_MISSING'],
    ['OverconstrainedError', 'CAMERA_MISSING'],
    ['NotReadableError', 'CAMERA_BUSY'],
    ['TypeError', 'CAMERA_FAILED'],
  ])('camera: %s', (name, code) => {
    const error = cameraError(new DOMException('text', name))
    expect(error.code).toBe(code)
    expect(sensorErrorWords[error.code].next).not.toBe('')
  })
})
