/**
 * A chain without an agreement, for tests: real keys, a real genesis, blocks built and executed as
 * nodes do. Who may propose and what is final is the part of the agreement and of its own tests.
 */
import { assert } from '../base/assert.ts'
import { hex, u32be } from '../base/bytes.ts'
import type { Result } from '../base/result.ts'
import type { Header, Transaction } from '../codec/chain.ts'
import type { Genesis } from '../codec/state.ts'
import type { BlsBackend } from '../crypto/bls.ts'
import { blsSecretFromSeed } from '../crypto/blsSecret.ts'
import { ed25519PublicKey, ed25519Sign } from '../crypto/ed25519.ts'
import { hash } from '../crypto/hash.ts'
import { sharingPublicKey } from '../crypto/pvss/sharingKey.ts'
import { fieldToBytes } from '../emotion/field.ts'
import { defaultParams, microPerEmo, protocol, type Params } from '../params.ts'
import { accountOf } from './accounts.ts'
import { applyBlock, transactionsRootOf, type AppliedBlock, type Block } from './applyBlock.ts'
import { deriveHeader, type DerivedHeader } from './deriveHeader.ts'
import { createVerifier, type LedgerEnv } from './env.ts'
import type { LedgerError } from './errors.ts'
import { genesisState } from './genesis/genesisState.ts'
import type { LedgerState } from './state.ts'
import {
  decodeTransaction,
  encodeTransaction,
  type DecodedTransaction,
} from './transactionBytes.ts'

export interface TestKeys {
  readonly seed: Uint8Array
  readonly account: Uint8Array
  readonly vrfSecret: Uint8Array
  readonly vrfKey: Uint8Array
}

export interface TestEpochKey {
  readonly secret: Uint8Array
  readonly publicKey: Uint8Array
}

/** Base58 text that looks like a peer id. */
export const testPeerId = '12D3KooWTestPeer'

export function testKeys(bls: BlsBackend, index: number): TestKeys {
  const seed = hash('keyDerivation', u32be(1), u32be(index))
  const vrfSecret = blsSecretFromSeed(hash('keyDerivation', u32be(2), u32be(index)))
  return { seed, account: ed25519PublicKey(seed), vrfSecret, vrfKey: bls.publicKey(vrfSecret) }
}

export function testEpochKey(bls: BlsBackend, index: number, epoch: number): TestEpochKey {
  const seed = hash('keyDerivation', u32be(3), u32be(index), u32be(epoch))
  const secret = blsSecretFromSeed(seed)
  return { secret, publicKey: bls.publicKey(secret) }
}

/** Seeds of the sharing key, and of the deals, of a service (BEACON-2, BEACON-3). */
export function testSharingSeeds(
  index: number,
  epoch: number,
): Readonly<Record<'keySeed' | 'dealSeed', Uint8Array>> {
  const seed = (use: number): Uint8Array =>
    hash('keyDerivation', u32be(5), u32be(use), u32be(index), u32be(epoch))
  return { keySeed: seed(1), dealSeed: seed(2) }
}

export function testSharingKey(index: number, epoch: number): Uint8Array {
  return sharingPublicKey(testSharingSeeds(index, epoch).keySeed)
}

export const testStartMs = 1_800_000_000_000

export function testGenesis(
  bls: BlsBackend,
  options: {
    readonly validators: number
    readonly seats: number
    readonly params?: Partial<Params>
    /** Balance of each validator's account. */
    readonly balanceMicro?: bigint
    readonly withDevnet?: boolean
    /** Of the validators in the genesis. */
    readonly credentialExpiry?: number
    readonly grantedCredentialEpochs?: number
  },
): { readonly genesis: Genesis; readonly keys: readonly TestKeys[] } {
  const keys = Array.from({ length: options.validators }, (_, index) => testKeys(bls, index))
  const genesis: Genesis = {
    chainId: 'emo-test',
    startMs: testStartMs,
    parameters: { ...defaultParams, workBits: 4, ...options.params },
    accounts: keys.map(({ account }) => ({
      account,
      balanceMicro: options.balanceMicro ?? 1_000n * microPerEmo,
    })),
    validators: keys.map(({ account, vrfKey, vrfSecret }, index) => ({
      account,
      vrfKey,
      vrfPossession: testPossession(bls, vrfSecret),
      bondedMicro: 20_000n * microPerEmo,
      nkHash: fieldToBytes(BigInt(1_000 + index)),
      baselineCommitment: fieldToBytes(BigInt(2_000 + index)),
      consentVersion: 1,
      credentialExpiry: options.credentialExpiry ?? 1_000_000,
    })),
    seats: keys.slice(0, options.seats).map(({ account }, index) => {
      const { secret, publicKey } = testEpochKey(bls, index, 0)
      return {
        validator: account,
        epochKey: publicKey,
        epochKeyPossession: testPossession(bls, secret),
        peerId: testPeerId,
        score: 7_500,
        sharingKey: testSharingKey(index, 0),
      }
    }),
    beacons: [0, 1, 2, 3, 4].map((epoch) => hash('beacon', u32be(99), u32be(epoch))),
  }
  if (options.withDevnet === false) return { genesis, keys }
  const devnet = {
    restartKey: ed25519PublicKey(testKeys(bls, 900).seed),
    faucetAccount: testKeys(bls, 901).account,
    allowSimulated: true,
    developmentProofKeys: true,
    grantedCredentialEpochs: options.grantedCredentialEpochs ?? 1_000_000,
    baselineShortMs: 30_000,
  }
  return { genesis: { ...genesis, devnet }, keys }
}

