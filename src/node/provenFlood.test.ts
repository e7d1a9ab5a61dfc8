/** What one validator may make others verify (NET-6, ZK-4). */
import { describe, expect, it } from 'vitest'
import { blsBlst as bls } from '../adapters/crypto/blsBlst.ts'
import { nodeClock } from '../adapters/node/clock.ts'
import { u32be } from '../core/base/bytes.ts'
import { addBlock, createTestChain, testStartMs } from '../core/ledger/testChain.fixture.ts'
import { readyOf } from '../core/ledger/testDuty.fixture.ts'
import { attestOf, falseReviewOf } from '../core/ledger/testReviews.fixture.ts'
import type { DecodedTransaction } from '../core/ledger/transactionBytes.ts'
import type { Prover } from '../ports/prover.ts'
import { createDesks } from './desks.ts'
import { Mempool } from './mempool.ts'
import { ProofDesk } from './proofDesk.ts'
import { noProver } from './testNodes.fixture.ts'
import { TransactionDesk } from './transactionDesk.ts'

/** Nobody has judged anything. */
const start = createTestChain(bls, { validators: 5, seats: 4 })
addBlock(start, testStartMs)
const nowMs = testStartMs + 4_000

type Verdict = Awaited<ReturnType<Prover['verify']>>

function accusation(validator: number, index: number): DecodedTransaction {
  const ready = readyOf(start, 3, { proof: u32be(index) })
  return falseReviewOf(start, attestOf(start, validator, ready), ready)
}

class SlowVerifier {
  asked = 0
  readonly mempool: Mempool
  #answer: (verdict: Verdict) => void = () => undefined
  #verdict = new Promise<Verdict>((resolve) => {
    this.#answer = resolve
  })

  constructor() {
    const verify: Prover['verify'] = () => {
      this.asked += 1
      return this.#verdict
    }
    this.mempool = new Mempool(
      createDesks({ prover: { ...noProver, verify }, bls }, () => undefined),
    )
  }

  answer(verdict: Verdict): void {
    this.#answer(verdict)
  }

  /** A READY of that validator with bytes of its own in place of a proof. */
  add(validator: number, index: number): Promise<string> {
    return this.#add(readyOf(start, validator, { proof: u32be(index) }))
  }

  /** Evidence against that validator (E9), about such a proof that it attested. */
  accuse(validator: number, index: number): Promise<string> {
    return this.#add(accusation(validator, index))
  }

  async #add({ bytes }: DecodedTransaction): Promise<string> {
    const added = await this.mempool.add(bytes, start.state, nowMs)
    return added.ok ? 'ok' : added.error.code
  }
}

const invalid = { ok: false, error: { code: 'PROOF_INVALID' } } as const
const holds = { ok: true, value: undefined } as const

/** So that what is asked of the threads before the proof is answered. */
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20))

/** What a verifier is asked for a block of so many READYs. */
async function askedForBlock(
  count: number,
  verdict: Verdict,
  transactionOf = (index: number) => readyOf(start, 1, { proof: u32be(index) }),
): Promise<number> {
  let asked = 0
  const verify: Prover['verify'] = () => {
    asked += 1
    return Promise.resolve(verdict)
  }
  const desk = new ProofDesk({ ...noProver, verify }, () => undefined)
  const transactions = Array.from({ length: count }, (_, index) => transactionOf(index))
  await desk.verifyAll(start.state, transactions)
  return asked
}

/** A desk whose verifier has no time for the first `busy` questions. */
function deskOf(busy: number): { readonly desk: TransactionDesk; readonly refused: string[] } {
  let asked = 0
  return deskWith(() => {
    asked += 1
    return asked <= busy
  })
}

/** `after` runs it a little later. */
function deskWith(
  isBusy: () => boolean,
  after: (run: () => void) => () => void = (run) => nodeClock.after(1, run),
): ReturnType<typeof deskOf> {
  const verify: Prover['verify'] = () => {
    if (!isBusy()) return Promise.resolve(holds)
    return Promise.resolve({ ok: false, error: { code: 'PROVER_BUSY' } })
  }
  const refused: string[] = []
  const unused = undefined as never
  const desk = new TransactionDesk({
    onRefused: (code) => refused.push(code),
    onEvidence: () => undefined,
    mempool: new Mempool(createDesks({ prover: { ...noProver, verify }, bls }, () => undefined)),
    restart: unused,
    batches: unused,
    transport: unused,
    clock: { nowMs: () => nowMs, after: (_, run) => after(run) },
    chainId: start.genesis.chainId,
    state: () => start.state,
    nowMs: () => nowMs,
  })
  return { desk, refused }
}

