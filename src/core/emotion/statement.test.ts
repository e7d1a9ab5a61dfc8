import { describe, expect, it } from 'vitest'
import { commitBaseline, enrolmentLeaf, nullifierKeyHash } from './commitments.ts'
import {
  emptyEnrolmentTree,
  enrolmentDepth,
  leafAt,
  pathOf,
  rootFromPath,
  setLeaf,
} from './enrolmentTree.ts'
import { bytesToField, fieldOrder, fieldToBytes, foldToField } from './field.ts'
import { baseFieldOrder, decodeProof, encodeProof } from './proofCodec.ts'
import { publicSignalNames, publicSignals, publicSignalValues } from './publicSignals.ts'
import { buildStatement } from './statement.ts'
import { commitUnchecked, testScenario } from './statement.fixture.ts'

const scenario = testScenario({ seed: 21 })

describe('ZK-1 public signals', () => {
  it('stand in the order of their names', () => {
    const values = publicSignalValues(scenario.publicInputs)
    expect(publicSignals(scenario.publicInputs)).toEqual(
      publicSignalNames.map((name) => values[name]),
    )
    expect(values.epoch).toBe(41n)
    expect(values.provenance).toBe(5n)
  })

  it('fold bytes below the order, apart for each kind', () => {
    const bytes = new Uint8Array(32).fill(255)
    const folded = (['chainId', 'beacon', 'identity'] as const).map((kind) =>
      foldToField(kind, bytes),
    )
    for (const value of folded) expect(value < 1n << 253n).toBe(true)
    expect(new Set(folded).size).toBe(3)
  })

  it('read field elements strictly', () => {
    expect(bytesToField(fieldToBytes(fieldOrder - 1n))).toEqual({
      ok: true,
      value: fieldOrder - 1n,
    })
    const order = Uint8Array.from(fieldToBytes(fieldOrder - 1n))
    order[31] = (order[31] ?? 0) + 1
    expect(bytesToField(order).ok).toBe(false)
    expect(bytesToField(new Uint8Array(31)).ok).toBe(false)
  })
})

describe('STATE-2 enrolment tree', () => {
  it('gives paths that lead to its root, and forgets a cleared leaf', () => {
    const { context, secrets } = scenario
    const leaf = enrolmentLeaf({
      identity: context.identity,
      nkHash: nullifierKeyHash(secrets.nullifierKey),
      baselineCommitment: commitBaseline(secrets.baseline, secrets.baselineSalt),
      consentVersion: context.consentVersion,
      credentialExpiryEpoch: context.credentialExpiryEpoch,
    })
    let tree = emptyEnrolmentTree
    for (const index of [0, 1, 5, (1 << enrolmentDepth) - 1]) {
      tree = setLeaf(tree, index, leaf + BigInt(index))
    }
    for (const index of [0, 1, 5, (1 << enrolmentDepth) - 1]) {
      expect(leafAt(tree, index)).toBe(leaf + BigInt(index))
      expect(rootFromPath(leaf + BigInt(index), pathOf(tree, index))).toBe(tree.root)
    }
    expect(rootFromPath(0n, pathOf(tree, 7))).toBe(tree.root)
    const same = setLeaf(setLeaf(tree, 7, leaf), 7, 0n)
    expect(same.root).toBe(tree.root)
    let empty = tree
    for (const index of [0, 1, 5, (1 << enrolmentDepth) - 1]) empty = setLeaf(empty, index, 0n)
    expect(empty).toEqual(emptyEnrolmentTree)
  })

  it('PRIV-5 commits to the baseline as the circuit does, and differently under each salt', () => {
    const { baseline, baselineSalt } = scenario.secrets
    expect(commitBaseline(baseline, baselineSalt)).toBe(commitUnchecked(baseline, baselineSalt))
    expect(commitBaseline(baseline, baselineSalt + 1n)).not.toBe(
      commitBaseline(baseline, baselineSalt),
    )
  })
})

describe('FIT-1 statement', () => {
  const codeOf = (changes: Partial<typeof scenario>): string | undefined => {
    const built = buildStatement({ ...scenario, ...changes })
    return built.ok ? undefined : built.error.code
  }

  it('is built for an eligible window, with the public inputs that the chain expects', () => {
    const built = buildStatement(scenario)
    expect(built.ok && built.value.publicInputs).toEqual(scenario.publicInputs)
    expect(built.ok && built.value.score.scoreBp).toBeGreaterThanOrEqual(7500)
  })

  it('is refused with a code for each reason', () => {
    const { context, secrets, window } = scenario
    expect(codeOf({ window: { ...window, firstOffsetTicks: 5000 } })).toBe('STATEMENT_QUALITY')
    expect(codeOf({ context: { ...context, thresholdBp: 10_000 } })).toBe('STATEMENT_SCORE')
    expect(codeOf({ context: { ...context, epoch: 161 } })).toBe('STATEMENT_CREDENTIAL')
    expect(codeOf({ context: { ...context, consentVersion: 2 } })).toBe('STATEMENT_ENROLMENT')
    expect(codeOf({ secrets: { ...secrets, baselineSalt: 1n } })).toBe('STATEMENT_ENROLMENT')
    const baseline = { ...secrets.baseline, hrSigmaCentiBpm: 10 }
    expect(codeOf({ secrets: { ...secrets, baseline } })).toBe('STATEMENT_BASELINE')
  })
})

describe('ZK-4 proof bytes', () => {
  // The generators of BN254: points as good as any for the codec.
  const proof = {
    a: [1n, 2n],
    b: [
      [
        10857046999023057135944570762232829481370756359578518086990519993285655852781n,
        11559732032986387107991004021392285783925812861821192530917403151452391805634n,
      ],
      [
        8495653923123431417604973247489272438418190587263600148770280649306958101930n,
        4082367875863433681332203403145435568316851327593401208105741076214120093531n,
      ],
    ],
    c: [1n, baseFieldOrder - 2n],
  } as const

  it('round-trips', () => {
    expect(decodeProof(encodeProof(proof))).toEqual({ ok: true, value: proof })
  })

  it('has one encoding: a coordinate at q is refused', () => {
    const bytes = encodeProof({ ...proof, a: [1n, 2n] })
    const shifted = (1n + baseFieldOrder).toString(16).padStart(64, '0')
    bytes.set(Uint8Array.from(Buffer.from(shifted, 'hex')), 0)
    expect(decodeProof(bytes)).toEqual({ ok: false, error: { code: 'PROOF_COORDINATE', index: 0 } })
  })

  it('refuses points off their curves, each by name', () => {
    const codeAt = (offset: number): unknown => {
      const bytes = encodeProof(proof)
      bytes[offset] = (bytes[offset] ?? 0) ^ 1
      const decoded = decodeProof(bytes)
      return decoded.ok ? undefined : decoded.error
    }
    expect(codeAt(31)).toEqual({ code: 'PROOF_POINT', point: 'a' })
    expect(codeAt(95)).toEqual({ code: 'PROOF_POINT', point: 'b' })
    expect(codeAt(223)).toEqual({ code: 'PROOF_POINT', point: 'c' })
  })
})
