import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { unwrap } from '../../test/support/unwrap.ts'
import { blsBlst as bls } from '../adapters/crypto/blsBlst.ts'
import { equalBytes } from '../core/base/bytes.ts'
import type { Result } from '../core/base/result.ts'
import { followBoundary, lightGenesis, type LightTip } from '../core/chain/lightClient.ts'
import type { OwnLeaf } from '../core/chain/enrolmentProof.ts'
import { ProofRequest, ProofResponse, type EnrolmentProof } from '../core/codec/light.ts'
import { ed25519Sign } from '../core/crypto/ed25519.ts'
import { enrolmentLeaf } from '../core/emotion/commitments.ts'
import { rootFromPath } from '../core/emotion/enrolmentTree.ts'
import { fieldToBytes } from '../core/emotion/field.ts'
import { accounts, draw, validators } from '../core/ledger/tables.ts'
import { encodeTransaction, decodeTransaction } from '../core/ledger/transactionBytes.ts'
import type { PeerId, Transport } from '../ports/transport.ts'
import { askEnrolment, askLeaf, askTransaction, type Asking } from './askProof.ts'
import { followPage } from './lightFollow.ts'
import type { PeerFailure } from './peerFailure.ts'
import { TestNodes, until } from './testNodes.fixture.ts'

const net = new TestNodes(3000)
const peer = 'peer0' as PeerId
const recipient = new Uint8Array(32).fill(5)
const nobody = new Uint8Array(32).fill(6)
let client: Transport
let trusted: readonly LightTip[] = []

/** What a wallet knows: the genesis, and each boundary since. */
async function follow(): Promise<void> {
  let at = lightGenesis(net.genesis)
  const { tip, boundaries } = unwrap(await followPage(client, peer, at, bls))
  expect(boundaries.length).toBe(tip.epoch)
  trusted = [at, ...boundaries.map((boundary) => (at = unwrap(followBoundary(at, boundary, bls))))]
}

/** As a wallet asks: an epoch that began since it followed is followed, and it asks again. */
async function settled<T>(
  question: () => Promise<Result<T, PeerFailure>>,
): Promise<Result<T, PeerFailure>> {
  let answer = await question()
  for (let again = 0; again < 9 && codeOf(answer) === 'PROOF_EPOCH_UNKNOWN'; again += 1) {
    await follow()
    answer = await question()
  }
  return answer
}

async function asked<T>(question: () => Promise<Result<T, PeerFailure>>): Promise<T> {
  return unwrap(await settled(question))
}

function asking(change: Partial<Asking> = {}): Asking {
  const trustedBefore = (epoch: number): LightTip | undefined =>
    trusted.find((tip) => tip.epoch === epoch)
  return { transport: client, peer, bls, trustedBefore, ...change }
}

function keysAt(index: number): (typeof net.keys)[number] {
  const keys = net.keys[index]
  if (keys === undefined) throw new Error('there are four validators')
  return keys
}

/** As the genesis of these tests has it. */
function ownLeaf(index: number): OwnLeaf {
  const nkHash = BigInt(1_000 + index)
  const baselineCommitment = BigInt(2_000 + index)
  return { identity: keysAt(index).account, nkHash, baselineCommitment }
}

/** A transfer of 7 µEMO, and where it stands once it is final. */
async function transferred(nonce: number): Promise<{ height: number; id: Uint8Array }> {
  const keys = keysAt(0)
  const { chain } = net.running[0]!.node
  const transaction = {
    chainId: chain.chainId,
    sender: keys.account,
    nonce,
    expiryEpoch: chain.epoch + 5,
    feeMaxMicro: 1_000_000n,
    transfer: { recipient, amountMicro: 7n },
  }
  const bytes = encodeTransaction(transaction, (message) => ed25519Sign(keys.seed, message))
  const { id } = unwrap(decodeTransaction(bytes, 10_000))
  const from = chain.tip.height
  unwrap(await net.running[0]!.node.submit(bytes))
  let height = 0
  await until(() => {
    for (let at = from; at <= chain.tip.height; at += 1) {
      const receipts = chain.receipts.at(at) ?? []
      if (receipts.some((receipt) => equalBytes(receipt.transaction, id))) height = at
    }
    return height > 0 && chain.tip.height > height
  })
  return { height, id }
}

