/**
 * Checks blocks in this browser (UX-4, SYNC-2), loaded after the first view: from the genesis
 * committee along each hand-over to the committee that signed, then the block's own certificate. A
 * committee that a Restart named is taken from the block that the record opens (RECOVER-1).
 *
 * The genesis comes from whoever served this page, who is trusted with its code anyway; nothing
 * else that a relay says is believed. How far the walk got is remembered, so that it continues.
 */

import { hex } from '../../core/base/bytes.ts'
import { signersOf } from '../../core/bft/certificate.ts'
import { lightAnchor, lightGenesis, type LightTip } from '../../core/chain/lightClient.ts'
import { Body, Committee } from '../../core/codec/chain.ts'
import { Genesis } from '../../core/codec/state.ts'
import { decodeStrict } from '../../core/codec/strict.ts'
import type { BlsBackend } from '../../core/crypto/bls.ts'
import { checkGenesis } from '../../core/ledger/genesis/checkGenesis.ts'
import type { BlockSummary } from '../../node/api.ts'
import { bytesOf, fieldsOf, parseText } from '../feedText.ts'
import type { BlockReader, Memory } from '../services.ts'
import { askRelay } from './relayApi.ts'
import {
  checkBlock,
  decode,
  fullBlock,
  handedOver,
  messageBytesMax,
  type Checked,
} from './relayChain.ts'

export interface BlockReaderParts {
  readonly bls: BlsBackend
  readonly memory: Memory
}

/** Committees kept; blocks are asked for near the newest. */
const committeesMax = 8
const rememberEvery = 16

export async function createBlockReader({ bls, memory }: BlockReaderParts): Promise<BlockReader> {
  const genesis = fieldsOf(await askRelay('/genesis'))
  const start = checkGenesis(decode(Genesis, bytesOf(genesis?.['genesis'])), bls)
  if (!start.ok) throw new Error(`the relay’s genesis is refused: ${start.error.code}`)
  const tips = new Map<number, LightTip>()
  const anchorName = String(genesis?.['hash'])
  const first = lightGenesis(start.value)
  const anchor = anchorFrom(memory.get('anchor'), anchorName, first) ?? first
  tips.set(anchor.epoch, anchor)
  let walking: Promise<unknown> = Promise.resolve()

  async function tipOf(epoch: number): Promise<LightTip> {
    for (;;) {
      const known = tips.get(epoch)
      if (known !== undefined) return known
      const newest = Math.max(...tips.keys())
      if (newest > epoch) throw new Error(`epoch ${epoch} is older than what is remembered`)
      const before = tips.get(newest)
      if (before === undefined) throw new Error('there is always a newest committee')
      const { tip, header } = await handedOver(before, bls)
      tips.set(tip.epoch, tip)
      tips.delete(tip.epoch - committeesMax)
      if (tip.epoch % rememberEvery === 0 || tip.epoch === epoch) remember(tip, header)
    }
  }

  function remember({ committee }: LightTip, header: Uint8Array): void {
    const anchor = { genesis: anchorName, header: textOf(header) }
    memory.set('anchor', JSON.stringify({ ...anchor, next: textOf(Committee.encode(committee)) }))
  }

  return async (block) => {
    // One walk at a time: two would ask for the same epochs.
    const walked = walking.then(() => tipOf(block.epoch))
    walking = walked.catch(() => undefined)
    const tip = await walked
    const full = block.body === undefined ? await fullBlock(block.height) : block
    const checked = await checkBlock(full, tip, bls)
    if (checked === undefined || hex(checked.verified.hash) !== block.hash) return undefined
    return summaryOf(checked)
  }
}

function summaryOf({ certified, verified, committee }: Checked): BlockSummary {
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

/** A boundary that this browser followed before; of another form than this one's: begin again. */
function anchorFrom(
  text: string | undefined,
  genesis: string,
  first: LightTip,
): LightTip | undefined {
  const fields = fieldsOf(parseText(text))
  const header = bytesOf(fields?.['header'])
  const bytes = bytesOf(fields?.['next'])
  if (fields?.['genesis'] !== genesis || header === undefined || bytes === undefined) return
  const next = decodeStrict(Committee, bytes, messageBytesMax)
  const { chainId, restartKey } = first
  const anchor = next.ok && lightAnchor({ chainId, restartKey, header, next: next.value })
  return anchor !== false && anchor.ok ? anchor.value : undefined
}

function textOf(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
}
