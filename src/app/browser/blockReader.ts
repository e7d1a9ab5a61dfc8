/**
 * Checks blocks in this browser (UX-4, SYNC-2), loaded after the first view: from the genesis
 * committee along each hand-over to the committee that signed, then the block's own certificate.
 *
 * The genesis comes from whoever served this page, who is trusted with its code anyway; nothing
 * else that a relay says is believed. How far the walk got is remembered, so that it continues.
 */

import { equalBytes, hex } from '../../core/base/bytes.ts'
import { signersOf } from '../../core/bft/certificate.ts'
import { certificateEnv, verifyCertified, type VerifiedBlock } from '../../core/chain/certified.ts'
import { Body, Certificate, CertifiedBlock, Committee } from '../../core/codec/chain.ts'
import { Genesis } from '../../core/codec/state.ts'
import { decodeStrict, type MessageCodec } from '../../core/codec/strict.ts'
import { committeeRoot } from '../../core/committee/handOver.ts'
import type { BlsBackend } from '../../core/crypto/bls.ts'
import { checkGenesis } from '../../core/ledger/genesis/checkGenesis.ts'
import { firstCommittee } from '../../core/ledger/genesis/firstCommittee.ts'
import type { BlockSummary } from '../../node/api.ts'
import { bytesOf, countOf, feedBlockOf, fieldsOf, parseText } from '../feedText.ts'
import type { BlockReader, FeedBlock, Memory } from '../services.ts'
import { askRelay } from './relayApi.ts'

export interface BlockReaderParts {
  readonly bls: BlsBackend
  readonly memory: Memory
}

const messageBytesMax = 1024 * 1024
/** Committees kept; blocks are asked for near the newest. */
const committeesMax = 8
const rememberEvery = 16

export async function createBlockReader({ bls, memory }: BlockReaderParts): Promise<BlockReader> {
  const genesis = fieldsOf(await askRelay('/genesis'))
  const chainId = String(genesis?.['chainId'])
  const start = checkGenesis(decode(Genesis, bytesOf(genesis?.['genesis'])), bls)
  if (!start.ok) throw new Error(`the relay’s genesis is refused: ${start.error.code}`)
  const committees = new Map<number, Committee>()
  const anchorName = String(genesis?.['hash'])
  const anchor = anchorFrom(memory.get('anchor'), anchorName) ?? firstCommittee(start.value)
  committees.set(anchor.epoch, anchor)
  let walking: Promise<unknown> = Promise.resolve()

  async function committeeOf(epoch: number): Promise<Committee> {
    for (;;) {
      const known = committees.get(epoch)
      if (known !== undefined) return known
      const newest = Math.max(...committees.keys())
      if (newest > epoch) throw new Error(`epoch ${epoch} is older than what is remembered`)
      const before = committees.get(newest)
      if (before === undefined) throw new Error('there is always a newest committee')
      committees.set(newest + 1, await handedOver(before))
      committees.delete(newest + 1 - committeesMax)
      if ((newest + 1) % rememberEvery === 0 || newest + 1 === epoch) remember(newest + 1)
    }
  }

  /** The committee that the boundary of an epoch names, once that boundary is checked. */
  async function handedOver(committee: Committee): Promise<Committee> {
    const [ended, next] = await Promise.all([
      askRelay(`/epochs/${committee.epoch}`),
      askRelay(`/epochs/${committee.epoch + 1}`),
    ])
    const height = countOf(fieldsOf(ended)?.['boundaryHeight'])
    if (height === undefined) throw new Error(`epoch ${committee.epoch} has no boundary yet`)
    const boundary = check(await fullBlock(height), committee)
    const named = decode(Committee, bytesOf(fieldsOf(next)?.['committee']))
    const root = boundary?.verified.header.nextCommitteeRoot
    const fits = root !== undefined && equalBytes(root, committeeRoot(named))
    if (!fits || named.epoch !== committee.epoch + 1) {
      throw new Error(`the hand-over after epoch ${committee.epoch} does not hold`)
    }
    return named
  }

  function check(block: FeedBlock, committee: Committee): Checked | undefined {
    const certified = certifiedOf(block)
    const verified = verifyCertified(certificateEnv(chainId, committee, bls), certified)
    return verified.ok ? { certified, verified: verified.value } : undefined
  }

  function remember(epoch: number): void {
    const committee = committees.get(epoch)
    if (committee === undefined) return
    const bytes = Array.from(Committee.encode(committee), (byte) => String.fromCharCode(byte))
    memory.set('anchor', JSON.stringify({ genesis: anchorName, committee: btoa(bytes.join('')) }))
  }

  return async (block) => {
    // One walk at a time: two would ask for the same epochs.
    const walked = walking.then(() => committeeOf(block.epoch))
    walking = walked.catch(() => undefined)
    const committee = await walked
    const full = block.body === undefined ? await fullBlock(block.height) : block
    const checked = check(full, committee)
    if (checked === undefined || hex(checked.verified.hash) !== block.hash) return undefined
    return summaryOf(checked, committee)
  }
}

interface Checked {
  readonly certified: CertifiedBlock
  readonly verified: VerifiedBlock
}

async function fullBlock(height: number): Promise<FeedBlock> {
  const block = feedBlockOf(await askRelay(`/blocks/${height}`))
  if (block === undefined) throw new Error(`the relay’s block ${height} cannot be read`)
  return block
}

function certifiedOf({ header, body, certificate, path }: FeedBlock): CertifiedBlock {
  return {
    header,
    body: body ?? new Uint8Array(0),
    certificate: decode(Certificate, certificate),
    path: path.length === 0 ? [] : decode(CertifiedBlock, path).path,
  }
}

function summaryOf({ certified, verified }: Checked, committee: Committee): BlockSummary {
  const { header, hash } = verified
  const seatCount = committee.seats.length
  const proposer = committee.seats[header.seat]?.validator
  return {
    height: header.height,
    hash: hex(hash),
    epoch: header.epoch,
    view: header.view,
    timeMs: header.timeMs,
    seat: header.seat,
    proposer: proposer === undefined ? '' : hex(proposer),
    seatCount,
    signers: signersOf(seatCount, certified.certificate?.signers ?? new Uint8Array(0)) ?? [],
    transactionCount: decode(Body, certified.body).transactions.length,
    finalAfterMs: undefined,
    verified: true,
  }
}

function anchorFrom(text: string | undefined, genesis: string): Committee | undefined {
  const fields = fieldsOf(parseText(text))
  const bytes = bytesOf(fields?.['committee'])
  if (fields?.['genesis'] !== genesis || bytes === undefined) return undefined
  const committee = decodeStrict(Committee, bytes, messageBytesMax)
  return committee.ok ? committee.value : undefined
}

function decode<T>(codec: MessageCodec<T>, bytes: Uint8Array | undefined): T {
  const decoded = decodeStrict(codec, bytes ?? new Uint8Array(0), messageBytesMax)
  if (!decoded.ok) throw new Error(`the relay’s bytes cannot be read: ${decoded.error.code}`)
  return decoded.value
}
