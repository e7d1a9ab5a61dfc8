/** What a validator lets its proofs say of its score, with real proofs over real nodes (PRIV-5). */
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  ensureArtifacts,
  ensureTimeoutMs,
  projectRoot,
} from '../../circuits/tests/artifacts.fixture.ts'
import { testSigner } from '../../test/support/testSigner.ts'
import { blsBlst as bls } from '../adapters/crypto/blsBlst.ts'
import { nodeClock } from '../adapters/node/clock.ts'
import { createNodeProver } from '../adapters/node/prover.ts'
import { nodeRandom } from '../adapters/node/random.ts'
import { commitBaseline, nullifierKeyHash } from '../core/emotion/commitments.ts'
import { fieldToBytes } from '../core/emotion/field.ts'
import { scoreWindow } from '../core/emotion/score.ts'
import { claimedBp } from '../core/emotion/scoreMode.ts'
import { baselineOf, testScenario } from '../core/emotion/statement.fixture.ts'
import { read } from '../core/ledger/state.ts'
import { readyEntries } from '../core/ledger/tables.ts'
import type { ReadyEntry } from '../core/codec/state.ts'
import type { Pulse } from '../ports/pulse.ts'
import type { Prover } from '../ports/prover.ts'
import { keepBaseline } from './duty/baselineRecorder.ts'
import { enrolmentSecrets } from './duty/secrets.ts'
import { NodeService } from './service.ts'
import { TestNodes, troublesOf, until } from './testNodes.fixture.ts'

const real = createNodeProver({
  artifactsFolder: join(projectRoot, 'public/circuits'),
  allowsDevelopmentKeys: true,
})
let proven = 0
const prover: Prover = {
  ...real,
  prove: async (...asked) => {
    const made = await real.prove(...asked)
    proven += 1
    return made
  },
}

const own = 4
const proofSecret = new Uint8Array(32).fill(9)
const { window } = testScenario({ seed: 5 })
const baseline = baselineOf(window)

/** A heart that always beats as it did at rest. */
const pulse: Pulse = {
  provenance: 'simulated',
  cutLatest: (nowMs) => ({ ok: true, value: { ...window, startMs: nowMs - 60_000, endMs: nowMs } }),
  cutWindow: (endMs) => ({ ok: true, value: { ...window, startMs: endMs - 60_000, endMs } }),
  contiguousMs: () => 120_000,
  freshness: () => 'fresh',
}

let net: TestNodes | undefined
let service: NodeService | undefined

beforeAll(ensureArtifacts, ensureTimeoutMs)
afterAll(() => real.close())
afterEach(async () => {
  await service?.stop()
  await Promise.all(net?.running.slice(0, own).map(({ node }) => node.stop()) ?? [])
})

/** The fifth validator of a chain, with a baseline of its own. */
async function startPerson(nodes: TestNodes): Promise<NodeService> {
  const { nullifierKey, baselineSalt } = enrolmentSecrets(proofSecret, baseline)
  Object.assign(nodes.genesis.validators[own] ?? {}, {
    nkHash: fieldToBytes(nullifierKeyHash(nullifierKey)),
    baselineCommitment: fieldToBytes(commitBaseline(baseline, baselineSalt)),
  })
  nodes.prover = prover
  await Promise.all([0, 1, 2, 3].map((index) => nodes.start(index)))
  const { node } = await nodes.open(own)
  await keepBaseline(node.chain.store, nodeRandom, { proofSecret, baseline })
  const keys = nodes.keys[own]
  if (keys === undefined) throw new Error('the fifth validator has keys')
  const person = new NodeService({
    node,
    clock: nodeClock,
    random: nodeRandom,
    prover,
    createSigner: () => Promise.resolve(testSigner(bls, keys, { index: own, epochs: [0] })),
    faucet: undefined,
  })
  person.setPulse(pulse)
  await person.start()
  const seeds = { identitySeed: keys.seed, vrfSeed: keys.seed, networkSeed: keys.seed }
  await person.command({ type: 'scoreMode', mode: 'quantised' })
  await person.command({ type: 'unlock', keys: { ...seeds, proofSecret } })
  return person
}

describe('PRIV-5: a claim in steps of 500, on request', () => {
  it(
    'is accepted by every node; back to the threshold, a finer one that waits is not sent',
    async () => {
      const nodes = new TestNodes(60_000, {}, 5)
      net = nodes
      service = await startPerson(nodes)
      const { account } = nodes.keys[own] ?? {}
      if (account === undefined) throw new Error('the fifth validator has keys')
      const entries = (): readonly (ReadyEntry | undefined)[] =>
        nodes.running.map(({ node }) => read(node.chain.tip.state, readyEntries, account))
      const thresholdBp = nodes.genesis.parameters?.scoreMin ?? 0
      const { scoreBp } = scoreWindow(window, baseline, 'simulated')
      const claimBp = claimedBp('quantised', scoreBp, thresholdBp)
      expect(claimBp).toBeGreaterThan(thresholdBp)

      await until(() => entries().every((entry) => entry !== undefined), 150_000)
      expect(entries().map((entry) => entry?.score)).toEqual(Array(5).fill(claimBp))
      const { epoch = 0 } = nodes.running[0]?.node.chain ?? {}

      // Its READY for the epoch after is proven and waits.
      await until(() => proven >= 2, 90_000)
      await service.command({ type: 'scoreMode', mode: 'threshold' })
      const isLater = (): boolean => nodes.running.every(({ node }) => node.chain.epoch > epoch)
      await until(() => isLater() && entries().every((entry) => entry !== undefined), 200_000)
      expect(entries().map((entry) => entry?.score)).toEqual(Array(5).fill(thresholdBp))
      expect(proven).toBeGreaterThanOrEqual(3)
      expect(troublesOf(nodes.running)).toEqual([])
    },
    ensureTimeoutMs,
  )
})
