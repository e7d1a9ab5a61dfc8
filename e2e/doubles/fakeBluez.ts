/**
 * A double of BlueZ on a private system bus: one adapter and one heart-rate strap. Everything above
 * it is real: Chromium's discovery, its chooser, GATT and notifications.
 */

import { once } from 'node:events'
import dbus from 'dbus-next'
import {
  adapterInterface,
  adapterObjects,
  adapterPath,
  batteryPath,
  characteristicInterface,
  deviceInterface,
  devicePath,
  deviceProperties,
  ecgControlPath,
  ecgDataPath,
  gattObjects,
  measurementPath,
  variant,
  type Interfaces,
  type Properties,
} from './bluezObjects.ts'
import { startPrivateBus, type PrivateBus } from './privateBus.ts'

const { Message, MessageType } = dbus
type BusMessage = InstanceType<typeof Message>

const resolveMs = 100
const advertiseMs = 200

export class FakeBluez {
  readonly #bus: PrivateBus
  readonly #connection: dbus.MessageBus
  readonly #objects = adapterObjects()
  readonly #gatt = gattObjects()
  readonly #device: Properties
  readonly #notifying = new Set<string>()
  /** What was written to the control point of the ECG. */
  readonly ecgWrites: Uint8Array[] = []
  #isInReach = true

  private constructor(bus: PrivateBus, connection: dbus.MessageBus, deviceName: string) {
    this.#bus = bus
    this.#connection = connection
    this.#device = deviceProperties(deviceName)
  }

  static async start(deviceName = 'Polar H10 12345678'): Promise<FakeBluez> {
    const bus = await startPrivateBus()
    const connection = dbus.sessionBus({ busAddress: bus.address })
    await once(connection, 'connect')
    const bluez = new FakeBluez(bus, connection, deviceName)
    connection.addMethodHandler((message: BusMessage) => bluez.#answer(message))
    await connection.requestName('org.bluez', 0)
    return bluez
  }

  /** For the environment of Chromium. */
  get environment(): { readonly DBUS_SYSTEM_BUS_ADDRESS: string } {
    return { DBUS_SYSTEM_BUS_ADDRESS: this.#bus.address }
  }

  /** One notification of 0x2A37; false when nobody has subscribed. */
  notify(packet: Uint8Array): boolean {
    return this.#push(measurementPath, packet)
  }

  /** One packet of raw ECG; false when nobody has subscribed. */
  notifyEcg(packet: Uint8Array): boolean {
    return this.#push(ecgDataPath, packet)
  }

  /** Read from now on, and notified to whoever has subscribed. */
  setBattery(percent: number): boolean {
    const properties = this.#gatt.get(batteryPath)?.[characteristicInterface]
    if (properties !== undefined) properties['Value'] = variant('ay', Buffer.from([percent]))
    return this.#push(batteryPath, Uint8Array.of(percent))
  }

  #push(path: string, packet: Uint8Array): boolean {
    if (!this.#notifying.has(path)) return false
    // Said and not kept: reading a control point gives its features, not its last answer.
    const properties = { Value: variant('ay', Buffer.from(packet)) }
    const body = [characteristicInterface, properties, []]
    this.#signal(path, 'Properties', 'PropertiesChanged', 'sa{sv}as', body)
    return true
  }

  /** The control point of the ECG: 2 starts, 3 stops, and each is answered with success. */
  #write(message: BusMessage, bytes: Uint8Array): boolean {
    this.#reply(message)
    if (message.path !== ecgControlPath) return true
    this.ecgWrites.push(Uint8Array.from(bytes))
    const [operation = 0, measurement = 0] = bytes
    this.#push(ecgControlPath, Uint8Array.of(0xf0, operation, measurement, 0, 0))
    return true
  }

  /** Out of reach: the link breaks and no connection succeeds until `comeBack`. */
  drop(): void {
    this.#isInReach = false
    this.#disconnect()
  }

  comeBack(): void {
    this.#isInReach = true
  }

  stop(): void {
    this.#connection.disconnect()
    this.#bus.stop()
  }

  #answer(message: BusMessage): boolean {
    const [first, second, third] = message.body as unknown[]
    switch (`${message.interface}.${message.member}`) {
      case 'org.freedesktop.DBus.ObjectManager.GetManagedObjects':
        return this.#reply(message, 'a{oa{sa{sv}}}', [Object.fromEntries(this.#objects)])
      case 'org.freedesktop.DBus.Properties.GetAll':
        return this.#reply(message, 'a{sv}', [this.#properties(message.path, first)])
      case 'org.freedesktop.DBus.Properties.Get': {
        const value = this.#properties(message.path, first)[String(second)]
        if (value === undefined) return this.#refuse(message, 'InvalidArgs')
        return this.#reply(message, 'v', [value])
      }
      case 'org.freedesktop.DBus.Properties.Set':
        this.#reply(message)
        this.#change(message.path, String(first), { [String(second)]: third as dbus.Variant })
        return true
      case 'org.bluez.Adapter1.StartDiscovery':
        this.#reply(message)
        this.#change(adapterPath, adapterInterface, { Discovering: variant('b', true) })
        setTimeout(() => {
          this.#advertise()
        }, advertiseMs)
        return true
      case 'org.bluez.Adapter1.StopDiscovery':
        this.#reply(message)
        this.#change(adapterPath, adapterInterface, { Discovering: variant('b', false) })
        return true
      case 'org.bluez.Device1.Connect':
      case 'org.bluez.Device1.ConnectLE':
        return this.#connect(message)
      case 'org.bluez.Device1.Disconnect':
        this.#reply(message)
        this.#disconnect()
        return true
      case 'org.bluez.GattCharacteristic1.ReadValue': {
        const value = this.#gatt.get(message.path)?.[characteristicInterface]?.['Value']
        return this.#reply(message, 'ay', [value?.value ?? Buffer.alloc(0)])
      }
      case 'org.bluez.GattCharacteristic1.WriteValue':
        return this.#write(message, first as Uint8Array)
      case 'org.bluez.GattDescriptor1.ReadValue':
        return this.#reply(message, 'ay', [Buffer.from([0, 0])])
      case 'org.bluez.GattCharacteristic1.StartNotify':
        this.#reply(message)
        this.#notifying.add(message.path)
        this.#change(message.path, characteristicInterface, { Notifying: variant('b', true) })
        return true
      case 'org.bluez.GattCharacteristic1.StopNotify':
        this.#reply(message)
        this.#notifying.delete(message.path)
        this.#change(message.path, characteristicInterface, { Notifying: variant('b', false) })
        return true
      case 'org.freedesktop.DBus.Introspectable.Introspect':
        return this.#reply(message, 's', ['<node/>'])
      default:
        return this.#reply(message)
    }
  }

