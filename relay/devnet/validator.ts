/**
 * A rehearsal validator: the node of the page in a Node process, with a simulated heart that is
 * labelled as such everywhere (SENS-4), real proofs and real votes.
 *
 *   node relay/validator.js --devnet FOLDER --index N --relay MULTIADDR
 *
 * `--checkpoint TEXT` begins with a checkpoint of somebody trusted (SYNC-1); `--keep-all` keeps
 * every block, and takes no snapshot in their place (SYNC-4). `--start-anew` drops the chain of a
 * store, and nothing else of it, and fetches it again: after a restart that passed it by
 * (RECOVER-1), or when its state is corrupt. `--operator TEXT` says who operates it, as the
 * operator countersigned it (COM-3). SIGTERM stops it in order; SIGUSR2 lets it serve the seat that
 * it holds, and then stops it.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
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
import { err, type Result } from '../../src/core/base/result.ts'
import { anchorOfText, anchorText } from '../../src/core/checkpoint/anchorText.ts'
import { ed25519PublicKey } from '../../src/core/crypto/ed25519.ts'
import { checkGenesis } from '../../src/core/ledger/genesis/checkGenesis.ts'
import { parseGenesis } from '../../src/core/ledger/genesis/genesisFile.ts'
import { validatorOf } from '../../src/core/ledger/validators.ts'
import { checkGivenAnchor } from '../../src/node/givenAnchor.ts'
import { createKeySigner } from '../../src/node/keySigner.ts'
import { Node } from '../../src/node/node.ts'
import { ownAnchor } from '../../src/node/ownAnchor.ts'
import { nodeRetention } from '../../src/node/retention.ts'
import { decideToStartAnew } from '../../src/node/startAnew.ts'
import { NodeService } from '../../src/node/service.ts'
import type { Pulse } from '../../src/ports/pulse.ts'
import { StoreFailure, type Store } from '../../src/ports/store.ts'
import { projectRoot } from '../root.ts'
import { heartOf } from './heart.ts'
import { devnetLayout } from './layout.ts'
import { RehearsedAnswers } from './rehearsedAnswers.ts'
import { validatorFlags } from './validatorFlags.ts'
import { cryptoOf } from '../../src/node/sharing/crypto.ts'

const given = validatorFlags(process.argv.slice(2))
if (given === undefined) process.exit()
const values = given
const { index } = values
const log = pino({ name: `validator-${String(index)}`, level: values['log-level'] })

/** What the operator can do about a store. */
const nextSteps: Readonly<Record<string, string>> = {
  CHAIN_OTHER_GENESIS:
    'Its store belongs to another chain of the same name. Give the genesis of that one, or move ' +
    'the store away: it holds the record of what this validator signed.',
  CHAIN_STATE_CORRUPT: 'Start once with --start-anew: the chain is fetched again, votes stay.',
  STORAGE_NEWER:
    'A newer version of this program wrote its store: start that one. It is unchanged.',
  STORAGE_FULL: 'Free space on the device that holds its store, then start it again.',
  STORAGE_UNAVAILABLE: 'Let this user read and write the folder of its store, then start it again.',
  STORE_CORRUPT:
    'What is stored does not read back: nothing is signed with the epoch keys in it. Look at the ' +
    'disk, move the folder away, and start with a fresh store.',
}

function need<T, E extends { readonly code: string }>(result: Result<T, E>): T {
  if (result.ok) return result.value
  log.fatal({ error: result.error, next: nextSteps[result.error.code] }, result.error.code)
  process.exit(1)
}

async function openStore(folder: string): Promise<Store> {
  try {
    return await openFileStore(folder)
  } catch (error) {
    if (!(error instanceof StoreFailure)) throw error
    return need(err(error.detail))
  }
}

async function main(): Promise<void> {
  const layout = devnetLayout(values.devnet ?? join(projectRoot, '.emo', 'devnet'))
  const own = layout.validator(index)
  const lock = need(await takeSignerLockFile(own.folder))
  const genesis = need(parseGenesis(await readFile(layout.genesis, 'utf8')))
  need(checkGenesis(genesis, blsBlst))
  const keys = need(await openKeyFile(own.keyFile, nodeRandom))
  const store = await openStore(own.store)
  if (values['start-anew'] && !(await decideToStartAnew(store)).ok) {
    log.info('no restart passed this node by: its chain is begun anew only if it cannot be read')
  }
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
  const given = { ...(checkpoint && { checkpoint }), beginsAnew: values['start-anew'] }
  const kept = values['keep-all'] ? {} : { retention: nodeRetention }
  const node = need(await Node.open({ genesis, store, transport, ...base, ...given, ...kept }))
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
  const account = ed25519PublicKey(keys.identitySeed)
  const heart = new SimulatedHeart(nodeClock, heartOf(account))
  service.setPulse(await startHeart(heart))
  await service.start()
  await service.command({ type: 'unlock', keys })
  if (values.operator !== undefined) labelOnce(node, service, { account, label: values.operator })
  const answers = answerWith(heart, service)
  answers.start()
  log.info({ peer: transport.self, addresses: transport.addresses() }, 'running')
  const stop = async (): Promise<void> => {
    answers.stop()
    await service.stop()
    await prover.close()
    await signatures.close()
    await work.close()
    await lock.release()
  }
  stopOnSignal(stop)
  leaveOnSignal(node, service, stop)
}

/** As soon as it is registered, unless the chain knows the label already (COM-3). */
function labelOnce(
  node: Node,
  service: NodeService,
  { account, label }: { readonly account: Uint8Array; readonly label: string },
): void {
  const stopWatching = node.events.on((event) => {
    const known = validatorOf(node.chain.tip.state, account)
    if (event.type !== 'epoch' || node.isSyncing || known === undefined) return
    stopWatching()
    if (hex(known.operator) === label.slice(0, 64)) return
    void service.command({ type: 'labelOperator', label }).then((done) => {
      if (done.ok) log.info('the label of the operator is on its way into a block')
      else log.error({ code: done.code }, done.message)
    })
  })
}

function answerWith(heart: SimulatedHeart, service: NodeService): RehearsedAnswers {
  return new RehearsedAnswers({
    heart,
    clock: nodeClock,
    challenge: () => service.snapshot().liveness?.challenge,
    command: (command) => service.command(command),
    onEnd: (epoch, outcome) => {
      log.info({ epoch, outcome }, 'breathing challenge of the simulated heart')
    },
  })
}

async function startHeart(heart: SimulatedHeart): Promise<Pulse> {
  const buffer = new BeatBuffer()
  heart.onEvent((event) => {
    if (event.kind === 'beats') buffer.add(event)
  })
  await heart.start()
  return {
    provenance: heart.provenance,
    deviceName: 'Simulated heart',
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
        const { lastProof, duty, sensor, refused } = service.snapshot()
        const { length: seats } = committee.seats
        logger.info(
          { epoch, seat, seats, abstains, duty, lastProof, score: sensor?.score, refused },
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
      case 'passed': {
        const { epoch, baseHeight } = event
        const fix = 'start it once with --start-anew: its chain is dropped and fetched again'
        logger.fatal({ code: 'RESTART_PASSED', epoch, baseHeight, fix }, 'restarted without it')
        return
      }
      case 'historyPruned': {
        const fix =
          'connect a relay whose archive is whole, or a validator with --keep-all; or start it ' +
          'without --keep-all: a snapshot then replaces its blocks'
        logger.error({ code: 'HISTORY_PRUNED', height: event.height, fix }, 'nobody has that block')
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
