/**
 * The page over recorded states: the real components and view models, a test node behind them.
 * `?scene=NAME&progress=0.58` chooses the state; the fragment is the route.
 */

import { webRandom } from '../../src/adapters/keys/webRandom.ts'
import { createRecordingDatabase } from '../../src/adapters/recordings/recordingDatabase.ts'
import { createRecordings } from '../../src/adapters/recordings/recordings.ts'
import { Camera } from '../../src/adapters/sensors/camera.ts'
import { BluetoothStrap } from '../../src/adapters/sensors/bluetoothStrap.ts'
import { respirationOf } from '../../src/adapters/sensors/hrv/respiration.ts'
import { SimulatedHeart } from '../../src/adapters/sensors/simulatedHeart.ts'
import { EventFeed } from '../../src/app/browser/eventFeed.ts'
import { probeCapabilities } from '../../src/app/browser/capabilities.ts'
import { BrowserMemory, BrowserStorage } from '../../src/app/browser/storage.ts'
import type {
  BlockReader,
  Capabilities,
  LightFeed,
  Services,
  Vault,
} from '../../src/app/services.ts'
import { err, ok } from '../../src/core/base/result.ts'
import type { NodeClient, NodeCommand, NodeSnapshot } from '../../src/node/api.ts'
import type { Clock } from '../../src/ports/clock.ts'
import { mountApp } from '../../src/ui/mountApp.ts'
import { SimulatedFace } from '../doubles/simulatedFace.ts'
import { block, blocks, scene, type Scene } from './scenes.ts'

const query = new URLSearchParams(window.location.search)
const shown: Scene = scene(
  query.get('scene') ?? 'visitor',
  Date.now(),
  Number(query.get('progress') ?? '0.58'),
)
/** What was asked of the node. */
const commands: NodeCommand[] = []

const keys = {
  identitySeed: new Uint8Array(32),
  vrfSeed: new Uint8Array(32),
  networkSeed: new Uint8Array(32),
  proofSecret: new Uint8Array(32),
}

let snapshot: NodeSnapshot | undefined = shown.snapshot
const listeners = new Set<(snapshot: NodeSnapshot) => void>()

function change(part: Partial<NodeSnapshot>): void {
  if (snapshot === undefined) return
  snapshot = { ...snapshot, ...part, nowMs: Date.now() }
  for (const listener of listeners) listener(snapshot)
}

/** What tests read and move. */
Object.assign(window, { commands, change })

const client: NodeClient = {
  snapshot: () => snapshot,
  onSnapshot: (listener) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },
  command: (command) => {
    commands.push(command)
    const recorded = { state: 'recording', recordedMs: 21_000, neededMs: 60_000 } as const
    if (command.type === 'startBaseline') {
      change({ baseline: { ...recorded, restBpm: 61, rmssdMs: 44 } })
    }
    const liveness = snapshot?.liveness
    if (command.type === 'answerChallenge' && liveness?.challenge !== undefined) {
      change({ liveness: { ...liveness, challenge: { ...liveness.challenge, step: 'sent' } } })
    }
    if (command.type === 'stepDown') change({ duty: { state: 'absent', reason: 'STEPPED_DOWN' } })
    return Promise.resolve({ ok: true })
  },
  blocks: (before, count) => Promise.resolve(blocks(Date.now(), count, before - 1)),
  validators: () =>
    Promise.resolve(
      (shown.snapshot?.epoch?.seats ?? []).map(({ validator, seat }) => ({
        id: validator,
        bondedMicro: '10000000000',
        reputation: 9700 - seat * 90,
        registeredEpoch: 6 + seat,
        jailedUntilEpoch: seat === 17 ? 1310 : undefined,
        absent: seat === 4,
        seated: seat !== 17,
      })),
    ),
}

/** A slow device: the vault is there once the test says so. */
const vaultFound = new Promise<void>((found) => {
  if (query.get('vault') === 'slow') Object.assign(window, { findVault: found })
  else found()
})

