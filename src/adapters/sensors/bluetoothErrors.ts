/** What Web Bluetooth throws, as codes that a person can act on. */

import type { SensorError } from '../../ports/sensor.ts'

/** `requestDevice` tells its failures apart by name alone, and some of them only by text. */
export function chooserError(thrown: unknown): SensorError {
  const { name, message } = describe(thrown)
  if (/adapter (is )?not available|turned off|powered off|not powered/i.test(message)) {
    return { code: 'BLUETOOTH_OFF' }
  }
  if (/user gesture/i.test(message)) return { code: 'GESTURE_MISSING' }
  if (name === 'NotFoundError') {
    if (/globally disabled|permission|policy/i.test(message)) {
      return { code: 'BLUETOOTH_BLOCKED', reason: message }
    }
    return { code: 'CHOOSER_CANCELLED' }
  }
  if (name === 'SecurityError' || name === 'NotAllowedError') {
    return { code: 'BLUETOOTH_BLOCKED', reason: message }
  }
  return { code: 'CONNECT_FAILED', reason: message }
}

/** A strap that connects and has no heart rate service is not one that we can use. */
export function linkError(thrown: unknown): SensorError {
  const { name, message } = describe(thrown)
  if (name === 'NotFoundError') return { code: 'SERVICE_MISSING' }
  return { code: 'CONNECT_FAILED', reason: message }
}

function describe(thrown: unknown): { readonly name: string; readonly message: string } {
  if (thrown instanceof Error) return { name: thrown.name, message: thrown.message }
  return { name: '', message: String(thrown) }
}
