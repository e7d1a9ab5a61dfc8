/** What this browser offers, found by asking for the interface, never by its name (SENS-5). */

import type { Battery, Capabilities } from '../services.ts'

export async function probeCapabilities(): Promise<Capabilities> {
  return {
    secureContext: window.isSecureContext,
    bluetooth: 'bluetooth' in navigator && (await bluetoothAvailable()),
    camera: 'mediaDevices' in navigator && (await hasCamera()),
    webrtc: 'RTCPeerConnection' in window,
    storage: await storageKind(),
    passkey: 'PublicKeyCredential' in window && (await hasAuthenticator()),
    worker: 'Worker' in window,
    installed: window.matchMedia('(display-mode: standalone)').matches,
    handheld: window.matchMedia('(pointer: coarse) and (hover: none)').matches,
  }
}

/** Chromium alone tells; elsewhere `undefined`. */
export async function readBattery(): Promise<Battery | undefined> {
  const ask: unknown = Reflect.get(navigator, 'getBattery')
  if (typeof ask !== 'function') return undefined
  try {
    const answer: unknown = await Reflect.apply(ask, navigator, [])
    if (typeof answer !== 'object' || answer === null) return undefined
    const charging: unknown = Reflect.get(answer, 'charging')
    const level: unknown = Reflect.get(answer, 'level')
    if (typeof charging !== 'boolean' || typeof level !== 'number') return undefined
    return { charging, level }
  } catch {
    return undefined
  }
}

/** An adapter that is switched off still counts: the person can switch it on. */
async function bluetoothAvailable(): Promise<boolean> {
  try {
    await navigator.bluetooth.getAvailability()
    return true
  } catch {
    return false
  }
}

async function hasCamera(): Promise<boolean> {
  try {
    const devices = await navigator.mediaDevices.enumerateDevices()
    return devices.some(({ kind }) => kind === 'videoinput')
  } catch {
    return false
  }
}

async function storageKind(): Promise<Capabilities['storage']> {
  if (!('indexedDB' in window) || !('storage' in navigator)) return 'none'
  try {
    return (await navigator.storage.persisted()) ? 'persistent' : 'best-effort'
  } catch {
    return 'none'
  }
}

async function hasAuthenticator(): Promise<boolean> {
  try {
    return await PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable()
  } catch {
    return false
  }
}
