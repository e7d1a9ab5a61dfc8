/** A seat whose browser lost its store (docs/decisions/0015). */
import { afterEach, describe, expect, it } from 'vitest'
import { testSigner } from '../../test/support/testSigner.ts'
import { unwrap } from '../../test/support/unwrap.ts'
import { blsBlst as bls } from '../adapters/crypto/blsBlst.ts'
import { nodeClock } from '../adapters/node/clock.ts'
import { webRandom } from '../adapters/keys/webRandom.ts'
import { openMemoryStore } from '../adapters/storage/memoryStore.ts'
import type { Transport } from '../ports/transport.ts'
import { createKeySigner } from './keySigner.ts'
import { Node } from './node.ts'
import { noProver, TestNodes, troublesOf, until } from './testNodes.fixture.ts'
import { decodeMessage } from './wire.ts'

let nodes: TestNodes | undefined
let returned: Node | undefined

afterEach(async () => {
  await returned?.stop()
  await Promise.all(nodes?.running.map(({ node }) => node.stop()) ?? [])
})

/** Notes what a node says in the agreement. */
function overheard(transport: Transport, said: string[]): Transport {
  const note = (bytes: Uint8Array): void => {
    const message = decodeMessage(bytes)
    if (message !== undefined) said.push(message.type)
  }
  const wrapped = Object.create(transport) as Transport
  wrapped.send = (peer, bytes) => {
    note(bytes)
    return transport.send(peer, bytes)
  }
  wrapped.publish = (topic, bytes) => {
    if (topic === 'consensus') note(bytes)
    transport.publish(topic, bytes)
  }
  return wrapped
}

describe('BFT-10: a seat whose store is gone', () => {
  it('has lost its epoch key with it: it follows, votes for nothing, and says why', async () => {
    const net = new TestNodes(60_000)
    nodes = net
    await Promise.all([0, 1, 2, 3].map((index) => net.start(index)))
    await until(() => Math.min(...net.heights) >= 3)
    await net.stop(2)

    const keys = net.keys[2]
    if (keys === undefined) throw new Error('the second node has keys')
    const store = openMemoryStore()
    const said: string[] = []
    const keySet = {
      identitySeed: keys.seed,
      vrfSeed: new Uint8Array(32),
      networkSeed: keys.seed,
      proofSecret: keys.seed,
    }
    const { openEpochKey } = createKeySigner({ keys: keySet, store, bls, random: webRandom })
    const signer = { ...testSigner(bls, keys, { index: 2, epochs: [] }), openEpochKey }
    const node = unwrap(
      await Node.open({
        genesis: net.genesis,
        clock: nodeClock,
        store,
        transport: overheard(net.network.attach('peer2'), said),
        prover: noProver,
        bls,
        signer,
      }),
    )
    returned = node
    await node.start()
    const goal = Math.max(...net.heights) + 4
    await until(() => node.chain.tip.height >= goal)
    expect(node.running?.seat).toBeDefined()
    expect(node.running?.abstains).toBe('EPOCH_KEY_ELSEWHERE')
    expect(said.filter((type) => type === 'vote' || type === 'proposal')).toEqual([])
    expect(await store.listSafety()).toEqual([])
    expect(troublesOf(net.running)).toEqual([])
  }, 120_000)
})
