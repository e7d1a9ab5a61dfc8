/** What `getUserMedia` throws, as codes that a person can act on. */

import type { SensorError } from '../../ports/sensor.ts'

export function cameraError(thrown: unknown): SensorError {
  const name = thrown instanceof Error ? thrown.name : ''
  switch (name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return { code: 'CAMERA_REFUSED' }
    case 'NotFoundError':
    case 'OverconstrainedError':
      return { code: 'CAMERA_MISSING' }
    case 'NotReadableError':
    case 'AbortError':
      return { code: 'CAMERA_BUSY' }
    default:
      return { code: 'CAMERA_FAILED', reason: String(thrown) }
  }
}
