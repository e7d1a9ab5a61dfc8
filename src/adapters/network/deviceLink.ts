/**
 * Two devices of one person find each other through a relay and then speak directly (SENS-6).
 *
 * Streams are taken on WebRTC connections alone: over a relayed one the relay would carry, and
 * count, what is said.
 */
import type { Libp2p } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { err, ok, type Result } from '../../core/base/result.ts'
import type { Clock } from '../../ports/clock.ts'
import type {
  DeviceCaller,
  DeviceChannel,
  DeviceLink,
  DeviceLinkError,
  DeviceListener,
} from '../../ports/deviceLink.ts'
import type { Random } from '../../ports/random.ts'
import { deviceChannel } from './deviceChannel.ts'
import { createDeviceHost, deviceProtocol, type DeviceHost } from './deviceHost.ts'
import { isRelayed } from './paths.ts'
import { peerIdOfSeed } from './peerIdOfSeed.ts'
import { peerOfAddress } from './peerRecords.ts'

const times = {
  relayMs: 5000,
  /** The first dial may hang (NET-12); the second then takes 0.1 s. */
  webrtcMs: 4000,
  webrtcAttempts: 3,
  /** Until a relay has reserved a place. */
  reservationMs: 15_000,
  lookMs: 500,
  streamMs: 5000,
} as const

/** Strangers may open channels: each costs a handshake, so only so many at once. */
const channelsMax = 4

export interface DeviceLinkOptions {
  /** Multiaddrs of the page's relays, each ending in `/p2p/<peer>`. */
  readonly relays: readonly string[]
  readonly clock: Clock
  readonly random: Random
}

export function createDeviceLink(options: DeviceLinkOptions): DeviceLink {
  const { relays, clock, random } = options
  return {
    listen: async (peerSeed, onChannel) => {
      const made = await createDeviceHost(peerSeed, true)
      return listen(made, relays, clock, onChannel)
    },
    caller: async (peerSeed) => {
      const { host } = await createDeviceHost(random.bytes(32), false)
      return createCaller(host, relays, await peerIdOfSeed(peerSeed))
    },
  }
}

async function listen(
  made: DeviceHost,
  relays: readonly string[],
  clock: Clock,
  onChannel: (channel: DeviceChannel) => void,
): Promise<Result<DeviceListener, DeviceLinkError>> {
  const { host } = made
  await host.handle(
    deviceProtocol,
    (stream, connection) => {
      const count = host
        .getConnections()
        .flatMap(({ streams }) => streams)
        .filter(({ protocol }) => protocol === deviceProtocol).length
      if (isRelayed(connection) || count > channelsMax) stream.abort(new Error('not taken'))
      else onChannel(deviceChannel(stream, connection))
    },
    { maxInboundStreams: 1 },
  )
  await host.start()
  let cancel = (): void => undefined
  const endMs = clock.nowMs() + times.reservationMs
  const isFound = await new Promise<boolean>((resolve) => {
    const look = (): void => {
      const isReserved = host.getMultiaddrs().some((one) => one.toString().includes('/p2p-circuit'))
      if (isReserved) resolve(true)
      else if (clock.nowMs() > endMs) resolve(false)
      // It goes on while the page waits: a relay that restarts is asked again.
      void keepReserved(made, relays, isReserved)
      cancel = clock.after(isReserved ? 4 * times.lookMs : times.lookMs, look)
    }
    look()
  })
  const stop = async (): Promise<void> => {
    cancel()
    await host.stop()
  }
  if (isFound) return ok({ stop })
  await stop()
  return err({ code: 'RELAY_UNREACHABLE' })
}

async function keepReserved(
  { host, circuit }: DeviceHost,
  relays: readonly string[],
  isReserved: boolean,
): Promise<void> {
  await Promise.all(relays.map((relay) => reach(host, relay)))
  if (isReserved) return
  for (const { remotePeer } of host.getConnections()) {
    // A relay that restarts can slip past the discovery of libp2p.
    await circuit
      .store()
      ?.addRelay(remotePeer, 'discovered')
      .catch(() => undefined)
  }
}

async function reach(host: Libp2p, relay: string): Promise<boolean> {
  const peer = peerOfAddress(relay)
  const isConnected = host
    .getConnections()
    .some(({ remotePeer, status }) => status === 'open' && remotePeer.toString() === peer)
  if (isConnected) return true
  try {
    await host.dial(multiaddr(relay), { signal: AbortSignal.timeout(times.relayMs) })
    return true
  } catch {
    return false
  }
}

async function createCaller(
  host: Libp2p,
  relays: readonly string[],
  peer: string,
): Promise<DeviceCaller> {
  await host.start()
  const dial = async (path: string, timeoutMs: number) => {
    const addresses = relays.map((relay) => multiaddr(`${relay}/p2p-circuit${path}/p2p/${peer}`))
    try {
      return await host.dial(addresses, { signal: AbortSignal.timeout(timeoutMs) })
    } catch {
      return undefined
    }
  }
  const connect = async (): Promise<Result<DeviceChannel, DeviceLinkError>> => {
    const reached = await Promise.all(relays.map((relay) => reach(host, relay)))
    if (!reached.includes(true)) return err({ code: 'RELAY_UNREACHABLE' })
    for (let attempt = 0; attempt < times.webrtcAttempts; attempt += 1) {
      const connection = await dial('/webrtc', times.webrtcMs)
      if (connection === undefined || isRelayed(connection)) continue
      try {
        const signal = AbortSignal.timeout(times.streamMs)
        return ok(deviceChannel(await connection.newStream(deviceProtocol, { signal }), connection))
      } catch {
        await connection.close().catch(() => undefined)
      }
    }
    const relayed = await dial('', times.relayMs)
    await relayed?.close().catch(() => undefined)
    return err({ code: relayed === undefined ? 'PAGE_ABSENT' : 'NO_DIRECT_PATH' })
  }
  return {
    connect,
    stop: async () => {
      await host.stop()
    },
  }
}
