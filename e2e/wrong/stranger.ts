/** Somebody on the network of a devnet who is no validator: real libp2p, and a key of its own. */
import '../../relay/polyfills.js'
import { readFile } from 'node:fs/promises'
import { devnetLayout } from '../../relay/devnet/layout.ts'
import { createNodeTransport } from '../../src/adapters/network/nodeTransport.ts'
import type { NetworkTransport } from '../../src/adapters/network/options.ts'
import { nodeClock } from '../../src/adapters/node/clock.ts'
import { nodeRandom } from '../../src/adapters/node/random.ts'
import { unhex } from '../../src/core/base/bytes.ts'
import { ed25519PublicKey, ed25519Sign } from '../../src/core/crypto/ed25519.ts'
import { encodeTransaction } from '../../src/core/ledger/transactionBytes.ts'
import type { Devnet } from '../main/devnet.ts'

interface Bootstrap {
  readonly chainId: string
  readonly relays: readonly string[]
}

export async function stranger(devnet: Devnet): Promise<NetworkTransport> {
  const answer = await fetch(`${devnet.url}bootstrap.json`)
  const { chainId, relays } = (await answer.json()) as Bootstrap
  const peerSeed = nodeRandom.bytes(32)
  const transport = await createNodeTransport({
    ...{ chainId, peerSeed, relays },
    ...{ clock: nodeClock, random: nodeRandom },
  })
  transport.onGossip(() => 'accept')
  return transport
}

/** A transfer of one EMO from the faucet's account, signed with its real key. */
export async function transferBytes(
  devnet: Devnet,
  fields: { readonly nonce: number; readonly expiryEpoch: number; readonly to: Uint8Array },
): Promise<string> {
  const seed = unhex((await readFile(devnetLayout(devnet.folder).faucetKey, 'utf8')).trim())
  if (!seed.ok) throw new Error('the devnet has a faucet key')
  const { chainId } = (await (await fetch(`${devnet.url}genesis`)).json()) as Bootstrap
  const bytes = encodeTransaction(
    {
      chainId,
      sender: ed25519PublicKey(seed.value),
      nonce: fields.nonce,
      expiryEpoch: fields.expiryEpoch,
      feeMaxMicro: 1_000_000n,
      transfer: { recipient: fields.to, amountMicro: 1_000_000n },
    },
    (message) => ed25519Sign(seed.value, message),
  )
  return Buffer.from(bytes).toString('base64')
}

export interface Answer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

/** What the relay's API answers. */
export async function ask(devnet: Devnet, path: string, body?: object): Promise<Answer> {
  const answer = await fetch(`${devnet.url}${path}`, {
    ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
    ...(body !== undefined && { headers: { 'content-type': 'application/json' } }),
  })
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
}