let lock = shown.lock
const vault: Vault = {
  lock: () => Promise.resolve(lock),
  passkeyOffered: () => Promise.resolve(query.get('passkey') !== 'no'),
  create: (unlock) => {
    lock = unlock.kind
    return Promise.resolve(ok(keys))
  },
  open: (unlock) =>
    Promise.resolve(
      unlock.kind === 'passphrase' && unlock.passphrase === 'wrong'
        ? err({ code: 'PASSPHRASE_WRONG' })
        : ok(keys),
    ),
  backup: () => Promise.resolve(ok(new TextEncoder().encode('a backup'))),
  checkBackup: (file) =>
    Promise.resolve(file.length === 8 ? ok(undefined) : err({ code: 'BACKUP_CORRUPT' })),
  restore: () => Promise.resolve(ok(keys)),
  erase: () => {
    lock = undefined
    return Promise.resolve()
  },
}

const clock: Clock = {
  nowMs: () => Date.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs)
    return () => {
      clearTimeout(timer)
    }
  },
}

const able: Capabilities = {
  secureContext: true,
  bluetooth: true,
  camera: true,
  webrtc: true,
  storage: 'persistent',
  passkey: true,
  worker: true,
  installed: false,
  handheld: query.get('handheld') === 'yes',
}

const recordedFeed: LightFeed = {
  subscribe: (handler) => {
    handler(shown.feed)
    return () => undefined
  },
}

/** Recorded blocks carry no certificate: they stay unchecked. */
const loadBlockReader = (): Promise<BlockReader> =>
  Promise.resolve(() => Promise.resolve(undefined))

const services: Services = {
  feed: query.get('feed') === 'relay' ? new EventFeed({ loadBlockReader }) : recordedFeed,
  node: {
    start: () => {
      snapshot ??= scene('joining', Date.now()).snapshot
      return Promise.resolve(ok(client))
    },
    attachSensor: () => undefined,
  },
  explorer: {
    blocks: (before, count) => Promise.resolve(blocks(Date.now(), count, before ?? 48_211)),
    block: (height) => Promise.resolve(block(height, Date.now() - (48_211 - height) * 1100)),
    validators: () => client.validators(),
  },
  loadPhoneSender: () => Promise.reject(new Error('no phone is sent from here')),
  loadRecordings: () => Promise.resolve(createRecordings(createRecordingDatabase(), webRandom)),
  loadVault: () => vaultFound.then(() => vault),
  loadSensors: () =>
    Promise.resolve({
      create: (kind, mode = 'face') => {
        // `?face=answers` or `still`: a simulated one; without it the browser's own camera.
        const face = query.get('face')
        if (kind === 'camera' && face !== null) return new SimulatedFace(face === 'answers')
        if (kind === 'camera') return new Camera(clock, mode)
        return kind === 'simulated'
          ? new SimulatedHeart(clock, { seed: 7 })
          : new BluetoothStrap(clock, navigator.bluetooth)
      },
      viewOf: (sensor) =>
        sensor instanceof Camera || sensor instanceof SimulatedFace ? sensor : undefined,
      phoneOf: () => undefined,
      followerOf: (sensor) => (sensor instanceof SimulatedHeart ? sensor : undefined),
      readBreath: respirationOf,
    }),
  probe: () => (query.get('browser') === 'real' ? probeCapabilities() : Promise.resolve(able)),
  battery: () => Promise.resolve({ charging: true, level: 0.8 }),
  storage: Object.assign(new BrowserStorage(), {
    info: () =>
      Promise.resolve({ persistent: true, usedBytes: 212_000_000, quotaBytes: 60_000_000_000 }),
  }),
  wakeLock: { supported: true, set: () => undefined },
  notifications: {
    permission: () => 'default',
    request: () => Promise.resolve(true),
    show: () => Promise.resolve(),
  },
  tab: {
    onRole: (handler) => {
      handler(shown.tab)
      return () => undefined
    },
  },
  updates: { onWaiting: () => () => undefined, apply: () => Promise.resolve(true) },
  memory: new BrowserMemory(),
}

const target = document.getElementById('app')
if (target !== null) {
  const mounted = mountApp(target, services)
  if (shown.unlocked) void mounted.page.useKeys(keys, shown.lock ?? 'passkey')
  if (query.has('face')) void mounted.page.sensor.connect('camera')
  else if (shown.simulatedHeart) void mounted.page.sensor.connect('simulated')
}
