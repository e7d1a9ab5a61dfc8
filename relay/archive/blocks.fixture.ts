/**
 * Blocks for the tests of the archive's tables: linked to each other, with bytes that are not
 * parsed.
 */

import { createHash } from 'node:crypto'
import type { ArchiveBlock, ArchiveOrigin } from './rows.ts'

export function digest(text: string): Uint8Array {
  return Uint8Array.from(createHash('sha256').update(text).digest())
}

export const testOrigin: ArchiveOrigin = {
  chainId: 'emo-test',
  genesisHash: digest('genesis'),
  stateRoot: digest('state 0'),
  opens: [
    {
      epoch: 0,
      startMs: 1_000,
      committeeRoot: digest('committee 0'),
      committee: Uint8Array.of(1, 2),
      isHandedOver: true,
      seats: [
        {
          validator: digest('v0'),
          epochKey: new Uint8Array(48).fill(1),
          power: 1,
          peerId: 'p0',
          score: 9_000,
        },
        {
          validator: digest('v1'),
          epochKey: new Uint8Array(48).fill(2),
          power: 1,
          peerId: 'p1',
          score: 8_000,
        },
      ],
    },
  ],
  accounts: [{ id: digest('a'), balanceMicro: 10n ** 24n, nonce: 0 }],
  validators: [],
  leaves: [{ key: digest('k'), value: Uint8Array.of(1) }],
}

/** Blocks 1 … count; `branch` makes another chain with the same shape. */
export function testBlocks(count: number, branch = 'main'): readonly ArchiveBlock[] {
  const blocks: ArchiveBlock[] = []
  for (let height = 1; height <= count; height += 1) {
    const parent = blocks.at(-1)?.hash ?? testOrigin.genesisHash
    blocks.push(testBlock(height, parent, branch))
  }
  return blocks
}

export function testBlock(height: number, parent: Uint8Array, branch: string): ArchiveBlock {
  const name = `${branch} ${String(height)}`
  return {
    height,
    hash: digest(name),
    parent,
    epoch: Math.floor(height / 10),
    view: height,
    timeMs: 1_000 + height * 500,
    seat: height % 4,
    proposer: digest(`v${String(height % 4)}`),
    isBoundary: height % 10 === 9,
    signers: Uint8Array.of(0b1011),
    signerCount: 3,
    header: Buffer.from(`header ${name}`),
    body: Buffer.from(`body ${name}`),
    certificate: Buffer.from(`certificate ${name}`),
    path: new Uint8Array(0),
    transactions: [
      {
        hash: digest(`tx ${name}`),
        kind: 'transfer',
        sender: digest('a'),
        nonce: height,
        bytes: Buffer.from(`tx ${name}`),
      },
    ],
    accounts: [
      { id: digest('a'), balanceMicro: 10n ** 24n - BigInt(height), nonce: height },
      { id: digest(`b${String(height)}`), balanceMicro: 1n, nonce: 0 },
    ],
    validators: [
      {
        id: digest(`v${String(height % 4)}`),
        status: 'active',
        bondedMicro: 10n ** 10n,
        unbondingMicro: 0n,
        reputation: 5_000 + height,
        uptime: 10_000,
        jailedUntilEpoch: 0,
        registeredEpoch: 0,
      },
    ],
    opens: [],
    ready: [],
    evidence: [],
    leaves: [
      { key: digest('k'), value: Uint8Array.of(height & 255) },
      { key: digest(`gone ${String(height - 1)}`), value: undefined },
      { key: digest(`gone ${String(height)}`), value: Uint8Array.of(1) },
    ],
    stateRoot: digest(`state ${name}`),
  }
}
