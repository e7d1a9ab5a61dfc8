/**
 * The page's composition root: makes the services of this browser and hands them to the UI.
 *
 * Heavy parts (vault, sensors, node, verifier) are loaded by `import()` when they are needed
 * (UX-3).
 */

import { probeCapabilities, readBattery } from './app/browser/capabilities.ts'
import { EventFeed } from './app/browser/eventFeed.ts'
import { BrowserNotifications } from './app/browser/notifications.ts'
import { RelayExplorer } from './app/browser/relayExplorer.ts'
import { BrowserMemory, BrowserStorage } from './app/browser/storage.ts'
import { TabRole } from './app/browser/tabRole.ts'
import { ServiceWorkerUpdates } from './app/browser/updates.ts'
import { ScreenWakeLock } from './app/browser/wakeLock.ts'
import type {
  BlockReader,
  NodeHost,
  Recordings,
  SensorFactory,
  Services,
  Vault,
} from './app/services.ts'
import { err } from './core/base/result.ts'
import type { Clock } from './ports/clock.ts'
import type { DeviceLink } from './ports/deviceLink.ts'
import type { PhoneSender } from './ports/phone.ts'
import type { Sensor } from './ports/sensor.ts'
import type { TabNode } from './tabNode.ts'
import { mountApp } from './ui/mountApp.ts'

/** The node of this tab: its worker, its transport and its lock; loaded when first started. */
function createNodeHost(): NodeHost & { readonly running: boolean } {
  let loaded: TabNode | undefined
  let sensor: Sensor | undefined
  let sensorName: string | undefined
  return {
    get running() {
      return loaded?.running ?? false
    },
    async start(options) {
      const { TabNode } = await import('./tabNode.ts')
      loaded ??= new TabNode({
        clock: systemClock,
        onFailure: ({ code, reason }) => {
          // eslint-disable-next-line no-console -- What a developer needs in a bug report.
          console.error(`node: ${code}: ${reason}`)
        },
      })
      loaded.attachSensor(sensor, sensorName)
      return loaded.start(options)
    },
    attachSensor(next, deviceName) {
      sensor = next
      sensorName = deviceName
      loaded?.attachSensor(next, deviceName)
    },
  }
}

/** Reads and checks the blocks of the feed; loaded after the first view. */
async function loadBlockReader(): Promise<BlockReader> {
  const [{ createBlockReader }, { loadBlsWasm }] = await Promise.all([
    import('./app/browser/blockReader.ts'),
    import('./adapters/crypto/blsWasm.ts'),
  ])
  return createBlockReader({ bls: await loadBlsWasm(), memory })
}

/** Keys and cryptography of the vault; Argon2id itself is loaded when a passphrase is used. */
async function loadVault(): Promise<Vault> {
  const [
    { createVault },
    { createVaultBox },
    { openOriginFile },
    { createPasskeys },
    { webRandom },
    { argon2idInWorker },
  ] = await Promise.all([
    import('./adapters/keys/vault.ts'),
    import('./adapters/keys/vaultBox.ts'),
    import('./adapters/storage/originFile.ts'),
    import('./adapters/keys/passkey.ts'),
    import('./adapters/keys/webRandom.ts'),
    import('./adapters/keys/argon2idInWorker.ts'),
  ])
  return createVault({
    box: createVaultBox(openOriginFile),
    passkeys: createPasskeys(webRandom),
    random: webRandom,
    stretch: argon2idInWorker,
  })
}

/** What was measured, sealed under the keys of the vault; nothing unless its owner wants it. */
async function loadRecordings(): Promise<Recordings> {
  const [{ createRecordings }, { createRecordingDatabase }, { webRandom }] = await Promise.all([
    import('./adapters/recordings/recordings.ts'),
    import('./adapters/recordings/recordingDatabase.ts'),
    import('./adapters/keys/webRandom.ts'),
  ])
  return createRecordings(createRecordingDatabase(), webRandom)
}

