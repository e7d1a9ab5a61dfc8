/** Asks the person for the camera (SENS-2), in the size and at the rate that a pulse needs. */

import { err, ok, type Result } from '../../core/base/result.ts'
import type { SensorError } from '../../ports/sensor.ts'
import { cameraError } from './cameraErrors.ts'

const constraints: MediaStreamConstraints = {
  audio: false,
  video: {
    width: { ideal: 640 },
    height: { ideal: 480 },
    frameRate: { ideal: 30 },
    facingMode: 'user',
  },
}

export async function openCameraStream(): Promise<Result<MediaStream, SensorError>> {
  const devices = (navigator as Partial<Navigator>).mediaDevices
  if (devices === undefined) return err({ code: 'CAMERA_UNSUPPORTED' })
  try {
    return ok(await devices.getUserMedia(constraints))
  } catch (thrown) {
    return err(cameraError(thrown))
  }
}
