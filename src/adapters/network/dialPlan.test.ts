import { describe, expect, it } from 'vitest'
import type { PeerId } from '../../ports/transport.ts'
import { planDial } from './dialPlan.ts'
import { pathOfAddress } from './paths.ts'

const peer = 'PEER' as PeerId
const relay = '/ip4/192.0.2.1/tcp/9400/ws/p2p/RELAY'

describe('NET-12 the order of dialling', () => {
  it('is the own address, WebRTC over each relay, then the relay itself', () => {
    const steps = planDial({
      peer,
      addresses: ['/ip4/192.0.2.7/tcp/1/ws', `${relay}/p2p-circuit/webrtc`],
      relays: [relay],
      hasRelayedPath: false,
    })
    expect(steps.map(({ path, addresses }) => [path, ...addresses])).toEqual([
      ['websocket', '/ip4/192.0.2.7/tcp/1/ws/p2p/PEER'],
      ['webrtc', `${relay}/p2p-circuit/webrtc/p2p/PEER`],
      ['relayed', `${relay}/p2p-circuit/p2p/PEER`],
    ])
  })

  it('leaves out what is there already, and is empty when nothing is known', () => {
    const relayed = planDial({ peer, addresses: [], relays: [relay], hasRelayedPath: true })
    expect(relayed.map(({ path }) => path)).toEqual(['webrtc'])
    expect(planDial({ peer, addresses: [], relays: [], hasRelayedPath: false })).toEqual([])
  })

  it('tries a WebRTC dial twice, because the first may hang', () => {
    const [step] = planDial({ peer, addresses: [], relays: [relay], hasRelayedPath: true })
    expect(step?.attempts).toBe(2)
  })
})

describe('NET-12 the path that an address means', () => {
  it.each([
    ['/ip4/192.0.2.1/tcp/9400/ws/p2p/A', 'websocket'],
    ['/dns4/relay.example/tcp/443/tls/ws/p2p/A', 'websocket'],
    ['/ip4/192.0.2.1/udp/9401/webrtc-direct/certhash/uEiA/p2p/A', 'webrtc-direct'],
    [`${relay}/p2p-circuit/p2p/A`, 'relayed'],
    [`${relay}/p2p-circuit/webrtc/p2p/A`, 'webrtc'],
    ['/webrtc/p2p/A', 'webrtc'],
    ['/ip4/192.0.2.1/udp/9401/webrtc-direct/certhash/uEiA/p2p/R/p2p-circuit/p2p/A', 'relayed'],
    [
      '/ip4/192.0.2.1/udp/9401/webrtc-direct/certhash/uEiA/p2p/R/p2p-circuit/webrtc/p2p/A',
      'webrtc',
    ],
  ])('%s', (address, path) => {
    expect(pathOfAddress(address)).toBe(path)
  })
})
