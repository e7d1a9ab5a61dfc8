import { afterEach, describe, expect, it } from 'vitest'
import { testSigner } from '../../test/support/testSigner.ts'
import { blsBlst as bls } from '../adapters/crypto/blsBlst.ts'
import { nodeClock } from '../adapters/node/clock.ts'
import { nodeRandom } from '../adapters/node/random.ts'
import { concat, hex } from '../core/base/bytes.ts'
import { ed25519PublicKey, ed25519Sign } from '../core/crypto/ed25519.ts'
import { operatorMessage } from '../core/ledger/transactions/operatorLabel.ts'
import { validatorOf } from '../core/ledger/validators.ts'
import { NodeService } from './service.ts'
import { noProver, TestNodes, until } from './testNodes.fixture.ts'

let nodes: TestNodes | undefined
let service: NodeService | undefined

afterEach(async () => {
  await service?.stop()
  await Promise.all(nodes?.running.slice(0, 4).map(({ node }) => node.stop()) ?? [])
})

describe('TX-4 an owner sets the label of its operator', () => {
  it('that the operator countersigned, in a final block, and takes it off again', async () => {
    const net = new TestNodes(60_000, {}, 5)
    nodes = net
    await Promise.all([0, 1, 2, 3].map((index) => net.start(index)))
    const { node } = await net.open(4)
    const keys = net.keys[4]
    if (keys === undefined) throw new Error('the fifth validator has keys')
    const own = new NodeService({
      node,
      clock: nodeClock,
      random: nodeRandom,
      prover: noProver,
      createSigner: () => Promise.resolve(testSigner(bls, keys, { index: 4, epochs: [0] })),
      faucet: undefined,
    })
    service = own
    const label = (text: string): Promise<unknown> =>
      own.command({ type: 'labelOperator', label: text })
    await own.start()
    const seeds = { identitySeed: keys.seed, vrfSeed: keys.seed, networkSeed: keys.seed }
    await own.command({ type: 'unlock', keys: { ...seeds, proofSecret: new Uint8Array(32) } })
    await until(() => Math.min(...net.heights) >= 3)

    const seed = new Uint8Array(32).fill(5)
    const operator = ed25519PublicKey(seed)
    const sign = (account: Uint8Array): string => {
      const signature = ed25519Sign(seed, operatorMessage(node.chain.chainId, account))
      return hex(concat(operator, signature))
    }
    const known = (): string =>
      hex(validatorOf(node.chain.tip.state, keys.account)?.operator ?? new Uint8Array(0))
    expect(await label(sign(operator))).toMatchObject({ ok: false, code: 'OPERATOR_LABEL' })
    expect(await label(sign(keys.account))).toEqual({ ok: true })
    await until(() => known() === hex(operator))
    expect(await label('')).toEqual({ ok: true })
    await until(() => known() === '')
  }, 120_000)
})