async function loadSensors(): Promise<SensorFactory> {
  const [
    { BluetoothStrap },
    { Camera },
    { SimulatedHeart },
    { PhoneCamera },
    { respirationOf },
    { webRandom },
  ] = await Promise.all([
    import('./adapters/sensors/bluetoothStrap.ts'),
    import('./adapters/sensors/camera.ts'),
    import('./adapters/sensors/simulatedHeart.ts'),
    import('./adapters/sensors/phone/phoneCamera.ts'),
    import('./adapters/sensors/hrv/respiration.ts'),
    import('./adapters/keys/webRandom.ts'),
  ])
  return {
    create: (kind, mode = 'face') => {
      switch (kind) {
        case 'strap':
          return new BluetoothStrap(systemClock, navigator.bluetooth)
        case 'camera':
          return new Camera(systemClock, mode)
        case 'phone': {
          const phone = new PhoneCamera({ clock: systemClock, random: webRandom, link })
          // The phone hears of it at once; else it would wait for the page to come back.
          window.addEventListener('pagehide', () => void phone.stop(), { once: true })
          return phone
        }
        case 'simulated':
          return new SimulatedHeart(systemClock, { seed: randomSeed() })
      }
    },
    viewOf: (sensor) => (sensor instanceof Camera ? sensor : undefined),
    phoneOf: (sensor) => (sensor instanceof PhoneCamera ? sensor : undefined),
    followerOf: (sensor) => (sensor instanceof SimulatedHeart ? sensor : undefined),
    readBreath: respirationOf,
  }
}

async function loadPhoneSender(): Promise<PhoneSender> {
  const [{ CameraSender }, { webRandom }] = await Promise.all([
    import('./adapters/sensors/phone/phoneSender.ts'),
    import('./adapters/keys/webRandom.ts'),
  ])
  const sender = new CameraSender({ clock: systemClock, random: webRandom, link })
  window.addEventListener(
    'pagehide',
    () => {
      sender.stop()
    },
    { once: true },
  )
  return sender
}

/** The network between two devices of one person, loaded when one looks for the other (SENS-6). */
const link: DeviceLink = {
  listen: async (seed, onChannel) => {
    const opened = await openLink()
    return opened === undefined
      ? err({ code: 'RELAY_UNREACHABLE' })
      : opened.listen(seed, onChannel)
  },
  caller: async (seed) => {
    const opened = await openLink()
    if (opened !== undefined) return opened.caller(seed)
    const connect = () => Promise.resolve(err({ code: 'RELAY_UNREACHABLE' }))
    return { connect, stop: () => Promise.resolve() }
  },
}

/** `undefined` where the relay that served the page does not say which relays there are. */
async function openLink(): Promise<DeviceLink | undefined> {
  const [{ createDeviceLink }, { webRandom }, relays] = await Promise.all([
    import('./adapters/network/deviceLink.ts'),
    import('./adapters/keys/webRandom.ts'),
    askRelays().catch(() => []),
  ])
  if (relays.length === 0) return undefined
  return createDeviceLink({ relays, clock: systemClock, random: webRandom })
}

async function askRelays(): Promise<readonly string[]> {
  const answer = await fetch('/bootstrap.json')
  const { relays } = (await answer.json()) as { readonly relays?: unknown }
  return Array.isArray(relays) ? relays.filter((one) => typeof one === 'string') : []
}

const systemClock: Clock = {
  nowMs: () => Date.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs)
    return () => {
      clearTimeout(timer)
    }
  },
}

function randomSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 0
}

const node = createNodeHost()
const updates = new ServiceWorkerUpdates()
const memory = new BrowserMemory()

const services: Services = {
  feed: new EventFeed({ loadBlockReader }),
  node,
  explorer: new RelayExplorer(),
  loadVault,
  loadSensors,
  loadRecordings,
  loadPhoneSender,
  probe: probeCapabilities,
  battery: readBattery,
  storage: new BrowserStorage(),
  wakeLock: new ScreenWakeLock(),
  notifications: new BrowserNotifications(),
  tab: new TabRole(() => node.running),
  updates,
  memory,
}

const target = document.getElementById('app')
if (target !== null) mountApp(target, services)
if (import.meta.env.PROD) void updates.start('/sw.js')
