/** Asks the person for the camera (SENS-2), in the size and at the rate that a pulse needs. */

import type { CameraMode } from '../../../workers/camera/protocol.ts'
import { err, ok, type Result } from '../../core/base/result.ts'
import type { SensorError } from '../../ports/sensor.ts'
import { cameraError } from './cameraErrors.ts'

const wanted = { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 30 } }

/** A face is before the screen; the lens that a finger covers has its lamp on the other side. */
export async function openCameraStream(
  mode: CameraMode,
): Promise<Result<MediaStream, SensorError>> {
  const facingMode = mode === 'finger' ? 'environment' : 'user'
  const constraints = { audio: false, video: { ...wanted, facingMode } }
  const devices = (navigator as Partial<Navigator>).mediaDevices
  if (devices === undefined) return err({ code: 'CAMERA_UNSUPPORTED' })
  try {
    return ok(await devices.getUserMedia(constraints))
  } catch (thrown) {
    return err(cameraError(thrown))
  }
}
