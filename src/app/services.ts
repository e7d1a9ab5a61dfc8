/**
 * What the page needs from the world: `src/main.ts` makes it, view models use it, tests replace it.
 * Everything heavy is behind a function that loads it, so that the first view stays small (UX-3).
 */

import type { Result } from '../core/base/result.ts'
import type { Codeword } from '../core/liveness/codeword.ts'
import type {
  BlockSummary,
  EpochSummary,
  NodeClient,
  UnlockedKeys,
  ValidatorSummary,
} from '../node/api.ts'
import type { FaceChallenge } from '../ports/faceChallenge.ts'
import type { PhoneSender, PhoneView } from '../ports/phone.ts'
import type { Sensor } from '../ports/sensor.ts'
import type { VaultError } from '../ports/vaultError.ts'
import type { BreathReader } from './breathRate.ts'
import type { Minute } from './minutes.ts'

/** The live network before any node runs here: headers that a relay streams. */
export interface LightFeed {
  /** Connects with the first handler and disconnects with the last. */
  subscribe(handler: (state: FeedState) => void): () => void
}

export interface FeedState {
  readonly connection: 'connecting' | 'live' | 'lost'
  readonly chain: ChainInfo | undefined
  readonly epoch: EpochSummary | undefined
  /** Newest first, at most 50; `verified` only once the verifier has checked the certificate. */
  readonly blocks: readonly BlockSummary[]
  readonly check: FeedCheck
  /** When the newest of it was received, in Unix ms. */
  readonly receivedMs: number
}

/** Whether the certificates of the feed were checked in this browser. */
export type FeedCheck = 'checking' | 'verified' | 'failed' | 'unavailable'

export interface ChainInfo {
  readonly chainId: string
  readonly devnet: boolean
}

/**
 * Reads a block of the feed and checks it against its commit certificate, in this browser:
 * `verified` says whether the certificate holds; `undefined` when the bytes are no such block.
 */
export type BlockReader = (block: FeedBlock) => Promise<BlockSummary | undefined>

/** A final block as a relay streams it. */
export interface FeedBlock {
  readonly height: number
  readonly epoch: number
  /** Lowercase hex. */
  readonly hash: string
  readonly header: Uint8Array
  readonly body: Uint8Array | undefined
  readonly certificate: Uint8Array
  /** A `CertifiedBlock` with only its path; empty when the block is certified itself. */
  readonly path: Uint8Array
}

/** The node of this tab: made when it is first needed, once. */
export interface NodeHost {
  /** `beginsAnew`: a stored chain that cannot be read is fetched again; keys and votes stay. */
  start(options?: NodeStartOptions): Promise<Result<NodeClient, NodeStartError>>
  /**
   * Beats of this sensor go to the node from now on; `undefined` takes the sensor away. The name
   * is the device's own.
   */
  attachSensor(sensor: Sensor | undefined, deviceName?: string): void
}

export interface NodeStartOptions {
  readonly beginsAnew: boolean
}

export type NodeStartError =
  /** Another tab of this browser runs the node. */
  { readonly code: 'SECOND_TAB' } | { readonly code: NodeStartCode; readonly reason: string }

/** Why a node does not start, as far as its owner can do something about it. */
export const nodeStartCodes = [
  /** The data of this chain belong to another one of the same name. */
  'CHAIN_OTHER_GENESIS',
  /** The stored state is not what it should be. */
  'CHAIN_STATE_CORRUPT',
  /** What the relay gave is no genesis of this version. */
  'GENESIS_INVALID',
  'STORAGE_FULL',
  'STORAGE_NEWER',
  'STORAGE_UNAVAILABLE',
  'STORE_CORRUPT',
  'NODE_FAILED',
] as const

type NodeStartCode = (typeof nodeStartCodes)[number]

/** History from the relay's API, for what the own store does not hold. */
export interface Explorer {
  blocks(beforeHeight: number | undefined, countMax: number): Promise<readonly BlockSummary[]>
  block(height: number): Promise<BlockSummary | undefined>
  validators(): Promise<readonly ValidatorSummary[]>
}

export type VaultLock = 'passkey' | 'passphrase'

/** The keys of this person on this device. */
export interface Vault {
  /** How the vault of this profile is locked; `undefined` when there is none. */
  lock(): Promise<VaultLock | undefined>
  /** A passkey whose authenticator offers PRF can be made here. */
  passkeyOffered(): Promise<boolean>
  create(unlock: Unlock): Promise<Result<UnlockedKeys, VaultError>>
  open(unlock: Unlock): Promise<Result<UnlockedKeys, VaultError>>
  /** The whole vault as a file, encrypted under a passphrase of its own. */
  backup(keys: UnlockedKeys, passphrase: string): Promise<Result<Uint8Array, VaultError>>
  /** Restores the file in memory and compares: nothing is written. */
  checkBackup(
    file: Uint8Array,
    passphrase: string,
    keys: UnlockedKeys,
  ): Promise<Result<void, VaultError>>
  /** Makes the vault of this profile from a backup file. */
  restore(
    file: Uint8Array,
    passphrase: string,
    unlock: Unlock,
  ): Promise<Result<UnlockedKeys, VaultError>>
  erase(): Promise<void>
}

export type Unlock =
  { readonly kind: 'passkey' } | { readonly kind: 'passphrase'; readonly passphrase: string }

