/**
 * E9 with real proofs and the real verifier: who verified what he signed is convicted by nobody,
 * and who did not is, on every node.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  ensureArtifacts,
  ensureTimeoutMs,
  projectRoot,
} from '../../../circuits/tests/artifacts.fixture.ts'
import { unwrap } from '../../../test/support/unwrap.ts'
import { rerandomised, type Delta } from '../../../workers/prover/pairing/rerandomised.fixture.ts'
import { blsBlst as bls } from '../../adapters/crypto/blsBlst.ts'
import { createNodeProver } from '../../adapters/node/prover.ts'
import { EvidenceKind, ReviewedStatement, type Attest } from '../../core/codec/chain.ts'
import { decodeProof, encodeProof } from '../../core/emotion/proofCodec.ts'
import type { EmotionalPublicInputs } from '../../core/emotion/publicSignals.ts'
import { testScenario } from '../../core/emotion/statement.fixture.ts'
import { buildStatement } from '../../core/emotion/statement.ts'
import { circuitChainId, proofKeyBytes } from '../../core/ledger/readyStatement.ts'
import { reviewedStatementOf } from '../../core/ledger/reviewedStatement.ts'
import {
  addBlock,
  createTestChain,
  signed,
  testStartMs,
  unsigned,
} from '../../core/ledger/testChain.fixture.ts'
import { keysOf } from '../../core/ledger/testDuty.fixture.ts'
import type { DecodedTransaction } from '../../core/ledger/transactionBytes.ts'
import type { Prover } from '../../ports/prover.ts'
import { createDesks } from '../desks.ts'
import { Mempool } from '../mempool.ts'
import { noProver } from '../testNodes.fixture.ts'

const chain = createTestChain(bls, { validators: 5, seats: 4 })
addBlock(chain, testStartMs)
const artifactsFolder = join(projectRoot, 'public/circuits')
const prover = createNodeProver({ artifactsFolder, allowsDevelopmentKeys: true })
const none = new Uint8Array(0)

let proof: Uint8Array = none
let inputs: EmotionalPublicInputs
/** Another proof of the same statement, as anybody makes it. */
let remade: Uint8Array = none

beforeAll(async () => {
  await ensureArtifacts()
  const scenario = testScenario({ seed: 5, epoch: 1 })
  const context = { ...scenario.context, chainId: circuitChainId(chain.state) }
  const { circuitInput, publicInputs } = unwrap(buildStatement({ ...scenario, context }))
  inputs = publicInputs
  proof = unwrap(await prover.prove({ circuitInput, publicInputs }))
  const file = join(artifactsFolder, 'emotional_proof.vkey.json')
  const key = JSON.parse(readFileSync(file, 'utf8')) as { readonly vk_delta_2: Delta }
  remade = encodeProof(rerandomised(unwrap(decodeProof(proof)), key.vk_delta_2, () => 12_345n))
}, ensureTimeoutMs)

afterAll(() => prover.close())

function attestOf(about: EmotionalPublicInputs, bytes: Uint8Array): DecodedTransaction {
  const attest: Attest = {
    epoch: about.epoch,
    validator: about.identity,
    proofKey: proofKeyBytes(bytes, about),
  }
  return signed(chain, keysOf(chain, 1), { attest })
}

/** What a node that is told so answers. */
async function accuse(
  attest: DecodedTransaction,
  about: EmotionalPublicInputs,
  second: Uint8Array,
  verifier: Prover = prover,
): Promise<string> {
  const statement = ReviewedStatement.encode(reviewedStatementOf(about))
  const unused = { header: none, justification: none, parentHeader: none }
  const kind = EvidenceKind.E9_FALSE_REVIEW
  const evidence = { kind, first: attest.bytes, second, statement, ...unused }
  const mempool = new Mempool(createDesks({ prover: verifier, bls }, () => undefined))
  const { bytes } = unsigned(chain, { evidence })
  const added = await mempool.add(bytes, chain.state, testStartMs + 5_000)
  return added.ok ? 'ok' : added.error.code
}

const broken = (bytes: Uint8Array): Uint8Array => encodeProof(swapped(bytes))

/** Points of the curve, and no proof. */
function swapped(bytes: Uint8Array): Parameters<typeof encodeProof>[0] {
  const { a, b, c } = unwrap(decodeProof(bytes))
  return { a: c, b, c: a }
}

describe('E9 with real proofs (ZK-4)', () => {
  it('an honest reviewer is framed by no proof: made again, broken, read otherwise', async () => {
    expect(await prover.verify(proof, inputs)).toMatchObject({ ok: true })
    expect(await prover.verify(remade, inputs)).toMatchObject({ ok: true })
    const attest = attestOf(inputs, proof)
    expect(await accuse(attest, inputs, proof)).toBe('EVIDENCE_PROOF_HOLDS')
    for (const bytes of [remade, broken(proof), broken(remade), proof.map((byte) => byte ^ 1)]) {
      expect(await accuse(attest, inputs, bytes)).toBe('EVIDENCE_INVALID')
    }
    const others: readonly Partial<EmotionalPublicInputs>[] = [
      { nullifier: inputs.nullifier + 1n },
      { enrolmentRoot: 5n },
      { beacon: new Uint8Array(32) },
      { thresholdBp: inputs.thresholdBp + 1 },
      { provenance: 'strap' },
      { scoreMode: 'quantised' },
      { stateAfter: inputs.stateAfter + 1n },
      { stateBefore: 1n },
      { missedEpochs: 1 },
    ]
    for (const change of others) {
      const about = { ...inputs, ...change }
      expect(await prover.verify(proof, about)).toMatchObject({ ok: false })
      expect(await accuse(attest, about, proof)).toBe('EVIDENCE_INVALID')
    }
  })

  it('who attests unverified is convicted, also of true bytes of something else', async () => {
    for (const bytes of [broken(proof), new Uint8Array(256), Uint8Array.of(1)]) {
      expect(await accuse(attestOf(inputs, bytes), inputs, bytes)).toBe('ok')
    }
    const about = { ...inputs, nullifier: inputs.nullifier + 1n }
    expect(await accuse(attestOf(about, proof), about, proof)).toBe('ok')
    expect(await accuse(attestOf(inputs, remade), inputs, remade)).toBe('EVIDENCE_PROOF_HOLDS')
  })

  it('where the verifier cannot answer nobody is judged', async () => {
    const crashed = { ok: false, error: { code: 'PROVER_CRASHED', reason: 'memory' } } as const
    const dead = { ...noProver, verify: () => Promise.resolve(crashed) }
    const bytes = broken(proof)
    expect(await accuse(attestOf(inputs, bytes), inputs, bytes, dead)).toBe('EVIDENCE_UNVERIFIED')
  })
})
