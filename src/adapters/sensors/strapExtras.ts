/**
 * What a strap may have besides beats (SENS-1): a battery that says when it falls, and raw ECG at
 * Polar's. Nothing here is needed: what is missing or fails is left out, and beats go on.
 *
 * One request after the other: some stacks refuse a second one while the first is under way.
 */

import { batteryService } from './strapLink.ts'
import {
  ecgStart,
  ecgStarted,
  ecgStop,
  offersEcg,
  polarControl,
  polarData,
  polarService,
} from './polarEcg.ts'

export interface StrapExtras {
  readonly onBattery: (percent: number) => void
  readonly onEcg: (packet: DataView) => void
}

/** Resolves with what ends it again. */
export async function openStrapExtras(
  gatt: BluetoothRemoteGATTServer,
  { onBattery, onEcg }: StrapExtras,
): Promise<() => void> {
  const closeBattery = await optional(() => watchBattery(gatt, onBattery))
  const closeEcg = await optional(() => openEcg(gatt, onEcg))
  return () => {
    closeBattery?.()
    closeEcg?.()
  }
}

async function optional<T>(request: () => Promise<T>): Promise<T | undefined> {
  try {
    return await request()
  } catch {
    // The device lacks it, or the link just broke, which the disconnect event says.
    return undefined
  }
}

async function watchBattery(
  gatt: BluetoothRemoteGATTServer,
  onBattery: (percent: number) => void,
): Promise<() => void> {
  const service = await gatt.getPrimaryService(batteryService)
  const level = await service.getCharacteristic('battery_level')
  return listen(level, (value) => {
    if (value.byteLength > 0) onBattery(Math.min(100, value.getUint8(0)))
  })
}

async function openEcg(
  gatt: BluetoothRemoteGATTServer,
  onEcg: (packet: DataView) => void,
): Promise<() => void> {
  const service = await gatt.getPrimaryService(polarService)
  const control = await service.getCharacteristic(polarControl)
  if (!offersEcg(await control.readValue())) return () => undefined
  let isRefused = false
  const closeControl = await listen(control, (value) => {
    if (ecgStarted(value) === false) isRefused = true
  })
  const closeData = await listen(await service.getCharacteristic(polarData), (value) => {
    if (!isRefused) onEcg(value)
  })
  await control.writeValueWithResponse(ecgStart)
  return () => {
    closeData()
    closeControl()
    // The battery of the strap is not for nobody; a broken link has ended the stream already.
    if (gatt.connected) void optional(() => control.writeValueWithResponse(ecgStop))
  }
}

async function listen(
  characteristic: BluetoothRemoteGATTCharacteristic,
  onValue: (value: DataView) => void,
): Promise<() => void> {
  const listener = (): void => {
    if (characteristic.value !== undefined) onValue(characteristic.value)
  }
  characteristic.addEventListener('characteristicvaluechanged', listener)
  await characteristic.startNotifications()
  return () => characteristic.removeEventListener('characteristicvaluechanged', listener)
}