/** What was measured, kept on this device for its owner alone (PRIV-1). */
export interface Recordings {
  /** How much is there, whether the keys are locked or not. */
  info(): Promise<RecordingInfo>
  /** Removes what ended before; works while the keys are locked. */
  removeBefore(timeMs: number): Promise<void>
  erase(): Promise<void>
  /** Under a key that these keys give. */
  open(identitySeed: Uint8Array): Promise<OpenRecordings>
}

export interface RecordingInfo {
  readonly minutes: number
  /** Unix time of the first beat. */
  readonly fromMs: number | undefined
}

export interface OpenRecordings {
  /** Sealed and on disk when this resolves. */
  keep(
    minute: Minute,
  ): Promise<Result<undefined, { readonly code: 'STORAGE_FULL' | 'STORAGE_BLOCKED' }>>
  /** Oldest first; `unreadable` counts minutes of other keys, and damaged ones. */
  read(): Promise<{ readonly minutes: readonly Minute[]; readonly unreadable: number }>
}

/** `phone`: the camera of this person's phone (SENS-6). */
export type SensorKind = 'strap' | 'camera' | 'phone' | 'simulated'

export interface SensorFactory {
  /** `simulated` exists on devnets alone (SENS-4). */
  create(kind: SensorKind, mode?: CameraMode): Sensor
  /** Of a sensor that sees a picture. */
  viewOf(sensor: Sensor): CameraView | undefined
  /** Of a phone's camera: how the phone comes to this page, and whether it is taken. */
  phoneOf(sensor: Sensor): PhoneView | undefined
  /** Of a simulated heart, which breathes along with a guide that it cannot see. */
  followerOf(sensor: Sensor): GuideFollower | undefined
  /** Breathing from intervals, for display (HRV-4). */
  readonly readBreath: BreathReader
}

export interface GuideFollower {
  /** `startMs` is when the window of the guide begins; `undefined`: there is no guide any more. */
  follow(codeword: Codeword | undefined, startMs?: number): void
}

/** Where skin is read, in shares of the width and height of the picture. */
export interface SkinRegion {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly shape: 'rectangle' | 'ellipse'
}

/**
 * `oval`: the person places the face; also when the face model cannot run here. `finger`: a
 * fingertip covers the lens.
 */
export type CameraMode = 'face' | 'oval' | 'finger'

/** What a camera shows while it measures (SENS-2). */
export interface CameraView {
  /** Undefined while the camera is closed. */
  readonly stream: MediaStream | undefined
  readonly mode: CameraMode
  /** What may be asked of the face before it (LIVE-3, LIVE-4). */
  readonly face: FaceChallenge
  setMode(mode: CameraMode): void
  /** Returns a function that removes the handler. */
  onRegions(handler: (regions: readonly SkinRegion[]) => void): () => void
}

export interface Capabilities {
  readonly secureContext: boolean
  readonly bluetooth: boolean
  readonly camera: boolean
  readonly webrtc: boolean
  readonly storage: 'persistent' | 'best-effort' | 'none'
  readonly passkey: boolean
  readonly worker: boolean
  readonly installed: boolean
  /** A phone or a tablet: its lens can be covered with a finger while its screen is in sight. */
  readonly handheld: boolean
}

export interface StorageInfo {
  readonly persistent: boolean
  readonly usedBytes: number | undefined
  readonly quotaBytes: number | undefined
}

export interface StorageService {
  info(): Promise<StorageInfo>
  /** Asks the browser to keep the data; the answer may be no. */
  persist(): Promise<boolean>
  /** Erases everything this page stored in this browser. */
  eraseAll(): Promise<void>
}

export interface WakeLockService {
  readonly supported: boolean
  /** Keeps the screen on until released; asks again when the page is shown again. */
  set(wanted: boolean): void
}

export interface NotificationService {
  permission(): 'granted' | 'denied' | 'default' | 'unsupported'
  request(): Promise<boolean>
  show(title: string, body: string): Promise<void>
}

/** Whether this tab may run the node: one signer by profile, by Web Lock. */
export interface TabService {
  /** `second`: another tab holds the lock; changes to `first` when that one closes. */
  onRole(handler: (role: 'first' | 'second') => void): () => void
}

export interface UpdateService {
  /** A newer version is installed and waits. */
  onWaiting(handler: () => void): () => void
  /** Switches to it, which reloads; `false` while this browser is on duty. */
  apply(): Promise<boolean>
}

/** Small things remembered in this browser alone: nothing secret, nothing measured. */
export interface Memory {
  get(key: MemoryKey): string | undefined
  set(key: MemoryKey, value: string | undefined): void
}

export type MemoryKey =
  'theme' | 'feed' | 'anchor' | 'backup' | 'consent' | 'sensor' | 'retention' | 'claim'

export interface Battery {
  readonly charging: boolean
  /** 0..1. */
  readonly level: number
}

export interface Services {
  readonly feed: LightFeed
  readonly node: NodeHost
  readonly explorer: Explorer
  loadVault(): Promise<Vault>
  loadSensors(): Promise<SensorFactory>
  loadRecordings(): Promise<Recordings>
  /** This device measures for another page; a sender is used once. */
  loadPhoneSender(): Promise<PhoneSender>
  probe(): Promise<Capabilities>
  /** `undefined` where the browser does not tell. */
  battery(): Promise<Battery | undefined>
  readonly storage: StorageService
  readonly wakeLock: WakeLockService
  readonly notifications: NotificationService
  readonly tab: TabService
  readonly updates: UpdateService
  readonly memory: Memory
}

export type { BlockSummary, ValidatorSummary } from '../node/api.ts'
export type { FaceVerdict } from '../ports/faceChallenge.ts'
