/** The objects that BlueZ would publish for one adapter and one heart-rate strap in reach. */

import dbus from 'dbus-next'
import { polarControl, polarData, polarService } from '../../src/adapters/sensors/polarEcg.ts'

const { Variant } = dbus

export type Properties = Record<string, dbus.Variant>
/** Interfaces of an object with their properties. */
export type Interfaces = Record<string, Properties>

export const adapterPath = '/org/bluez/hci0'
export const devicePath = `${adapterPath}/dev_AA_BB_CC_11_22_33`
export const measurementPath = `${devicePath}/service0010/char0011`
export const batteryPath = `${devicePath}/service0020/char0021`
export const ecgControlPath = `${devicePath}/service0040/char0041`
export const ecgDataPath = `${devicePath}/service0040/char0042`

export const deviceInterface = 'org.bluez.Device1'
export const adapterInterface = 'org.bluez.Adapter1'
export const characteristicInterface = 'org.bluez.GattCharacteristic1'

export function variant(signature: string, value: unknown): dbus.Variant {
  return new Variant(signature, value)
}

/** A number that the Bluetooth SIG assigned, or a whole UUID of a maker. */
function uuid(assigned: number | string): string {
  if (typeof assigned === 'string') return assigned
  return `0000${assigned.toString(16).padStart(4, '0')}-0000-1000-8000-00805f9b34fb`
}

export function adapterObjects(): Map<string, Interfaces> {
  return new Map<string, Interfaces>([
    ['/org/bluez', { 'org.bluez.AgentManager1': {}, 'org.bluez.ProfileManager1': {} }],
    [
      adapterPath,
      {
        [adapterInterface]: {
          Address: variant('s', '00:11:22:33:44:55'),
          AddressType: variant('s', 'public'),
          Name: variant('s', 'double'),
          Alias: variant('s', 'double'),
          Class: variant('u', 0),
          Powered: variant('b', true),
          Discoverable: variant('b', false),
          DiscoverableTimeout: variant('u', 0),
          Pairable: variant('b', true),
          PairableTimeout: variant('u', 0),
          Discovering: variant('b', false),
          UUIDs: variant('as', []),
          Modalias: variant('s', 'usb:v1D6Bp0246d0542'),
          Roles: variant('as', ['central', 'peripheral']),
        },
        'org.bluez.GattManager1': {},
        'org.bluez.LEAdvertisingManager1': {
          ActiveInstances: variant('y', 0),
          SupportedInstances: variant('y', 4),
          SupportedIncludes: variant('as', []),
        },
      },
    ],
  ])
}

export function deviceProperties(name: string): Properties {
  return {
    Address: variant('s', 'AA:BB:CC:11:22:33'),
    AddressType: variant('s', 'random'),
    Name: variant('s', name),
    Alias: variant('s', name),
    Adapter: variant('o', adapterPath),
    Paired: variant('b', false),
    Bonded: variant('b', false),
    Trusted: variant('b', false),
    Blocked: variant('b', false),
    LegacyPairing: variant('b', false),
    Connected: variant('b', false),
    RSSI: variant('n', -50),
    UUIDs: variant('as', [uuid(0x180d), uuid(0x180f), uuid(0x180a), polarService]),
    ServicesResolved: variant('b', false),
  }
}

interface CharacteristicSpec {
  readonly assigned: number | string
  readonly flags: readonly string[]
  readonly value: Buffer
}

const services: readonly {
  readonly assigned: number | string
  readonly characteristics: readonly CharacteristicSpec[]
}[] = [
  {
    assigned: 0x180d,
    characteristics: [
      { assigned: 0x2a37, flags: ['notify'], value: Buffer.alloc(0) },
      { assigned: 0x2a38, flags: ['read'], value: Buffer.from([1]) },
    ],
  },
  {
    assigned: 0x180f,
    characteristics: [{ assigned: 0x2a19, flags: ['read', 'notify'], value: Buffer.from([87]) }],
  },
  {
    assigned: 0x180a,
    characteristics: [
      { assigned: 0x2a29, flags: ['read'], value: Buffer.from('Double Oy\0') },
      { assigned: 0x2a24, flags: ['read'], value: Buffer.from('H10') },
      { assigned: 0x2a26, flags: ['read'], value: Buffer.from('5.0.0') },
    ],
  },
  {
    assigned: polarService,
    characteristics: [
      // Features: ECG and acceleration, as an H10.
      {
        assigned: polarControl,
        flags: ['read', 'write', 'indicate'],
        value: Buffer.from([0x0f, 0x05]),
      },
      { assigned: polarData, flags: ['notify'], value: Buffer.alloc(0) },
    ],
  },
]

/** Services, characteristics and descriptors, in the order in which BlueZ adds them. */
export function gattObjects(): Map<string, Interfaces> {
  const objects = new Map<string, Interfaces>()
  for (const [serviceAt, service] of services.entries()) {
    const servicePath = `${devicePath}/service00${serviceAt + 1}0`
    objects.set(servicePath, {
      'org.bluez.GattService1': {
        UUID: variant('s', uuid(service.assigned)),
        Primary: variant('b', true),
        Device: variant('o', devicePath),
        Includes: variant('ao', []),
      },
    })
    for (const [at, characteristic] of service.characteristics.entries()) {
      addCharacteristic(objects, servicePath, `00${serviceAt + 1}${at + 1}`, characteristic)
    }
  }
  return objects
}

function addCharacteristic(
  objects: Map<string, Interfaces>,
  servicePath: string,
  handle: string,
  { assigned, flags, value }: CharacteristicSpec,
): void {
  const path = `${servicePath}/char${handle}`
  objects.set(path, {
    [characteristicInterface]: {
      UUID: variant('s', uuid(assigned)),
      Service: variant('o', servicePath),
      Value: variant('ay', value),
      Notifying: variant('b', false),
      NotifyAcquired: variant('b', false),
      Flags: variant('as', [...flags]),
    },
  })
  if (!flags.includes('notify') && !flags.includes('indicate')) return
  objects.set(`${path}/desc${handle}`, {
    'org.bluez.GattDescriptor1': {
      UUID: variant('s', uuid(0x2902)),
      Characteristic: variant('o', path),
      Value: variant('ay', Buffer.from([0, 0])),
      Flags: variant('as', ['read', 'write']),
    },
  })
}
