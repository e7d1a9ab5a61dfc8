/** The fifth validator of a running chain, who rested and whose heart beats: real proofs of it. */
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll } from 'vitest'
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
import { baselineOf, testScenario } from '../core/emotion/statement.fixture.ts'
import type { Prover } from '../ports/prover.ts'
import type { Pulse } from '../ports/pulse.ts'
import { keepBaseline } from './duty/baselineRecorder.ts'
import { enrolmentSecrets } from './duty/secrets.ts'
import type { Node } from './node.ts'
import { NodeService } from './service.ts'
import { TestNodes } from './testNodes.fixture.ts'

const own = 4
const proofSecret = new Uint8Array(32).fill(9)

export const { window: restWindow } = testScenario({ seed: 5 })
export const restBaseline = baselineOf(restWindow)

/** A heart that always beats as it did at rest. */
export const restPulse: Pulse = {
  provenance: 'simulated',
  cutLatest: (nowMs) => ({
    ok: true,
    value: { ...restWindow, startMs: nowMs - 60_000, endMs: nowMs },
  }),
  cutWindow: (endMs) => ({
    ok: true,
    value: { ...restWindow, startMs: endMs - 60_000, endMs },
  }),
  contiguousMs: () => 120_000,
  freshness: () => 'fresh',
}

/** The real prover, which counts what it was asked for and what it made. */
export class CountingProver implements Prover {
  asked = 0
  made = 0
  readonly #real = createNodeProver({
    artifactsFolder: join(projectRoot, 'public/circuits'),
    allowsDevelopmentKeys: true,
  })
  readonly verify: Prover['verify'] = (...asked) => this.#real.verify(...asked)

  prove: Prover['prove'] = async (...asked) => {
    this.asked += 1
    const proof = await this.#real.prove(...asked)
    this.made += 1
    return proof
  }

  close(): Promise<void> {
    return this.#real.close()
  }
}

export interface Person {
  readonly nodes: TestNodes
  readonly node: Node
  readonly service: NodeService
  readonly account: Uint8Array
  readonly unlock: () => Promise<void>
}

/** Gives what starts them; called once, at the top of a file. What was started is stopped again. */
export function preparePerson(
  prover: CountingProver,
): (epochMs: number, ownProver?: Prover) => Promise<Person> {
  let started: { readonly nodes: TestNodes; person?: Person } | undefined
  beforeAll(ensureArtifacts, ensureTimeoutMs)
  afterAll(() => prover.close())
  afterEach(async () => {
    await started?.person?.service.stop()
    await Promise.all(started?.nodes.running.slice(0, own).map(({ node }) => node.stop()) ?? [])
  })
  return async (epochMs, ownProver = prover) => {
    started = { nodes: new TestNodes(epochMs, {}, own + 1) }
    started.person = await startPerson(started.nodes, prover, ownProver)
    return started.person
  }
}

/**
 * Starts all five; the fifth has a baseline, no sensor yet, and its keys are locked. The four
 * judge with `prover`; the fifth proves and judges with `ownProver`.
 */
async function startPerson(nodes: TestNodes, prover: Prover, ownProver: Prover): Promise<Person> {
  const { nullifierKey, baselineSalt } = enrolmentSecrets(proofSecret, restBaseline)
  Object.assign(nodes.genesis.validators[own] ?? {}, {
    nkHash: fieldToBytes(nullifierKeyHash(nullifierKey)),
    baselineCommitment: fieldToBytes(commitBaseline(restBaseline, baselineSalt)),
  })
  nodes.prover = prover
  await Promise.all([0, 1, 2, 3].map((index) => nodes.start(index)))
  nodes.prover = ownProver
  const { node } = await nodes.open(own)
  await keepBaseline(node.chain.store, nodeRandom, { proofSecret, baseline: restBaseline })
  const keys = nodes.keys[own]
  if (keys === undefined) throw new Error('the fifth validator has keys')
  const service = new NodeService({
    node,
    clock: nodeClock,
    random: nodeRandom,
    prover: ownProver,
    createSigner: () => Promise.resolve(testSigner(bls, keys, { index: own, epochs: [0] })),
    faucet: undefined,
  })
  await service.start()
  const seeds = { identitySeed: keys.seed, vrfSeed: keys.seed, networkSeed: keys.seed }
  const unlock = async (): Promise<void> => {
    await service.command({ type: 'unlock', keys: { ...seeds, proofSecret } })
  }
  return { nodes, node, service, account: keys.account, unlock }
}
