/**
 * The `Transport` of the port over the parts of the adapter; the only clockwork of the adapter runs
 * here.
 */
import { err, ok } from '../../core/base/result.ts'
import type { PeerId } from '../../ports/transport.ts'
import type { NetworkTransport } from './options.ts'
import type { Parts } from './parts.ts'
import { parsePeer, peerOfAddress } from './peerRecords.ts'
import { isStrangerReason, pointsOf } from './peerScores.ts'
import { Remembered } from './remembered.ts'

const tickMs = 250

/** The library's own timers do not keep a process alive; this one does until all is closed. */
const stopTimeoutMs = 5_000

export function createFacade(parts: Parts): NetworkTransport {
  const { self, host, peers, book, direct, gossip, requests, mesh, counters } = parts
  const stopClock = startClock(parts)
  return {
    self,
    peers: () => peers.list(),
    addresses: () => host.getMultiaddrs().map((address) => address.toString()),
    counters: () => counters,
    publish: (topic, bytes) => {
      gossip.publish(topic, bytes)
    },
    send: (peer, bytes) => direct.send(peer, bytes),
    request: async (peer, protocol, bytes, { timeoutMs, via = [] }) => {
      if (peers.best(peer) === undefined) await within(parts, timeoutMs, mesh.visit(peer, via))
      return requests.request(peer, parts.protocol(protocol), bytes, timeoutMs)
    },
    keep: (wanted) => {
      const valid = wanted.filter((peer) => peer !== self && parsePeer(peer) !== undefined)
      book.keep(new Set(valid))
    },
    penalise: (peer, reason) => {
      if (isStrangerReason(reason)) parts.exclude(peer)
      else parts.penalise(peer, pointsOf(reason))
    },
    join: (address) => join(parts, address),
    networkChanged: () => {
      book.retryAll()
    },
    onGossip: (handler) => {
      gossip.onMessage(handler)
    },
    onDirect: (handler) => {
      direct.onMessage(handler)
    },
    onRequest: (protocol, handler) => {
      void requests.serve(parts.protocol(protocol), handler)
    },
    onPeersChanged: parts.onPeersChanged,
    stop: async () => {
      stopClock()
      await within(parts, stopTimeoutMs, Promise.resolve(host.stop()))
    },
  }
}

/** Waits no longer than this; what goes on afterwards goes on by itself. */
function within(parts: Parts, timeoutMs: number, work: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const cancel = parts.options.clock.after(timeoutMs, resolve)
    const done = (): void => {
      cancel()
      resolve()
    }
    void work.then(done, done)
  })
}

async function join(parts: Parts, address: string): ReturnType<NetworkTransport['join']> {
  const peer = peerOfAddress(address)
  if (peer === undefined) return err({ code: 'ADDRESS_INVALID', address })
  parts.book.learn(peer, [address])
  return (await parts.mesh.reach(peer)) ? ok(peer) : unreachable(peer)
}

function unreachable(peer: PeerId): Awaited<ReturnType<NetworkTransport['join']>> {
  return err({ code: 'PEER_UNREACHABLE', peer })
}

/** A chain of single timers: a slow turn delays the next one instead of piling up. */
function startClock(parts: Parts): () => void {
  const { clock } = parts.options
  const remembered = new Remembered(parts)
  let cancel = (): void => undefined
  let isStopped = false
  const turn = (): void => {
    if (isStopped) return
    parts.mesh.tick()
    parts.exchange.tick()
    parts.reservations.tick()
    parts.liveness.tick()
    parts.links.tick(parts.host.services.pubsub)
    remembered.tick()
    cancel = clock.after(tickMs, turn)
  }
  turn()
  return () => {
    isStopped = true
    cancel()
  }
}
