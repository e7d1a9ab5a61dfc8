/**
 * A rehearsal validator: the node of the page in a Node process, with a simulated heart that is
 * labelled as such everywhere (SENS-4), real proofs and real votes.
 *
 *   node dist/relay/validator.js --devnet FOLDER --index N --relay MULTIADDR
 *
 * `--checkpoint TEXT` begins with a checkpoint of somebody trusted (SYNC-1). SIGTERM stops it in
 * order; SIGUSR2 lets it serve the seat that it holds, and then stops it.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { pino, type Logger } from 'pino'
import { blsBlst } from '../../src/adapters/crypto/blsBlst.ts'
import { createNodeTransport } from '../../src/adapters/network/nodeTransport.ts'
import { nodeClock } from '../../src/adapters/node/clock.ts'
import { openFileStore } from '../../src/adapters/node/fileStore.ts'
import { openKeyFile } from '../../src/adapters/node/keyFile.ts'
import { createNodeProver } from '../../src/adapters/node/prover.ts'
import { nodeRandom } from '../../src/adapters/node/random.ts'
import { createNodeSharingWork } from '../../src/adapters/node/sharingWork.ts'
import { createNodeSignatureVerifier } from '../../src/adapters/node/signatureVerifier.ts'
import { takeSignerLockFile } from '../../src/adapters/node/signerLockFile.ts'
import { BeatBuffer } from '../../src/adapters/sensors/beatBuffer.ts'
import { SimulatedHeart } from '../../src/adapters/sensors/simulatedHeart.ts'
import { hex } from '../../src/core/base/bytes.ts'
import type { Result } from '../../src/core/base/result.ts'
import { anchorOfText, anchorText } from '../../src/core/checkpoint/anchorText.ts'
import { ed25519PublicKey } from '../../src/core/crypto/ed25519.ts'
import { checkGenesis } from '../../src/core/ledger/genesis/checkGenesis.ts'
import { parseGenesis } from '../../src/core/ledger/genesis/genesisFile.ts'
import { checkGivenAnchor } from '../../src/node/givenAnchor.ts'
import { createKeySigner } from '../../src/node/keySigner.ts'
import { Node } from '../../src/node/node.ts'
import { ownAnchor } from '../../src/node/ownAnchor.ts'
import { NodeService } from '../../src/node/service.ts'
import type { Pulse } from '../../src/ports/pulse.ts'
import { projectRoot } from '../root.ts'
import { heartOf } from './heart.ts'
import { devnetLayout } from './layout.ts'
import { cryptoOf } from '../../src/node/sharing/crypto.ts'

const { values } = parseArgs({
  options: {
    devnet: { type: 'string' },
    index: { type: 'string' },
    relay: { type: 'string', multiple: true },
    circuits: { type: 'string' },
    checkpoint: { type: 'string' },
    'log-level': { type: 'string', default: 'info' },
  },
})

const index = Number(values.index ?? '0')
const log = pino({ name: `validator-${String(index)}`, level: values['log-level'] })

function need<T, E extends { readonly code: string }>(result: Result<T, E>): T {
  if (result.ok) return result.value
  log.fatal({ error: result.error }, result.error.code)
  process.exit(1)
}

async function main(): Promise<void> {
  const layout = devnetLayout(values.devnet ?? join(projectRoot, '.emo', 'devnet'))
  const own = layout.validator(index)
  const lock = need(await takeSignerLockFile(own.folder))
  const genesis = need(parseGenesis(await readFile(layout.genesis, 'utf8')))
  need(checkGenesis(genesis, blsBlst))
  const keys = need(await openKeyFile(own.keyFile, nodeRandom))
  const store = await openFileStore(own.store)
  const transport = await createNodeTransport({
    chainId: genesis.chainId,
    peerSeed: keys.networkSeed,
    relays: values.relay ?? [],
    clock: nodeClock,
    random: nodeRandom,
  })
  const prover = createNodeProver({
    // The files that were built together with this program.
    artifactsFolder: values.circuits ?? join(projectRoot, 'dist', 'web', 'circuits'),
    allowsDevelopmentKeys: genesis.devnet?.developmentProofKeys ?? false,
  })
  const [signatures, work] = [createNodeSignatureVerifier(), createNodeSharingWork()]
  const sharing = cryptoOf(work)
  const base = { clock: nodeClock, prover, bls: blsBlst, signatures, sharing }
  const { checkpoint: text } = values
  const checkpoint = text === undefined ? undefined : need(anchorOfText(text, genesis.chainId))
  const given = checkpoint && { checkpoint }
  const node = need(await Node.open({ genesis, store, transport, ...base, ...given }))
  if (checkpoint) need(checkGivenAnchor(checkpoint, node.chain, nodeClock.nowMs()))
  const service = new NodeService({
    node,
    random: nodeRandom,
    ...base,
    createSigner: (unlocked) =>
      Promise.resolve(createKeySigner({ keys: unlocked, store, bls: blsBlst, random: nodeRandom })),
    faucet: undefined,
  })
  report(node, service, log)
  service.setPulse(await startHeart(ed25519PublicKey(keys.identitySeed)))
  await service.start()
  await service.command({ type: 'unlock', keys })
  log.info({ peer: transport.self, addresses: transport.addresses() }, 'running')
  const stop = async (): Promise<void> => {
    await service.stop()
    await prover.close()
    await signatures.close()
    await work.close()
    await lock.release()
  }
  stopOnSignal(stop)
  leaveOnSignal(node, service, stop)
}

async function startHeart(identity: Uint8Array): Promise<Pulse> {
  const heart = new SimulatedHeart(nodeClock, heartOf(identity))
  const buffer = new BeatBuffer()
  heart.onEvent((event) => {
    if (event.kind === 'beats') buffer.add(event)
  })
  await heart.start()
  return {
    provenance: heart.provenance,
    cutLatest: (nowMs) => buffer.cutLatest(nowMs),
    cutWindow: (endMs) => buffer.cutWindow(endMs),
    contiguousMs: (nowMs) => buffer.contiguousMs(nowMs),
    freshness: (nowMs) => buffer.freshness(nowMs),
  }
}

function report(node: Node, service: NodeService, logger: Logger): void {
  node.events.on((event) => {
    switch (event.type) {
      case 'final': {
        const { height, epoch, hash } = event.block
        logger.debug({ height, epoch, hash: hex(hash) }, 'final')
        return
      }
      case 'epoch': {
        const { epoch, seat, committee, abstains } = event.running
        const { lastProof, duty, sensor } = service.snapshot()
        const { length: seats } = committee.seats
        logger.info(
          { epoch, seat, seats, abstains, duty, lastProof, score: sensor?.score },
          'epoch',
        )
        return
      }
      case 'checkpoint': {
        const own = ownAnchor(node.chain.chainId, node.chain.tip.state)
        const { number } = event.content
        logger.info({ number, checkpoint: own && anchorText(own.held) }, 'checkpoint')
        return
      }
      case 'alarm':
        logger.fatal(
          { code: event.code, view: event.view, culprits: event.culprits },
          'signing stopped',
        )
        return
      case 'evidence':
        logger.warn({ kind: event.contradiction.kind, seat: event.contradiction.seat }, 'evidence')
        return
      case 'notice':
        logger.info(event.text)
        return
      case 'failure':
        // A validator that cannot store or trust itself ends; the next start reads what is durable.
        logger.fatal({ err: event.error }, 'the node failed')
        process.exit(1)
        break
      default:
    }
  })
}

/** The first signal stops in order, a second one at once. */
function stopOnSignal(stop: () => Promise<void>): void {
  let isStopping = false
  const onSignal = (): void => {
    if (isStopping) process.exit(1)
    isStopping = true
    void stop().then(() => process.exit(0))
  }
  process.on('SIGTERM', onSignal)
  process.on('SIGINT', onSignal)
  // The parent of a devnet ended without a signal.
  process.on('disconnect', onSignal)
}

/**
 * Announces its absence, serves to the end of its seat, and stops when the next committee has made
 * a block final: until then this node may be the only one that holds the hand-over (EVID-2,
 * EPOCH-2).
 */
function leaveOnSignal(node: Node, service: NodeService, stop: () => Promise<void>): void {
  process.once('SIGUSR2', () => {
    log.info('leaving after this service')
    const stopWatching = node.events.on((event) => {
      const { running } = node
      const isDone = running !== undefined && running.seat === undefined
      if (!isDone || event.type !== 'final' || event.block.epoch !== running.epoch) return
      stopWatching()
      void stop().then(() => process.exit(0))
    })
    void service.command({ type: 'stepDown' })
  })
}

await main()
