/** The list before duty: what is ready, and for what is not, the next step (UX-2). */

import type { NodeSnapshot, ProvingSummary } from '../node/api.ts'
import { bytes, count, duration, percent, plural, wait } from './format.ts'
import { peerCounts } from './network.ts'
import type { Battery, StorageInfo } from './services.ts'
import { dutyWords } from './words.ts'

export interface ReadyItem {
  readonly name: string
  readonly text: string
  readonly state: 'ok' | 'act' | 'wait'
  /** Where to do something about it. */
  readonly href?: string
}

export interface ReadinessInput {
  readonly snapshot: NodeSnapshot
  readonly device: { readonly name: string | undefined; readonly battery: number | undefined }
  readonly lock: 'passkey' | 'passphrase' | undefined
  readonly battery: Battery | undefined
  readonly storage: StorageInfo | undefined
}

/** More than this and votes would be refused as untimely (TIME-1). */
const clockOffsetMsMax = 500
const batteryLow = 0.2

export function readiness(input: ReadinessInput): readonly ReadyItem[] {
  const { snapshot } = input
  return [
    sensorItem(input),
    signalItem(snapshot),
    baselineItem(snapshot),
    ...livenessItems(snapshot),
    ...proofItems(snapshot),
    {
      name: 'Keys',
      text: input.lock === 'passkey' ? 'unlocked with passkey' : 'unlocked with passphrase',
      state: 'ok',
    },
    peersItem(snapshot),
    clockItem(snapshot),
    powerItem(input.battery),
    storageItem(input.storage, snapshot.storageBytes),
  ]
}

export function readinessSummary(items: readonly ReadyItem[]): string {
  const missing = items.filter(({ state }) => state === 'act').length
  if (missing > 0) return `${plural(missing, 'thing')} to do`
  const waiting = items.filter(({ state }) => state === 'wait').length
  return waiting > 0 ? `${plural(waiting, 'thing')} on the way` : `all ${items.length}`
}

function sensorItem({ snapshot: { sensor }, device }: ReadinessInput): ReadyItem {
  const href = '#/sensor'
  if (sensor === undefined) return { name: 'Sensor', text: 'none connected', state: 'act', href }
  const kinds = { strap: 'strap', camera: 'camera', simulated: 'simulated heart' }
  const charge = device.battery === undefined ? '' : `, battery ${device.battery} %`
  if (sensor.state === 'live') {
    const name = device.name ?? kinds[sensor.provenance]
    return { name: 'Sensor', text: `${name}${charge}`, state: 'ok', href }
  }
  if (sensor.state === 'lost') {
    return { name: 'Sensor', text: 'lost; it reconnects by itself', state: 'act', href }
  }
  return {
    name: 'Sensor',
    text: `${kinds[sensor.provenance]}, ${sensor.state}`,
    state: 'wait',
    href,
  }
}

function signalItem({ sensor }: NodeSnapshot): ReadyItem {
  if (sensor?.state !== 'live') return { name: 'Signal', text: 'no signal', state: 'wait' }
  if (sensor.qualityReason !== undefined && sensor.qualityReason !== 'SIGNAL_TOO_SHORT') {
    return { name: 'Signal', text: dutyWords[sensor.qualityReason].next, state: 'act' }
  }
  if (sensor.windowSeconds < 60) {
    return { name: 'Signal', text: `${sensor.windowSeconds} of 60 s in a row`, state: 'wait' }
  }
  return { name: 'Signal', text: `steady, ${percent(sensor.quality)} clean`, state: 'ok' }
}

function baselineItem({ baseline }: NodeSnapshot): ReadyItem {
  const name = 'Baseline'
  if (baseline.state === 'done') {
    const rest =
      baseline.restBpm === undefined ? 'recorded' : `${Math.round(baseline.restBpm)} bpm at rest`
    return { name, text: rest, state: 'ok' }
  }
  if (baseline.state === 'recording') return { name, text: 'being recorded', state: 'wait' }
  return { name, text: 'not recorded yet', state: 'act', href: '#/join' }
}