/** The honest answer, changed on its way. */
function changed(change: (answer: ProofResponse) => void): Asking {
  const request: Transport['request'] = async (to, protocol, bytes, options) => {
    const answer = await client.request(to, protocol, bytes, options)
    if (!answer.ok) return answer
    const response = ProofResponse.decode(answer.value)
    change(response)
    return { ok: true, value: ProofResponse.encode(response) }
  }
  return asking({ transport: { ...client, request } })
}

function codeOf(result: Result<unknown, { readonly code: string }>): string {
  return result.ok ? 'ok' : result.error.code
}

beforeAll(async () => {
  await Promise.all([0, 1, 2, 3].map((index) => net.start(index)))
  client = net.network.attach('wallet')
  await until(() => (net.running[0]?.node.chain.epoch ?? 0) >= 1, 90_000)
}, 120_000)

afterAll(async () => {
  await Promise.all(net.running.map(({ node }) => node.stop()))
})

describe('SYNC-2, STATE-1 a light client asks a peer', () => {
  it('for an account that is there, one that is not, and a validator', async () => {
    await follow()
    const { account } = keysAt(1)
    const held = await asked(() => askLeaf(asking(), accounts, account))
    expect(held.value?.id).toEqual(account)
    expect(held.value?.balanceMicro).toBe(1_000_000_000n)
    expect(held.under.header.height).toBeGreaterThan(1)
    expect((await asked(() => askLeaf(asking(), accounts, nobody))).value).toBeUndefined()
    const validator = await asked(() => askLeaf(asking(), validators, account))
    expect(validator.value?.account).toEqual(account)
    expect((await asked(() => askLeaf(asking(), validators, nobody))).value).toBeUndefined()
    // A leaf whose value is empty is there all the same.
    expect((await asked(() => askLeaf(asking(), draw, undefined))).value).toBeDefined()
  }, 120_000)

  it('for a transaction in its block, and its receipt in the next', async () => {
    const place = await transferred(0)
    await follow()
    const proven = await asked(() => askTransaction(asking(), place))
    expect(proven.transaction.transaction.transfer?.recipient).toEqual(recipient)
    expect(proven.block.header.height).toBe(place.height)
    expect(proven.receipt?.amountMicro).toBe(7n)
    const elsewhere = { ...place, height: place.height + 1 }
    expect(codeOf(await askTransaction(asking(), elsewhere))).toBe('PROOF_NOT_HELD')
  }, 120_000)

  it('and believes nothing that was changed', async () => {
    const place = await transferred(1)
    await follow()
    const { account } = keysAt(2)
    const leaf = async (change: (answer: ProofResponse) => void): Promise<string> =>
      codeOf(await settled(() => askLeaf(changed(change), accounts, account)))
    expect(await leaf(() => undefined)).toBe('ok')
    expect(await leaf(({ leaf }) => leaf && (leaf.isPresent = false))).toBe('PROOF_INVALID')
    expect(
      await leaf(({ leaf }) => leaf && (leaf.value = leaf.value.map((byte) => byte ^ 1))),
    ).toBe('PROOF_INVALID')
    expect(await leaf(({ leaf }) => leaf && (leaf.proof = leaf.proof.slice(1)))).toMatch(
      /DECODE|PROOF/,
    )
    expect(await leaf((answer) => (answer.block = answer.block.slice(1)))).toMatch(/DECODE/)
    expect(await leaf((answer) => delete answer.leaf)).toBe('PROOF_OTHER')
    const sent = async (change: (answer: ProofResponse) => void): Promise<string> =>
      codeOf(await settled(() => askTransaction(changed(change), place)))
    expect(await sent(() => undefined)).toBe('ok')
    expect(
      await sent(({ transaction }) => transaction?.path && (transaction.path.index += 1)),
    ).toBe('PROOF_INVALID')
    expect(
      await sent(
        ({ transaction }) =>
          transaction && (transaction.receipt = transaction.receipt.map((byte) => byte ^ 1)),
      ),
    ).toBe('PROOF_INVALID')
    expect(
      await sent((answer) => answer.transaction && (answer.transaction.child = answer.block)),
    ).toBe('PROOF_INVALID')
    const other = await transferred(2)
    // An epoch may have ended in between, and `place` is of the one before.
    await follow()
    const request = ProofRequest.encode({ transaction: other })
    const answer = unwrap(await client.request(peer, 'proof', request, { timeoutMs: 10_000 }))
    expect(await sent((response) => Object.assign(response, ProofResponse.decode(answer)))).toBe(
      'PROOF_OTHER',
    )
  }, 120_000)

  it('follows first when the answer is of an epoch it has not come to', async () => {
    trusted = [lightGenesis(net.genesis)]
    const early = await askLeaf(asking(), accounts, nobody)
    expect(early).toMatchObject({
      ok: false,
      error: { code: 'PROOF_EPOCH_UNKNOWN', isPeerFault: false },
    })
    expect((await asked(() => askLeaf(asking(), accounts, nobody))).value).toBeUndefined()
  }, 120_000)

  it('STATE-2: for its own path in the enrolment tree, under the root of a boundary', async () => {
    await until(() => (net.running[0]?.node.chain.epoch ?? 0) >= 2, 90_000)
    await follow()
    const own = ownLeaf(1)
    const epoch = (trusted.at(-1)?.epoch ?? 0) - 1
    const proven = await asked(() => askEnrolment(asking(), { epoch, own }))
    expect(proven.under.header.epoch).toBe(epoch)
    expect(fieldToBytes(proven.root)).toEqual(proven.under.header.enrolmentRoot)
    expect(rootFromPath(enrolmentLeaf(proven), proven.path)).toBe(proven.root)
    expect(proven.consentVersion).toBe(1)
    const ask = (change: (answer: EnrolmentProof) => void, place = { epoch, own }) =>
      askEnrolment(
        changed(({ enrolment }) => enrolment && change(enrolment)),
        place,
      )
    const code = async (change: (answer: EnrolmentProof) => void): Promise<string> =>
      codeOf(await ask(change))
    expect(await code(() => undefined)).toBe('ok')
    expect(await code((shown) => shown.siblings.pop())).toBe('PROOF_INVALID')
    expect(await code((shown) => (shown.siblings[3] = new Uint8Array(32).fill(255)))).toBe(
      'PROOF_INVALID',
    )
    expect(await code((shown) => (shown.leafIndex = 2 ** 20))).toBe('PROOF_INVALID')
    expect(await code((shown) => (shown.credentialExpiryEpoch = 2 ** 32))).toBe('PROOF_INVALID')
    // What may be the fault of either is held against nobody.
    const neither = { ok: false, error: { code: 'PROOF_OTHER_ENROLMENT', isPeerFault: false } }
    for (const change of [
      (shown: EnrolmentProof) => (shown.leafIndex ^= 1),
      (shown: EnrolmentProof) => (shown.consentVersion += 1),
      (shown: EnrolmentProof) => (shown.credentialExpiryEpoch += 1),
      (shown: EnrolmentProof) => (shown.siblings[0] = new Uint8Array(32)),
    ]) {
      expect(await ask(change)).toMatchObject(neither)
    }
    const otherBaseline = { ...own, baselineCommitment: 1n }
    expect(await ask(() => undefined, { epoch, own: otherBaseline })).toMatchObject(neither)
    const stranger = { ...own, identity: nobody }
    expect(codeOf(await ask(() => undefined, { epoch, own: stranger }))).toBe('PROOF_NOT_HELD')
    expect(codeOf(await ask(() => undefined, { epoch: epoch + 100, own }))).toBe('PROOF_NOT_HELD')
    // The header of another boundary shows another root, however true.
    const before = unwrap(
      await client.request(
        peer,
        'proof',
        ProofRequest.encode({ enrolment: { account: own.identity, epoch: epoch - 1 } }),
        { timeoutMs: 10_000 },
      ),
    )
    const swapped = changed((answer) => Object.assign(answer, ProofResponse.decode(before)))
    expect(codeOf(await askEnrolment(swapped, { epoch, own }))).toBe('PROOF_OTHER')
    const two = ProofRequest.encode({
      leaf: new Uint8Array(32),
      enrolment: { account: own.identity, epoch },
    })
    await client.request(peer, 'proof', two, { timeoutMs: 10_000 })
    expect(net.network.penalties).toEqual(['peer0 of wallet: DECODE_MALFORMED'])
    net.network.penalties.length = 0
  }, 120_000)

  it('and pays for a question that is none', async () => {
    for (const bytes of [Uint8Array.of(1), ProofRequest.encode({ leaf: new Uint8Array(31) })]) {
      await client.request(peer, 'proof', bytes, { timeoutMs: 10_000 })
    }
    expect(net.network.penalties).toEqual(
      Array.from({ length: 2 }, () => 'peer0 of wallet: DECODE_MALFORMED'),
    )
  })
})
