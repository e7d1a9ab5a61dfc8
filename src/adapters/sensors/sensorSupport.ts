/** Which sensor works in this browser (SENS-5), told before anything is asked of the person. */

import type { SensorError } from '../../ports/sensor.ts'

export interface SensorSupport {
  readonly strap: 'ready' | SensorError['code']
  readonly camera: 'ready' | SensorError['code']
}

export async function sensorSupport(): Promise<SensorSupport> {
  if (!globalThis.isSecureContext) return { strap: 'INSECURE_CONTEXT', camera: 'INSECURE_CONTEXT' }
  const { bluetooth, mediaDevices } = navigator as Partial<Navigator>
  return {
    strap: await strapSupport(bluetooth),
    camera: mediaDevices === undefined ? 'CAMERA_UNSUPPORTED' : 'ready',
  }
}

async function strapSupport(bluetooth: Bluetooth | undefined): Promise<SensorSupport['strap']> {
  if (bluetooth === undefined) return 'BLUETOOTH_UNSUPPORTED'
  return (await bluetooth.getAvailability()) ? 'ready' : 'BLUETOOTH_OFF'
}