/** None before the account is registered: nothing is asked of it. */
function livenessItems({ liveness, nowMs }: NodeSnapshot): readonly ReadyItem[] {
  if (liveness === undefined) return []
  const name = 'Liveness'
  const href = '#/challenge'
  const { challenge, credential, expiresAtMs, contactLostSinceMs } = liveness
  if (contactLostSinceMs !== undefined) {
    return [{ name, text: 'contact lost: put the sensor right', state: 'act', href: '#/sensor' }]
  }
  if (challenge?.step === 'open') {
    return [{ name, text: 'asked now: breathe with the guide', state: 'act', href }]
  }
  if (challenge !== undefined) return [{ name, text: 'answered, on its way', state: 'wait', href }]
  if (credential === 'none') {
    return [{ name, text: 'no credential yet: the challenge comes', state: 'wait', href }]
  }
  if (credential === 'granted') return [{ name, text: 'granted by this devnet', state: 'ok', href }]
  const left = expiresAtMs === undefined ? '' : ` for ${wait(expiresAtMs - nowMs)}`
  return [{ name, text: `credential good${left}`, state: 'ok', href }]
}

/**
 * ZK-5: what to do about a device that was tried and is slow; undefined for one that is not. Half
 * of the time is left for what else runs on it.
 */
export function slowProofWords({ triedMs, availableMs }: ProvingSummary): string | undefined {
  if (triedMs === undefined || triedMs <= availableMs / 2) return undefined
  const next =
    triedMs <= availableMs ? 'close what else keeps this device busy' : 'use a faster device'
  return `a proof ${takesWords(triedMs, availableMs)}: ${next}`
}

function takesWords(triedMs: number, availableMs: number): string {
  return `takes ${duration(triedMs)} here, of ${wait(availableMs)}`
}

/** None before a proof was made or tried. */
function proofItems({ lastProof, proving }: NodeSnapshot): readonly ReadyItem[] {
  const name = 'Proof'
  const { triedMs, availableMs } = proving
  if (lastProof !== undefined) {
    const took = `made in ${duration(lastProof.tookMs)}`
    if (!lastProof.accepted) return [{ name, text: `${took}, and not sent`, state: 'act' }]
    const isLate = lastProof.marginMs < 0
    const margin = isLate ? 'too late' : `${wait(lastProof.marginMs)} before it was due`
    return [{ name, text: `${took}, ${margin}`, state: isLate ? 'act' : 'ok' }]
  }
  if (triedMs === undefined) return []
  const slow = slowProofWords(proving)
  if (slow !== undefined) return [{ name, text: slow, state: 'act' }]
  return [{ name, text: takesWords(triedMs, availableMs), state: 'ok' }]
}

function peersItem({ peers }: NodeSnapshot): ReadyItem {
  const { peerCount, directCount, relayCount } = peerCounts(peers)
  const name = 'Peers'
  const href = '#/network'
  if (peers.length === 0) return { name, text: 'none; trying again', state: 'act', href }
  const relays = plural(relayCount, 'relay')
  if (peerCount === 0) return { name, text: `${relays}, no peer yet`, state: 'wait', href }
  const others = relayCount === 0 ? '' : `, and ${relays}`
  return {
    name,
    text: `${count(peerCount)}, of which ${count(directCount)} direct${others}`,
    state: 'ok',
    href,
  }
}

function clockItem({ clockOffsetMs }: NodeSnapshot): ReadyItem {
  const off = Math.abs(Math.round(clockOffsetMs))
  if (off <= clockOffsetMsMax) return { name: 'Clock', text: `${off} ms off`, state: 'ok' }
  return { name: 'Clock', text: `${off} ms off: switch on automatic time`, state: 'act' }
}

function powerItem(battery: Battery | undefined): ReadyItem {
  if (battery === undefined) return { name: 'Power', text: 'not told by this browser', state: 'ok' }
  if (battery.charging) return { name: 'Power', text: 'plugged in', state: 'ok' }
  const level = `${Math.round(battery.level * 100)} %`
  if (battery.level > batteryLow) return { name: 'Power', text: `battery ${level}`, state: 'ok' }
  return { name: 'Power', text: `battery ${level}: plug in the charger`, state: 'act' }
}

function storageItem(info: StorageInfo | undefined, nodeBytes: number | undefined): ReadyItem {
  const name = 'Storage'
  const used = info?.usedBytes ?? nodeBytes
  const size = used === undefined ? '' : `, ${bytes(used)} used`
  if (info === undefined) return { name, text: `available${size}`, state: 'ok' }
  if (info.persistent) return { name, text: `persistent${size}`, state: 'ok' }
  return { name, text: `the browser may erase it${size}`, state: 'act', href: '#/settings' }
}
