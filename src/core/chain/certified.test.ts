import { describe, expect, it } from 'vitest'
import { blsBlst as bls } from '../../adapters/crypto/blsBlst.ts'
import { headerBytesMax } from '../committee/proposalFault.ts'
import { readSingle } from '../ledger/state.ts'
import { epochRecord } from '../ledger/tables.ts'
import { certificateEnv, pathBytes, pathHeadersMax, verifyCertified } from './certified.ts'
import { CertifiedChain, type Held } from './certifiedChain.fixture.ts'

/** What a node says to a block whose certificate is of the last of `tails` headers above it. */
function codeOf(
  tails: number,
  change: (path: Uint8Array[]) => Uint8Array[] = (path) => path,
): string {
  const chain = new CertifiedChain(bls)
  const startMs = readSingle(chain.chain.state, epochRecord).boundaryMs + 2_000
  const { block, committee, header }: Held = chain.add(startMs, [], tails)
  expect(block.path).toHaveLength(tails)
  const env = certificateEnv(header.chainId, committee, bls)
  const verified = verifyCertified(env, { ...block, path: change(block.path) })
  return verified.ok ? 'ok' : verified.error.code
}

describe('SYNC-1, BFT-7: blocks that became final together, by one late certificate', () => {
  it('are believed however many views went by, up to what fits half an answer', () => {
    expect(codeOf(0)).toBe('ok')
    expect(codeOf(64)).toBe('ok')
    expect(codeOf(700)).toBe('ok')
    expect(codeOf(pathHeadersMax)).toBe('ok')
    expect(codeOf(pathHeadersMax + 1)).toBe('BLOCK_PATH_TOO_LONG')
    expect(pathHeadersMax * headerBytesMax).toBe(2 * 1024 * 1024)
  })

  it('are refused with a gap anywhere in the headers between', () => {
    for (const index of [0, 350, 699]) {
      const refusal = index === 699 ? 'BLOCK_UNCERTIFIED' : 'BLOCK_PATH_BROKEN'
      expect(codeOf(700, (path) => path.toSpliced(index, 1))).toBe(refusal)
    }
  })

  it('take the bytes of their headers', () => {
    expect(pathBytes({ path: [new Uint8Array(3), new Uint8Array(4)] })).toBe(7)
  })
})
