import { afterAll, afterEach, expect, it } from 'vitest'
import { unwrap } from '../../test/support/unwrap.ts'
import { createNodeSignatureVerifier } from '../adapters/node/signatureVerifier.ts'
import { ed25519Sign } from '../core/crypto/ed25519.ts'
import { encodeTransaction } from '../core/ledger/transactionBytes.ts'
import type { SignatureVerifier } from '../ports/signatureVerifier.ts'
import { TestNodes, until } from './testNodes.fixture.ts'

const threads = createNodeSignatureVerifier(1)
afterAll(() => threads.close())

const net = new TestNodes(60_000)
afterEach(async () => {
  await Promise.all(net.running.map(({ node }) => node.stop()))
})

it('SIG-1 signatures are verified on the threads, as they come or ahead of a block', async () => {
  const batches: boolean[][] = []
  const counting: SignatureVerifier = {
    ...threads,
    async verifyBatch(items) {
      const verdicts = await threads.verifyBatch(items)
      if (verdicts.ok) batches.push([...verdicts.value])
      return verdicts
    },
  }
  net.signatures = counting
  for (let index = 0; index < 4; index += 1) await net.start(index)
  await until(() => net.heights.every((height) => height > 0))
  const { node } = net.running[0] ?? {}
  const keys = net.keys[0]
  if (node === undefined || keys === undefined) throw new Error('there are four validators')
  const recipient = new Uint8Array(32).fill(9)
  for (let nonce = 0; nonce < 12; nonce += 1) {
    const transaction = {
      chainId: node.chain.chainId,
      sender: keys.account,
      nonce,
      expiryEpoch: node.chain.epoch + 5,
      feeMaxMicro: 1_000_000n,
      transfer: { recipient, amountMicro: 1n },
    }
    const bytes = encodeTransaction(transaction, (message) => ed25519Sign(keys.seed, message))
    unwrap(await node.submit(bytes))
  }
  await until(() => net.running.every((one) => one.node.mempool.count === 0 && batches.length > 0))
  // Twelve at each of four nodes; one that comes in a small block first is the core's to verify.
  expect(batches.flat().length).toBeGreaterThanOrEqual(24)
  expect(batches.flat().every(Boolean)).toBe(true)
})
