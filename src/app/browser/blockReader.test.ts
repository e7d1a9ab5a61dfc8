import { afterEach, describe, expect, it, vi } from 'vitest'
import { addMany, startChain, type CertifiedChain } from '../../../relay/archive/chain.fixture.ts'
import { blsBlst } from '../../adapters/crypto/blsBlst.ts'
import { hex } from '../../core/base/bytes.ts'
import { readHeader } from '../../core/chain/certified.ts'
import { Certificate, Committee, type CertifiedBlock } from '../../core/codec/chain.ts'
import { Genesis } from '../../core/codec/state.ts'
import { committees } from '../../core/ledger/tables.ts'
import { read } from '../../core/ledger/state.ts'
import type { FeedBlock, Memory } from '../services.ts'
import { createBlockReader } from './blockReader.ts'

/** What an honest relay answers about a chain; `lie` replaces an answer. */
function serve(chain: CertifiedChain, lie: Readonly<Record<string, unknown>> = {}): string[] {
  const asked: string[] = []
  const known = new Map<number, Committee>()
  for (let epoch = 0; epoch < 12; epoch += 1) {
    const committee = read(chain.chain.state, committees, epoch)
    if (committee !== undefined) known.set(epoch, committee)
  }
  vi.stubGlobal('fetch', (path: string) => {
    asked.push(path)
    const answer = lie[path] ?? answerTo(chain, known, path)
    return Promise.resolve(new Response(JSON.stringify(answer), { status: answer ? 200 : 404 }))
  })
  return asked
}

function answerTo(chain: CertifiedChain, known: ReadonlyMap<number, Committee>, path: string) {
  const [, kind, key] = path.split('/')
  if (kind === 'genesis') {
    return {
      chainId: chain.chain.genesis.chainId,
      hash: hex(chain.genesisHash),
      genesis: base64(Genesis.encode(chain.chain.genesis)),
    }
  }
  if (kind === 'blocks') return blockAnswer(chain, Number(key))
  const epoch = Number(key)
  const committee = known.get(epoch)
  if (committee === undefined) return undefined
  const boundaryHeight = chain.blocks.findLastIndex((block) => headerOf(block).epoch === epoch) + 1
  return { epoch, boundaryHeight, committee: base64(Committee.encode(committee)) }
}

function blockAnswer(chain: CertifiedChain, height: number) {
  const block = chain.blocks[height - 1]
  if (block?.certificate === undefined) return undefined
  const { epoch } = headerOf(block)
  return {
    height,
    epoch,
    hash: hex(verifiedOf(block).hash),
    header: base64(block.header),
    body: base64(block.body),
    certificate: base64(Certificate.encode(block.certificate)),
    path: '',
  }
}

function verifiedOf(block: CertifiedBlock) {
  const found = readHeader(block.header)
  if (!found.ok) throw new Error('the fixture makes headers')
  return found.value
}

function headerOf(block: CertifiedBlock) {
  return verifiedOf(block).header
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64')
}

function streamed(chain: CertifiedChain, height: number): FeedBlock {
  const block = chain.blocks[height - 1]
  if (block?.certificate === undefined) throw new Error('no such block')
  return {
    height,
    epoch: headerOf(block).epoch,
    hash: hex(verifiedOf(block).hash),
    header: block.header,
    body: undefined,
    certificate: Certificate.encode(block.certificate),
    path: new Uint8Array(0),
  }
}

function memory(): Memory & { readonly kept: Map<string, string> } {
  const kept = new Map<string, string>()
  return {
    kept,
    get: (key) => kept.get(key),
    set: (key, value) => {
      if (value === undefined) kept.delete(key)
      else kept.set(key, value)
    },
  }
}

const chain = startChain()
addMany(chain, 27)
const newest = streamed(chain, 27)

afterEach(() => {
  vi.unstubAllGlobals()
})

describe('UX-4 a block counts as verified when its certificate was checked here', () => {
  it('follows every hand-over from the genesis to the committee that signed', async () => {
    expect(newest.epoch).toBeGreaterThanOrEqual(3)
    serve(chain)
    const reader = await createBlockReader({ bls: blsBlst, memory: memory() })
    expect(await reader(newest)).toMatchObject({
      height: 27,
      verified: true,
      seatCount: 4,
      signers: [0, 1, 3],
      transactionCount: 0,
    })
  })

  it('goes on next time from where it got', async () => {
    const kept = memory()
    serve(chain)
    await (
      await createBlockReader({ bls: blsBlst, memory: kept })
    )(newest)
    const asked = serve(chain)
    const again = await createBlockReader({ bls: blsBlst, memory: kept })
    expect((await again(newest))?.verified).toBe(true)
    expect(asked).toEqual(['/genesis', '/blocks/27'])
  })

  it('believes no certificate of another block', async () => {
    const forged = {
      ...blockAnswer(chain, 27),
      certificate: base64(streamed(chain, 26).certificate),
    }
    serve(chain, { '/blocks/27': forged })
    const reader = await createBlockReader({ bls: blsBlst, memory: memory() })
    expect(await reader(newest)).toBeUndefined()
  })

  it('believes no block that has another hash than the stream said', async () => {
    serve(chain)
    const reader = await createBlockReader({ bls: blsBlst, memory: memory() })
    expect(await reader({ ...newest, hash: 'ab' })).toBeUndefined()
  })

  it('believes no committee that the boundary did not name', async () => {
    const other = read(chain.chain.state, committees, 2)
    if (other === undefined) throw new Error('the fixture has epoch 2')
    const seats = other.seats.map((seat) => ({ ...seat, power: 2 }))
    const committee = base64(Committee.encode({ ...other, seats }))
    serve(chain, { '/epochs/2': { epoch: 2, boundaryHeight: 1, committee } })
    const reader = await createBlockReader({ bls: blsBlst, memory: memory() })
    await expect(reader(newest)).rejects.toThrow('hand-over after epoch 1 does not hold')
  })

  it('starts from no genesis that no chain can start from', async () => {
    serve(chain, { '/genesis': { chainId: 'x', hash: 'ab', genesis: '' } })
    await expect(createBlockReader({ bls: blsBlst, memory: memory() })).rejects.toThrow('genesis')
  })
})
