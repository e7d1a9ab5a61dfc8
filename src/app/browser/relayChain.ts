/**
 * The chain as a relay shows it, checked here (SYNC-2): the boundary that ends an epoch, and single
 * blocks, under the committee that was handed over or the one that a Restart named (RECOVER-1).
 */
import { equalBytes } from '../../core/base/bytes.ts'
import { ok, type Result } from '../../core/base/result.ts'
import {
  certificateEnv,
  readHeader,
  verifyCertified,
  type VerifiedBlock,
} from '../../core/chain/certified.ts'
import {
  followBoundary,
  withRestartVoters,
  type LightError,
  type LightTip,
} from '../../core/chain/lightClient.ts'
import { restartedEnv } from '../../core/chain/lightRestart.ts'
import { restartVotersBytesMax } from '../../core/chain/restartVoters.ts'
import { restartOpening } from '../../core/chain/restartOpening.ts'
import { Certificate, CertifiedBlock, Committee } from '../../core/codec/chain.ts'
import { decodeStrict, type MessageCodec } from '../../core/codec/strict.ts'
import { committeeRoot } from '../../core/committee/handOver.ts'
import type { BlsBackend } from '../../core/crypto/bls.ts'
import { bytesOf, countOf, feedBlockOf, fieldsOf } from '../feedText.ts'
import type { FeedBlock } from '../services.ts'
import { askRelay } from './relayApi.ts'

export const messageBytesMax = 1024 * 1024

export interface Checked {
  readonly certified: CertifiedBlock
  readonly verified: VerifiedBlock
  readonly committee: Committee
}

export async function fullBlock(height: number): Promise<FeedBlock> {
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

/** The boundary that ends an epoch, once it is checked, with the committee that it names. */
export async function handedOver(
  tip: LightTip,
  bls: BlsBackend,
): Promise<{ tip: LightTip; header: Uint8Array }> {
  const [ended, next] = await Promise.all([
    askRelay(`/epochs/${tip.epoch}`),
    askRelay(`/epochs/${tip.epoch + 1}`),
  ])
  const height = countOf(fieldsOf(ended)?.['boundaryHeight'])
  if (height === undefined) throw new Error(`epoch ${tip.epoch} has no boundary yet`)
  const block = certifiedOf(await fullBlock(height))
  // A restart puts its committee in the place of the one that was handed over (RECOVER-1).
  const named = fieldsOf(next)?.['handedOver'] ?? fieldsOf(next)?.['committee']
  const shown = {
    block,
    next: decode(Committee, bytesOf(named)),
    restart: await openingOf(tip, block, height),
  }
  const followed = await withVoters(tip, (trust) => followBoundary(trust, shown, bls))
  if (!followed.ok) throw new Error(`the hand-over after epoch ${tip.epoch} does not hold`)
  return { tip: followed.value, header: block.header }
}

/** Of tips that are remembered, with who restarted their epoch by stake, once that was asked. */
const known = new WeakMap<LightTip, LightTip>()

/** RECOVER-1: where stake restarted the epoch, the relay shows whose stake, and proves it. */
async function withVoters<T>(
  tip: LightTip,
  judge: (trust: LightTip) => Result<T, LightError>,
): Promise<Result<T, LightError>> {
  const judged = judge(known.get(tip) ?? tip)
  if (judged.ok || judged.error.code !== 'LIGHT_RESTART_VOTERS') return judged
  const answer = fieldsOf(await askRelay(`/epochs/${tip.epoch}/restart-voters`))
  const shown = bytesOf(answer?.['shown'], restartVotersBytesMax)
  const trust = withRestartVoters(tip, shown ?? new Uint8Array(0))
  if (!trust.ok) {
    throw new Error(`who restarted epoch ${tip.epoch} is not proven: ${trust.error.code}`)
  }
  known.set(tip, trust.value)
  return judge(trust.value)
}

/** The block that opened the committee of `block`, when it is not the one handed over. */
async function openingOf(
  tip: LightTip,
  block: CertifiedBlock,
  height: number,
): Promise<CertifiedBlock | undefined> {
  const read = readHeader(block.header)
  const isSame = read.ok && equalBytes(read.value.header.committeeRoot, rootOf(tip))
  if (!read.ok || isSame) return undefined
  const restarts = fieldsOf(await askRelay(`/epochs/${tip.epoch}`))?.['restarts']
  const heights = Array.isArray(restarts) ? restarts.map(countOf) : []
  const opening = heights.findLast((one) => one !== undefined && one <= height)
  return opening === undefined ? undefined : certifiedOf(await fullBlock(opening))
}

/** Undefined unless the committee of its epoch made it final, body and all. */
export async function checkBlock(
  block: FeedBlock,
  tip: LightTip,
  bls: BlsBackend,
): Promise<Checked | undefined> {
  const certified = certifiedOf(block)
  const opening = await openingOf(tip, certified, block.height)
  const env = opening
    ? await withVoters(tip, (trust) => restartedEnv(opening, trust, bls))
    : ok(certificateEnv(tip.chainId, tip.committee, bls))
  const verified = env.ok ? verifyCertified(env.value, certified) : env
  if (!verified.ok) return undefined
  const named = opening && restartOpening(opening.body)?.transaction.restart?.committee
  return { certified, verified: verified.value, committee: named ?? tip.committee }
}

function rootOf({ committee }: LightTip): Uint8Array {
  return committeeRoot(committee)
}

export function decode<T>(codec: MessageCodec<T>, bytes: Uint8Array | undefined): T {
  const decoded = decodeStrict(codec, bytes ?? new Uint8Array(0), messageBytesMax)
  if (!decoded.ok) throw new Error(`the relay’s bytes cannot be read: ${decoded.error.code}`)
  return decoded.value
}
