import { afterEach, describe, expect, it } from 'vitest'
import { concat, hex } from '../core/base/bytes.ts'
import { ed25519PublicKey, ed25519Sign } from '../core/crypto/ed25519.ts'
import { operatorMessage } from '../core/ledger/transactions/operatorLabel.ts'
import { validatorOf } from '../core/ledger/validators.ts'
import { startOwnService } from './ownService.fixture.ts'
import type { NodeService } from './service.ts'
import { TestNodes, until } from './testNodes.fixture.ts'

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
    const { node, service: own, keys } = await startOwnService(net)
    service = own
    const label = (text: string): Promise<unknown> =>
      own.command({ type: 'labelOperator', label: text })
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
