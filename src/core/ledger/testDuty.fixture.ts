/**
 * What validators of a test chain say in an epoch: READY and CONFIRM, with real tickets and keys.
 */
import { assert } from '../base/assert.ts'
import { Provenance, type Liveness, type Ready } from '../codec/chain.ts'
import { ticketMessage } from '../crypto/vrf.ts'
import { fieldToBytes } from '../emotion/field.ts'
import { scoreModeCodes } from '../emotion/scoreMode.ts'
import { beaconOf } from './epochs.ts'
import { stateMarkOf } from './fitnessState.ts'
import { readSingle, stateRoot } from './state.ts'
import { epochRecord, tip } from './tables.ts'
import {
  addBlock,
  signed,
  testEpochKey,
  testPeerId,
  testPossession,
  testSharingKey,
  type TestChain,
  type TestKeys,
} from './testChain.fixture.ts'
import type { DecodedTransaction } from './transactionBytes.ts'
import { confirmMessage } from './transactions/confirm.ts'

export function keysOf(chain: TestChain, index: number): TestKeys {
  const keys = chain.keys[index]
  assert(keys !== undefined, 'the test chain has that validator')
  return keys
}

export function readyOf(
  chain: TestChain,
  index: number,
  change: Partial<Ready> = {},
): DecodedTransaction {
  const keys = keysOf(chain, index)
  const epoch = readSingle(chain.state, epochRecord).epoch + 1
  const beacon = beaconOf(readSingle(chain.state, epochRecord), epoch)
  assert(beacon !== undefined, 'the beacon of the next epoch is known')
  const { secret, publicKey } = testEpochKey(chain.bls, index, epoch)
  const message = ticketMessage({ chainId: chain.genesis.chainId, epoch, beacon })
  const ready: Ready = {
    epoch,
    ticket: chain.bls.sign(keys.vrfSecret, message),
    epochKey: publicKey,
    epochKeyPossession: testPossession(chain.bls, secret),
    proof: Uint8Array.of(1, index),
    nullifier: fieldToBytes(BigInt(epoch * 1_000 + index)),
    scoreThreshold: 7_500,
    scoreMode: scoreModeCodes.threshold,
    stateAfter: fieldToBytes(BigInt(epoch * 1_000 + index + 500)),
    stateMark: stateMarkOf(chain.state, keys.account, epoch),
    provenance: Provenance.SIMULATED,
    peerId: testPeerId,
    sharingKey: testSharingKey(index, epoch),
    ...change,
  }
  return signed(chain, keys, { ready })
}

/** One window that claims enough, with bytes in place of its proof. */
export function livenessOf(
  chain: TestChain,
  index: number,
  epoch: number,
  change: Partial<Liveness> = {},
): DecodedTransaction {
  const windows = [{ share: 5_000, proof: new Uint8Array(256).fill(index), window: 0 }]
  const liveness = { epoch, windows, provenance: Provenance.SIMULATED, ...change }
  return signed(chain, keysOf(chain, index), { liveness })
}

/** Shows the root of the state that the chain is at; valid from the next block on. */
export function confirmOf(chain: TestChain, index: number): DecodedTransaction {
  const keys = keysOf(chain, index)
  const epoch = readSingle(chain.state, epochRecord).epoch + 1
  const { height } = readSingle(chain.state, tip)
  const fields = { epoch, height, stateRoot: stateRoot(chain.state) }
  const { chainId } = chain.genesis
  const message = confirmMessage({ ...fields, chainId, validator: keys.account })
  const { secret } = testEpochKey(chain.bls, index, epoch)
  return signed(chain, keys, { confirm: { ...fields, signature: chain.bls.sign(secret, message) } })
}

/** One epoch of 30 s in which `ready` and then `confirm` of the validators speak up. */
export function runEpoch(
  chain: TestChain,
  options: { readonly ready?: readonly number[]; readonly confirm?: readonly number[] } = {},
): void {
  const { ready = [], confirm = ready } = options
  const firstMs = readSingle(chain.state, epochRecord).boundaryMs + 2_000
  addBlock(chain, firstMs)
  addBlock(
    chain,
    firstMs + 4_000,
    ready.map((index) => readyOf(chain, index)),
  )
  addBlock(chain, firstMs + 10_000)
  const confirms = confirm.map((index) => confirmOf(chain, index))
  addBlock(chain, firstMs + 12_000)
  addBlock(chain, firstMs + 13_000, confirms)
  addBlock(chain, firstMs + 20_000)
  addBlock(chain, firstMs + 28_000)
}
