/** The fifth validator of a running chain, with a baseline and a heart of its own. */
import { testSigner } from '../../test/support/testSigner.ts'
import { blsBlst as bls } from '../adapters/crypto/blsBlst.ts'
import { nodeClock } from '../adapters/node/clock.ts'
import { nodeRandom } from '../adapters/node/random.ts'
import { commitBaseline, nullifierKeyHash } from '../core/emotion/commitments.ts'
import { fieldToBytes } from '../core/emotion/field.ts'
import type { ScoreMode } from '../core/emotion/scoreMode.ts'
import { baselineOf, testScenario } from '../core/emotion/statement.fixture.ts'
import type { Prover } from '../ports/prover.ts'
import type { Pulse } from '../ports/pulse.ts'
import { keepBaseline } from './duty/baselineRecorder.ts'
import { enrolmentSecrets } from './duty/secrets.ts'
import { NodeService } from './service.ts'
import type { TestNodes } from './testNodes.fixture.ts'

/** Its index. */
export const personIndex = 4

const proofSecret = new Uint8Array(32).fill(9)
export const { window: personWindow } = testScenario({ seed: 5 })
export const personBaseline = baselineOf(personWindow)

/** A heart that always beats as it did at rest. */
const pulse: Pulse = {
  provenance: 'simulated',
  cutLatest: (nowMs) => ({
    ok: true,
    value: { ...personWindow, startMs: nowMs - 60_000, endMs: nowMs },
  }),
  cutWindow: (endMs) => ({ ok: true, value: { ...personWindow, startMs: endMs - 60_000, endMs } }),
  contiguousMs: () => 120_000,
  freshness: () => 'fresh',
}

/** The four with seats judge with `prover`, and the person proves and judges with `own`. */
export async function startPerson(
  nodes: TestNodes,
  { prover, own = prover, mode }: { prover: Prover; own?: Prover; mode: ScoreMode },
): Promise<NodeService> {
  const { nullifierKey, baselineSalt } = enrolmentSecrets(proofSecret, personBaseline)
  Object.assign(nodes.genesis.validators[personIndex] ?? {}, {
    nkHash: fieldToBytes(nullifierKeyHash(nullifierKey)),
    baselineCommitment: fieldToBytes(commitBaseline(personBaseline, baselineSalt)),
  })
  nodes.prover = prover
  await Promise.all([0, 1, 2, 3].map((index) => nodes.start(index)))
  nodes.prover = own
  const { node } = await nodes.open(personIndex)
  await keepBaseline(node.chain.store, nodeRandom, { proofSecret, baseline: personBaseline })
  const keys = nodes.keys[personIndex]
  if (keys === undefined) throw new Error('the fifth validator has keys')
  const person = new NodeService({
    node,
    clock: nodeClock,
    random: nodeRandom,
    prover: own,
    createSigner: () => Promise.resolve(testSigner(bls, keys, { index: personIndex, epochs: [0] })),
    faucet: undefined,
  })
  person.setPulse(pulse)
  await person.start()
  const seeds = { identitySeed: keys.seed, vrfSeed: keys.seed, networkSeed: keys.seed }
  await person.command({ type: 'scoreMode', mode })
  await person.command({ type: 'unlock', keys: { ...seeds, proofSecret } })
  return person
}
