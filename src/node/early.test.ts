import { afterEach, expect, it } from 'vitest'
import { ed25519Sign } from '../core/crypto/ed25519.ts'
import { encodeTransaction } from '../core/ledger/transactionBytes.ts'
import { TestNodes } from './testNodes.fixture.ts'

let net: TestNodes

afterEach(async () => {
  await Promise.all(net.running.map(({ node }) => node.stop()))
})

it('a payment before the chain starts waits for its first block (EPOCH-6)', async () => {
  net = new TestNodes(60_000)
  Object.assign(net.genesis, { startMs: Date.now() + 60_000 })
  const { node } = await net.start(0)
  const { account, seed } = net.keys[0]!
  const transaction = {
    chainId: node.chain.chainId,
    sender: account,
    nonce: 0,
    expiryEpoch: node.chain.epoch + 5,
    feeMaxMicro: 1_000_000n,
    transfer: { recipient: new Uint8Array(32).fill(9), amountMicro: 1n },
  }
  const bytes = encodeTransaction(transaction, (message) => ed25519Sign(seed, message))
  expect(await node.submit(bytes)).toEqual({ ok: true, value: undefined })
  expect(node.mempool.count).toBe(1)
})