  #advertise(): void {
    if (!this.#isInReach) return
    if (this.#objects.has(devicePath)) {
      this.#change(devicePath, deviceInterface, { RSSI: variant('n', -52) })
    } else {
      this.#add(devicePath, { [deviceInterface]: this.#device })
    }
  }

  #connect(message: BusMessage): boolean {
    if (!this.#isInReach) return this.#refuse(message, 'Failed')
    this.#change(devicePath, deviceInterface, { Connected: variant('b', true) })
    this.#reply(message)
    setTimeout(() => {
      if (!this.#isInReach) return
      for (const [path, interfaces] of this.#gatt) this.#add(path, interfaces)
      this.#change(devicePath, deviceInterface, { ServicesResolved: variant('b', true) })
    }, resolveMs)
    return true
  }

  #disconnect(): void {
    this.#notifying.clear()
    for (const path of [...this.#gatt.keys()].reverse()) this.#remove(path)
    if (!this.#objects.has(devicePath)) return
    this.#change(devicePath, deviceInterface, {
      Connected: variant('b', false),
      ServicesResolved: variant('b', false),
    })
  }

  #properties(path: string, name: unknown): Properties {
    return this.#objects.get(path)?.[String(name)] ?? {}
  }

  #add(path: string, interfaces: Interfaces): void {
    this.#objects.set(path, interfaces)
    this.#signal('/', 'ObjectManager', 'InterfacesAdded', 'oa{sa{sv}}', [path, interfaces])
  }

  #remove(path: string): void {
    const interfaces = this.#objects.get(path)
    if (interfaces === undefined) return
    this.#objects.delete(path)
    const names = Object.keys(interfaces)
    this.#signal('/', 'ObjectManager', 'InterfacesRemoved', 'oas', [path, names])
  }

  #change(path: string, name: string, properties: Properties): void {
    Object.assign(this.#properties(path, name), properties)
    this.#signal(path, 'Properties', 'PropertiesChanged', 'sa{sv}as', [name, properties, []])
  }

  #signal(path: string, name: string, member: string, signature: string, body: unknown[]): void {
    const type = MessageType.SIGNAL
    const on = `org.freedesktop.DBus.${name}`
    this.#connection.send(new Message({ type, path, interface: on, member, signature, body }))
  }

  #reply(message: BusMessage, signature = '', body: unknown[] = []): true {
    this.#connection.send(Message.newMethodReturn(message, signature, body))
    return true
  }

  #refuse(message: BusMessage, error: string): true {
    // Declared as a string in the types of dbus-next; it takes the message.
    const call = message as unknown as string
    const text = 'refused by the double'
    this.#connection.send(Message.newError(call, `org.bluez.Error.${error}`, text))
    return true
  }
}