const possessions = new Map<string, Uint8Array>()

/** Slow with the reference, and asked for again and again. */
export function testPossession(bls: BlsBackend, secret: Uint8Array): Uint8Array {
  const key = hex(secret)
  const proof = possessions.get(key) ?? bls.provePossession(secret)
  possessions.set(key, proof)
  return proof
}

export interface TestChain {
  readonly bls: BlsBackend
  readonly genesis: Genesis
  readonly keys: readonly TestKeys[]
  readonly env: LedgerEnv
  state: LedgerState
  /** Of the last block: its derived header. */
  derived: DerivedHeader
}

/** Every proof holds and every part of the sharing is right. */
export const allRight: LedgerEnv['verdicts'] = {
  proofIsValid: () => true,
  proofIsWrong: () => false,
  partIsRight: () => true,
  partIsWrong: () => false,
}

export function createTestChain(
  bls: BlsBackend,
  options: Parameters<typeof testGenesis>[1],
  verdicts: LedgerEnv['verdicts'] = allRight,
): TestChain {
  const { genesis, keys } = testGenesis(bls, options)
  const state = genesisState(genesis)
  const derived = deriveHeader(state, genesis.startMs)
  return { bls, genesis, keys, env: { verifier: createVerifier(bls), verdicts }, state, derived }
}

/** A valid header and body on the chain's state; `change` spoils it. */
export function testBlock(
  chain: TestChain,
  timeMs: number,
  transactions: readonly DecodedTransaction[] = [],
  change: Partial<Header> = {},
): Block {
  const derived = deriveHeader(chain.state, timeMs)
  const seat = derived.height % derived.committee.seats.length
  const header: Header = {
    version: protocol.version,
    chainId: derived.chainId,
    epoch: derived.epoch,
    height: derived.height,
    view: derived.height,
    parent: hash('header', u32be(derived.height - 1)),
    timeMs,
    seat,
    parentStateRoot: derived.parentStateRoot,
    parentReceiptsRoot: derived.parentReceiptsRoot,
    transactionsRoot: transactionsRootOf(transactions),
    justification: new Uint8Array(32),
    committeeRoot: derived.committeeRoot,
    nextCommitteeRoot: derived.nextCommitteeRoot,
    enrolmentRoot: derived.enrolmentRoot,
    ...change,
  }
  return { header, transactions }
}

/** Executes a valid block and moves the chain on. */
export function addBlock(
  chain: TestChain,
  timeMs: number,
  transactions: readonly DecodedTransaction[] = [],
): AppliedBlock {
  const applied = tryBlock(chain, testBlock(chain, timeMs, transactions))
  assert(applied.ok, `a test block applies: ${applied.ok ? '' : describe(applied.error)}`)
  chain.state = applied.value.state
  chain.derived = applied.value.derived
  return applied.value
}

export function tryBlock(chain: TestChain, block: Block): Result<AppliedBlock, LedgerError> {
  return applyBlock(chain.state, block, chain.env)
}

function describe(error: LedgerError): string {
  return error.code === 'BLOCK_TX_INVALID' ? `${error.index} ${error.cause.code}` : error.code
}

/** Signs a payload as `keys`; nonce, fee and expiry fit unless `change` says otherwise. */
export function signed(
  chain: TestChain,
  keys: Pick<TestKeys, 'seed' | 'account'>,
  payload: Partial<Transaction>,
  change: Partial<Transaction> = {},
): DecodedTransaction {
  const { ready, confirm, absence, sharing, liveness, endLiveness, attest, consent } = payload
  const isQuota = ready ?? confirm ?? absence ?? sharing ?? liveness ?? endLiveness
  const isFree = isQuota ?? attest ?? consent
  const transaction: Transaction = {
    chainId: chain.genesis.chainId,
    sender: keys.account,
    nonce: isFree === undefined ? accountOf(chain.state, keys.account).nonce : 0,
    expiryEpoch: deriveHeader(chain.state, chain.genesis.startMs).epoch,
    feeMaxMicro: isFree === undefined ? microPerEmo : 0n,
    ...payload,
    ...change,
  }
  return decoded(encodeTransaction(transaction, (message) => ed25519Sign(keys.seed, message)))
}

/** Evidence and restarts carry no sender and no signature. */
export function unsigned(chain: TestChain, payload: Partial<Transaction>): DecodedTransaction {
  const transaction: Transaction = {
    chainId: chain.genesis.chainId,
    sender: new Uint8Array(0),
    nonce: 0,
    expiryEpoch: deriveHeader(chain.state, chain.genesis.startMs).epoch,
    feeMaxMicro: 0n,
    ...payload,
  }
  return decoded(encodeTransaction(transaction, () => new Uint8Array(0)))
}

export function decoded(bytes: Uint8Array): DecodedTransaction {
  const result = decodeTransaction(bytes, 65_536)
  assert(result.ok, 'a test transaction decodes')
  return result.value
}
