import { describe, expect, it } from 'vitest'
import { protocol } from '../../core/params.ts'
import { relaysOf } from './relaysOf.ts'

const [one, other, third] = ['12D3KooWaa', '12D3KooWbb', '12D3KooWcc']
const self = '12D3KooWself'
const at = (relay: string): string => `${relay}/p2p-circuit/p2p/${self}`

describe('CKPT-1 the relays that a lease names', () => {
  it('are those that forward to this node, each once, what a page can dial first', () => {
    const addresses = [
      '/ip4/10.0.0.7/tcp/4100/ws/p2p/12D3KooWself',
      at(`/ip4/10.0.0.1/tcp/80/ws/p2p/${one}`),
      at(`/dns4/one.example/tcp/443/tls/ws/p2p/${one}`),
      at(`/ip4/10.0.0.2/tcp/80/ws/p2p/${other}`),
      `/ip4/10.0.0.2/tcp/80/ws/p2p/${other}/p2p-circuit/webrtc/p2p/${self}`,
    ]
    expect(relaysOf(addresses)).toEqual([
      `/dns4/one.example/tcp/443/tls/ws/p2p/${one}`,
      `/ip4/10.0.0.2/tcp/80/ws/p2p/${other}`,
    ])
  })

  it('are no more and no longer than the ledger takes', () => {
    const long = `/dns4/${'a'.repeat(protocol.relayAddressBytesMax)}/tcp/443/wss/p2p/${one}`
    const three = [one, other, third].map((name) => at(`/ip4/10.0.0.2/tcp/80/ws/p2p/${name}`))
    expect(relaysOf([at(long)])).toEqual([])
    expect(relaysOf(three)).toHaveLength(protocol.leaseRelaysMax)
    expect(relaysOf(['/p2p-circuit', 'x'])).toEqual([])
  })
})