describe('ZK-4: a block is judged in parts', () => {
  it('all of a good one; of one with false proofs no more than go together', async () => {
    expect(await askedForBlock(150, holds)).toBe(150)
    expect(await askedForBlock(150, invalid)).toBe(64)
  })

  it('evidence costs no more: an offence counts once, and a proof that holds is none', async () => {
    const against = (validators: number) => (index: number) => accusation(index % validators, index)
    expect(await askedForBlock(150, invalid, against(1))).toBe(1)
    expect(await askedForBlock(150, invalid, against(5))).toBe(5)
    expect(await askedForBlock(150, holds, against(1))).toBe(1)
  })
})

describe('ZK-4: gossip brings a READY once', () => {
  it('so it is judged again where the verifier had no time for it', async () => {
    const { desk, refused } = deskOf(3)
    expect(await desk.verdict(readyOf(start, 1).bytes)).toBe('accept')
    expect(refused).toEqual([])
  })

  it('also when somebody else has many that wait for the verifier', async () => {
    let isBusy = true
    const later: (() => void)[] = []
    const wait = (run: () => void): (() => void) => {
      later.push(run)
      return () => undefined
    }
    const { desk } = deskWith(() => isBusy, wait)
    const flood: ReturnType<TransactionDesk['verdict']>[] = []
    // Not all at once: those before have left the verifier and wait for their next turn.
    for (let index = 0; index < 70; index += 1) {
      flood.push(desk.verdict(readyOf(start, 1, { proof: u32be(index) }).bytes))
      if (index % 4 === 3) await settled()
    }
    await settled()
    const honest = desk.verdict(readyOf(start, 2).bytes)
    await settled()
    isBusy = false
    for (const run of later) run()
    expect(await honest).toBe('accept')
    const kept = (await Promise.all(flood)).filter((verdict) => verdict === 'accept')
    expect(kept).toHaveLength(4)
  })

  it('and given up in the end, with no word about who sent it', async () => {
    const { desk, refused } = deskOf(1000)
    expect(await desk.verdict(readyOf(start, 1).bytes)).toBe('ignore')
    expect(refused).toEqual(['READY_PROOF_UNVERIFIED'])
  })
})

describe('NET-6: who makes others verify pays for it', () => {
  it('a flood of READYs with false proofs leaves the verifier to others', async () => {
    const verifier = new SlowVerifier()
    const flood = Array.from({ length: 40 }, (_, index) => verifier.add(1, index))
    await settled()
    expect(verifier.asked).toBe(4)
    const honest = verifier.add(2, 0)
    await settled()
    expect(verifier.asked).toBe(5)
    verifier.answer(invalid)
    const codes = await Promise.all(flood)
    expect(codes.filter((code) => code === 'READY_PROOF_INVALID')).toHaveLength(4)
    expect(codes.filter((code) => code === 'MEMPOOL_FULL')).toHaveLength(36)
    expect(await honest).toBe('READY_PROOF_INVALID')
    // What was judged makes room.
    expect(await verifier.add(1, 99)).toBe('READY_PROOF_INVALID')
    expect(verifier.mempool.count).toBe(0)
  })

  it('so does a flood of evidence against oneself', async () => {
    const verifier = new SlowVerifier()
    const flood = Array.from({ length: 40 }, (_, index) => verifier.accuse(1, index))
    await settled()
    expect(verifier.asked).toBe(4)
    const honest = verifier.accuse(2, 100)
    await settled()
    expect(verifier.asked).toBe(5)
    verifier.answer(invalid)
    const codes = await Promise.all(flood)
    expect(codes.filter((code) => code === 'EVIDENCE_UNVERIFIED')).toHaveLength(36)
    expect(codes.filter((code) => code === 'ok')).toHaveLength(1)
    expect(await honest).toBe('ok')
  })

  it('of proofs that hold a few wait, and no more are verified', async () => {
    const verifier = new SlowVerifier()
    verifier.answer(holds)
    const codes: string[] = []
    for (let index = 0; index < 8; index += 1) codes.push(await verifier.add(1, index))
    const few = ['ok', 'ok', 'ok', 'ok']
    expect(codes).toEqual([...few, ...few.map(() => 'MEMPOOL_FULL')])
    expect(verifier.asked).toBe(4)
    expect(await verifier.add(2, 0)).toBe('ok')
    expect(verifier.mempool.count).toBe(5)
  })
})
