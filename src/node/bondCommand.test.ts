import { afterEach, describe, expect, it } from 'vitest'
import { startOwnService } from './ownService.fixture.ts'
import type { NodeService } from './service.ts'
import { TestNodes, until } from './testNodes.fixture.ts'

/** Long enough to be asked too early. */
const unbondingMs = 3_000

let nodes: TestNodes | undefined
let service: NodeService | undefined

afterEach(async () => {
  await service?.stop()
  await Promise.all(nodes?.running.slice(0, 4).map(({ node }) => node.stop()) ?? [])
})

describe('STAKE-1 an owner takes the bond back', () => {
  it('unbonds all of it, waits, and withdraws it; the duty says that no bond stands', async () => {
    const net = new TestNodes(60_000, { unbondingMs }, 5)
    nodes = net
    const { node, service: own } = await startOwnService(net)
    service = own
    await until(() => Math.min(...net.heights) >= 3)

    const account = () => own.snapshot().account
    const bondedMicro = '20000000000'
    const before = BigInt(account()?.balanceMicro ?? 0)
    expect(account()).toMatchObject({ bondedMicro, unbonding: [], unbondingMs })
    expect(await own.command({ type: 'unbond' })).toEqual({ ok: true })
    await until(() => account()?.bondedMicro === '0')
    expect(account()?.unbonding).toMatchObject([{ amountMicro: bondedMicro }])
    expect(own.snapshot().duty).toEqual({ state: 'absent', reason: 'UNBONDED' })
    expect(await own.command({ type: 'unbond' })).toMatchObject({ code: 'UNBOND_AMOUNT' })
    expect(await own.command({ type: 'withdraw' })).toMatchObject({ code: 'WITHDRAW_NOTHING' })

    const freeFromMs = account()?.unbonding[0]?.freeFromMs ?? 0
    await until(() => node.chain.tip.height > 0 && Date.now() > freeFromMs + 500)
    expect(await own.command({ type: 'withdraw' })).toEqual({ ok: true })
    await until(() => account()?.unbonding.length === 0)
    const after = BigInt(account()?.balanceMicro ?? 0)
    expect(after - before).toBeGreaterThan(BigInt(bondedMicro) - 1_000_000n)
  }, 120_000)
})
