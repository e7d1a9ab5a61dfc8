/**
 * One connection to a heart-rate strap (SENS-1): from `gatt.connect` to its first notification, and
 * what the device says about itself. `bluetoothStrap.ts` decides when to connect, and again.
 */

import type { DeviceEvent } from '../../ports/sensor.ts'
import { polarService } from './polarEcg.ts'

export const batteryService = 'battery_service'
const informationService = 'device_information'

/** What the page asks the person to allow. */
export const strapRequest: RequestDeviceOptions = {
  filters: [{ services: ['heart_rate'] }],
  optionalServices: [batteryService, informationService, polarService],
}

/** Resolves once notifications are on; rejects as Web Bluetooth does. */
export async function openStrapLink(
  gatt: BluetoothRemoteGATTServer,
  onPacket: (packet: DataView) => void,
): Promise<() => void> {
  const server = await gatt.connect()
  const service = await server.getPrimaryService('heart_rate')
  const measurement = await service.getCharacteristic('heart_rate_measurement')
  const listener = (): void => {
    if (measurement.value !== undefined) onPacket(measurement.value)
  }
  measurement.addEventListener('characteristicvaluechanged', listener)
  await measurement.startNotifications()
  return () => measurement.removeEventListener('characteristicvaluechanged', listener)
}

/** Name, battery and maker; a device keeps silent about what it does not have. */
export async function readStrapDevice(
  device: BluetoothDevice,
  gatt: BluetoothRemoteGATTServer,
): Promise<DeviceEvent> {
  const battery = await readValue(gatt, batteryService, 'battery_level')
  const manufacturer = await readText(gatt, 'manufacturer_name_string')
  const model = await readText(gatt, 'model_number_string')
  const firmware = await readText(gatt, 'firmware_revision_string')
  const hasBattery = battery !== undefined && battery.byteLength > 0
  return {
    kind: 'device',
    ...(device.name !== undefined && { name: device.name }),
    ...(hasBattery && { battery: Math.min(100, battery.getUint8(0)) }),
    ...(manufacturer !== undefined && { manufacturer }),
    ...(model !== undefined && { model }),
    ...(firmware !== undefined && { firmware }),
  }
}

async function readValue(
  gatt: BluetoothRemoteGATTServer,
  serviceName: string,
  characteristicName: string,
): Promise<DataView | undefined> {
  try {
    const service = await gatt.getPrimaryService(serviceName)
    const characteristic = await service.getCharacteristic(characteristicName)
    return await characteristic.readValue()
  } catch {
    // Optional, or the link just broke, which the disconnect event says.
    return undefined
  }
}

const textCharactersMax = 64

async function readText(
  gatt: BluetoothRemoteGATTServer,
  characteristicName: string,
): Promise<string | undefined> {
  const value = await readValue(gatt, informationService, characteristicName)
  if (value === undefined) return undefined
  // Some devices end their strings with a zero byte, as in C.
  const text = new TextDecoder().decode(value).replace(/\0.*$/s, '').trim()
  return text.slice(0, textCharactersMax)
}
