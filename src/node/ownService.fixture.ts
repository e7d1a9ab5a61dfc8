/** The fifth validator of a running chain: without a seat, under the service that a page has. */
import { testSigner } from '../../test/support/testSigner.ts'
import { blsBlst as bls } from '../adapters/crypto/blsBlst.ts'
import { nodeClock } from '../adapters/node/clock.ts'
import { nodeRandom } from '../adapters/node/random.ts'
import type { TestKeys } from '../core/ledger/testChain.fixture.ts'
import type { Clock } from '../ports/clock.ts'
import type { Node } from './node.ts'
import { NodeService } from './service.ts'
import { noProver, type TestNodes } from './testNodes.fixture.ts'

export interface OwnService {
  readonly node: Node
  readonly service: NodeService
  readonly keys: TestKeys
}

/** Starts the four with seats, and the fifth with its keys unlocked. */
export async function startOwnService(
  net: TestNodes,
  clock: Clock = nodeClock,
): Promise<OwnService> {
  await Promise.all([0, 1, 2, 3].map((index) => net.start(index)))
  const { node } = await net.open(4)
  const keys = net.keys[4]
  if (keys === undefined) throw new Error('the fifth validator has keys')
  const service = new NodeService({
    node,
    clock,
    random: nodeRandom,
    prover: noProver,
    createSigner: () => Promise.resolve(testSigner(bls, keys, { index: 4, epochs: [0] })),
    faucet: undefined,
  })
  await service.start()
  const seeds = { identitySeed: keys.seed, vrfSeed: keys.seed, networkSeed: keys.seed }
  await service.command({ type: 'unlock', keys: { ...seeds, proofSecret: new Uint8Array(32) } })
  return { node, service, keys }
}
