/**
 * The faucet of a devnet: signs transfers from the account that the genesis names. Its key is in a
 * file of the operator; a main network has neither.
 */

import { readFile } from 'node:fs/promises'
import { equalBytes, unhex } from '../src/core/base/bytes.ts'
import { ok, type Result } from '../src/core/base/result.ts'
import type { Genesis } from '../src/core/codec/state.ts'
import { ed25519PublicKey, ed25519Sign } from '../src/core/crypto/ed25519.ts'
import { accountOf } from '../src/core/ledger/accounts.ts'
import { readSingle, type LedgerState } from '../src/core/ledger/state.ts'
import { epochRecord } from '../src/core/ledger/tables.ts'
import { encodeTransaction } from '../src/core/ledger/transactionBytes.ts'
import { microPerEmo } from '../src/core/params.ts'
import type { Faucet } from './api/context.ts'
import { fail, textOf, type Failure } from './failure.ts'

interface Options {
  readonly genesis: Genesis
  readonly state: () => LedgerState | undefined
  readonly publish: (bytes: Uint8Array) => Result<Uint8Array, Failure>
  readonly nowMs: () => number
}

/** On top of the smallest bond: fees for a long time. */
const spareMicro = 1_000n * microPerEmo
const feeMaxMicro = microPerEmo
const expiryEpochs = 20
/** Sent transfers that are in no block by then are given up, and their nonces used again. */
const forgetMs = 30_000

export async function openFaucet(path: string, options: Options): Promise<Result<Faucet, Failure>> {
  const { devnet, parameters: params } = options.genesis
  if (devnet === undefined || params === undefined) {
    return unusable('This chain is no devnet, so it has no faucet.')
  }
  const text = await readFile(path, 'utf8').catch(textOf)
  const seed = unhex(text.trim())
  if (!seed.ok || seed.value.length !== 32) {
    return unusable(`The faucet key ${path} is not 64 digits of hex.`)
  }
  const account = ed25519PublicKey(seed.value)
  if (!equalBytes(account, devnet.faucetAccount)) {
    return unusable('The faucet key is not that of the account which the genesis names.')
  }
  const amountMicro = 2n * params.bondMinMicro + spareMicro
  return ok({ account, amountMicro, send: makeSender(seed.value, account, amountMicro, options) })
}

function makeSender(
  seed: Uint8Array,
  account: Uint8Array,
  amountMicro: bigint,
  options: Options,
): Faucet['send'] {
  let nextNonce = 0
  let sentAtMs = 0
  return (recipient) => {
    const state = options.state()
    if (state === undefined) return Promise.resolve(notFollowing())
    const known = accountOf(state, account).nonce
    const isRecent = options.nowMs() - sentAtMs < forgetMs
    const nonce = isRecent ? Math.max(known, nextNonce) : known
    const transaction = {
      chainId: options.genesis.chainId,
      sender: account,
      nonce,
      expiryEpoch: readSingle(state, epochRecord).epoch + expiryEpochs,
      feeMaxMicro,
      transfer: { recipient, amountMicro },
    }
    const bytes = encodeTransaction(transaction, (message) => ed25519Sign(seed, message))
    const sent = options.publish(bytes)
    if (sent.ok) {
      nextNonce = nonce + 1
      sentAtMs = options.nowMs()
    }
    return Promise.resolve(sent)
  }
}

function notFollowing(): { readonly ok: false; readonly error: Failure } {
  return fail(
    'FAUCET_WAITING',
    'The relay does not know the newest state yet.',
    'Try again in a few seconds; /health says when the archive follows.',
  )
}

function unusable(message: string): { readonly ok: false; readonly error: Failure } {
  return fail('FAUCET_KEY', message, 'Correct --faucet-key or leave it out.')
}
