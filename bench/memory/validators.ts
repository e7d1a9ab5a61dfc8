/**
 * The validators of a devnet in this process, put together as `relay/devnet/validator.ts` does:
 * keys, stores of files, proofs, duty and agreement are those of a devnet. Messages go from one to
 * the other in memory, and the threads for proofs, signatures and the sharing serve all of them.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDevnet } from '../../relay/devnet/createDevnet.ts'
import { heartOf } from '../../relay/devnet/heart.ts'
import { devnetLayout, type ValidatorLayout } from '../../relay/devnet/layout.ts'
import { root } from '../../scripts/lib/run.ts'
import { blsBlst } from '../../src/adapters/crypto/blsBlst.ts'
import { peerIdOfSeed } from '../../src/adapters/network/peerIdOfSeed.ts'
import { nodeClock } from '../../src/adapters/node/clock.ts'
import { openFileStore } from '../../src/adapters/node/fileStore.ts'
import { openKeyFile } from '../../src/adapters/node/keyFile.ts'
import { createNodeProver } from '../../src/adapters/node/prover.ts'
import { nodeRandom } from '../../src/adapters/node/random.ts'
import { createNodeSharingWork } from '../../src/adapters/node/sharingWork.ts'
import { createNodeSignatureVerifier } from '../../src/adapters/node/signatureVerifier.ts'
import { BeatBuffer } from '../../src/adapters/sensors/beatBuffer.ts'
import { SimulatedHeart } from '../../src/adapters/sensors/simulatedHeart.ts'
import type { Genesis } from '../../src/core/codec/state.ts'
import { ed25519PublicKey } from '../../src/core/crypto/ed25519.ts'
import { createKeySigner } from '../../src/node/keySigner.ts'
import { Node } from '../../src/node/node.ts'
import { NodeService } from '../../src/node/service.ts'
import { cryptoOf, type SharingCrypto } from '../../src/node/sharing/crypto.ts'
import type { Prover } from '../../src/ports/prover.ts'
import type { Pulse } from '../../src/ports/pulse.ts'
import type { SignatureVerifier } from '../../src/ports/signatureVerifier.ts'
import { MemoryNetwork } from '../../test/sim/memoryTransport.ts'

export const validatorCount = 4
/** Until all of them are up. */
const startsInMs = 5_000
/** One-way, as between two tabs of one town. */
const delayMs = 2

/** Blocks as fast as the bounds of the parameters allow (params.ts), in short epochs. */
const params = { epochMs: 15_000, blockIntervalMs: 20, timePastMs: 5_000, postQuantumBlocks: 500 }

export interface Validator {
  readonly node: Node
  readonly service: NodeService
  readonly account: Uint8Array
  readonly heart: SimulatedHeart
}

export interface Validators {
  readonly all: readonly Validator[]
  /** What they told of each other and of themselves that must not happen. */
  readonly troubles: readonly string[]
  stop(): Promise<void>
}

/** The least that the rule allows, 40 epochs: ten minutes here, and old blocks go (SYNC-4). */
const retention = { blockEpochs: 40 }

interface Shared {
  readonly genesis: Genesis
  readonly network: MemoryNetwork
  readonly prover: Prover
  readonly signatures: SignatureVerifier
  readonly sharing: SharingCrypto
}

export async function startValidators(): Promise<Validators> {
  const folder = await mkdtemp(join(tmpdir(), 'emo-memory-'))
  const startMs = Date.now() + startsInMs
  const genesis = await createDevnet({
    folder,
    validators: validatorCount,
    startMs,
    params,
    // These hearts answer no challenge: epochs of 15 s leave a second window no time.
    grantedCredentialEpochs: 10_000_000,
  })
  const network = new MemoryNetwork()
  network.delayMs = delayMs
  const prover = createNodeProver({
    artifactsFolder: join(root, 'public/circuits'),
    allowsDevelopmentKeys: true,
  })
  const [signatures, work] = [createNodeSignatureVerifier(), createNodeSharingWork()]
  const shared = { genesis, network, prover, signatures, sharing: cryptoOf(work) }
  const all: Validator[] = []
  const troubles: string[] = []
  for (let index = 0; index < validatorCount; index += 1) {
    const one = await startValidator(devnetLayout(folder).validator(index), shared)
    one.node.events.on((event) => {
      if (event.type === 'alarm') troubles.push(event.code)
      if (event.type === 'evidence') troubles.push(`evidence of ${event.contradiction.kind}`)
      if (event.type === 'failure') troubles.push(String(event.error))
    })
    all.push(one)
  }
  return {
    all,
    troubles,
    async stop() {
      await Promise.all(all.map(({ service }) => service.stop()))
      await Promise.all(all.map(({ heart }) => heart.stop()))
      await Promise.all([prover.close(), signatures.close(), work.close()])
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function startValidator(layout: ValidatorLayout, shared: Shared): Promise<Validator> {
  const { genesis, network, prover, signatures, sharing } = shared
  const opened = await openKeyFile(layout.keyFile, nodeRandom)
  if (!opened.ok) throw new Error(opened.error.code)
  const keys = opened.value
  const store = await openFileStore(layout.store)
  const transport = network.attach(await peerIdOfSeed(keys.networkSeed))
  const base = { clock: nodeClock, prover, bls: blsBlst, signatures, sharing }
  const node = await Node.open({ genesis, store, transport, ...base, retention })
  if (!node.ok) throw new Error(node.error.code)
  const service = new NodeService({
    node: node.value,
    random: nodeRandom,
    ...base,
    createSigner: (unlocked) =>
      Promise.resolve(createKeySigner({ keys: unlocked, store, bls: blsBlst, random: nodeRandom })),
    faucet: undefined,
  })
  const account = ed25519PublicKey(keys.identitySeed)
  const heart = new SimulatedHeart(nodeClock, heartOf(account))
  service.setPulse(pulseOf(heart))
  await heart.start()
  await service.start()
  await service.command({ type: 'unlock', keys })
  return { node: node.value, service, account, heart }
}

function pulseOf(heart: SimulatedHeart): Pulse {
  const buffer = new BeatBuffer()
  heart.onEvent((event) => {
    if (event.kind === 'beats') buffer.add(event)
  })
  return {
    provenance: heart.provenance,
    cutLatest: (nowMs) => buffer.cutLatest(nowMs),
    cutWindow: (endMs) => buffer.cutWindow(endMs),
    contiguousMs: (nowMs) => buffer.contiguousMs(nowMs),
    freshness: (nowMs) => buffer.freshness(nowMs),
  }
}
