/**
 * The node of a tab: core, ledger, IndexedDB, signer and clock in a dedicated worker. The window
 * hosts only what must be there: libp2p, sensors, the signer's Web Lock and the UI.
 */
import { loadBlsWasm } from '../../src/adapters/crypto/blsWasm.ts'
import { webRandom } from '../../src/adapters/keys/webRandom.ts'
import { createPortTransport } from '../../src/adapters/network/portTransport.ts'
import { openIndexedDbStore } from '../../src/adapters/storage/indexedDbStore.ts'
import { keepValues } from '../../src/adapters/storage/keptValues.ts'
import { openOriginFile } from '../../src/adapters/storage/originFile.ts'
import { createWorkerProver } from '../../src/adapters/workers/prover.ts'
import { createWorkerSharingWork } from '../../src/adapters/workers/sharingWork.ts'
import { createWorkerSignatureVerifier } from '../../src/adapters/workers/signatureVerifier.ts'
import { anchorOfText } from '../../src/core/checkpoint/anchorText.ts'
import { Genesis } from '../../src/core/codec/state.ts'
import { decodeStrict } from '../../src/core/codec/strict.ts'
import { checkGenesis } from '../../src/core/ledger/genesis/checkGenesis.ts'
import { createKeySigner } from '../../src/node/keySigner.ts'
import { baselineName } from '../../src/node/duty/baselineRecorder.ts'
import { Node } from '../../src/node/node.ts'
import { tabRetention } from '../../src/node/retention.ts'
import { NodeService } from '../../src/node/service.ts'
import { StoreFailure, type Store } from '../../src/ports/store.ts'
import { workerClock } from './clock.ts'
import { faucetAt } from './faucet.ts'
import type { FromNode, NodeStart, Reply, ToNode } from './protocol.ts'
import { fedPulse, type FedPulse } from './pulse.ts'
import { cryptoOf } from '../../src/node/sharing/crypto.ts'

/** A genesis with ten thousand validators is far below this. */
const genesisBytesMax = 8 * 1024 * 1024

/** A start that cannot go on, with a stable code. */
class StartFailure extends Error {
  readonly code: string
  constructor(code: string, reason: string) {
    super(reason)
    this.code = code
  }
}

let service: NodeService | undefined
let pulse: FedPulse | undefined

function post(message: FromNode): void {
  self.postMessage(message)
}

async function start(options: NodeStart): Promise<void> {
  const parsed = decodeStrict(Genesis, options.genesis, genesisBytesMax)
  if (!parsed.ok) throw new StartFailure('GENESIS_INVALID', JSON.stringify(parsed.error))
  const genesis = parsed.value
  const bls = await loadBlsWasm()
  const checked = checkGenesis(genesis, bls)
  if (!checked.ok) throw new StartFailure('GENESIS_INVALID', JSON.stringify(checked.error))
  const store = await openStore(`emo-${genesis.chainId}`)
  const transport = await createPortTransport(options.transport, { clock: workerClock })
  const prover = createWorkerProver({
    artifactsUrl: options.artifactsUrl,
    allowsDevelopmentKeys: genesis.devnet?.developmentProofKeys ?? false,
  })
  const signatures = createWorkerSignatureVerifier()
  const sharing = cryptoOf(createWorkerSharingWork())
  const base = { clock: workerClock, store, transport, prover, bls, signatures, sharing }
  const given = options.checkpoint && anchorOfText(options.checkpoint, genesis.chainId)
  // Without one that can be read this node follows from the genesis, as on a young chain.
  const anchor = given && given.ok ? { checkpoint: given.value } : undefined
  const { beginsAnew } = options
  const more = { ...anchor, beginsAnew, retention: tabRetention }
  const opened = await Node.open({ genesis, ...base, ...more })
  if (!opened.ok) throw new StartFailure(opened.error.code, opened.error.code)
  const node = opened.value
  node.events.on((event) => {
    if (event.type === 'failure') post(failureOf(event.error))
    if (event.type === 'alarm')
      post({ kind: 'failed', code: event.code, reason: 'signing stopped' })
  })
  service = new NodeService({
    node,
    clock: workerClock,
    random: webRandom,
    prover,
    createSigner: (keys) =>
      Promise.resolve(createKeySigner({ keys, store, bls, random: webRandom })),
    faucet: options.faucetUrl === undefined ? undefined : faucetAt(options.faucetUrl),
    storageBytes: async () => (await navigator.storage.estimate()).usage,
  })
  service.onSnapshot((snapshot) => {
    post({ kind: 'snapshot', snapshot })
  })
  await service.start()
  post({ kind: 'started' })
}

/** What the enrolment on chain is bound to is kept where a removed IndexedDB does not take it. */
async function openStore(name: string): Promise<Store> {
  const store = await openIndexedDbStore({
    name,
    onLost: (failure) => {
      post({ kind: 'failed', code: failure.detail.code, reason: failure.message })
    },
  })
  const file = await openOriginFile(`${name}.baseline`)
  return keepValues(store, new Map(file && [[baselineName, file]]))
}

function failureOf(error: unknown): FromNode {
  if (error instanceof StoreFailure) {
    return { kind: 'failed', code: error.detail.code, reason: error.message }
  }
  if (error instanceof StartFailure) {
    return { kind: 'failed', code: error.code, reason: error.message }
  }
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return { kind: 'failed', code: 'NODE_FAILED', reason }
}

async function answer(id: number, work: Promise<Reply> | undefined): Promise<void> {
  const missing: Reply = { ok: false, code: 'NODE_STARTING', message: 'The node is starting.' }
  post({ kind: 'reply', id, reply: (await work) ?? missing })
}

function receive(message: ToNode): void {
  switch (message.kind) {
    case 'start':
      start(message).catch((error: unknown) => {
        post(failureOf(error))
      })
      return
    case 'command':
      void answer(message.id, service?.command(message.command))
      return
    case 'blocks':
      void answer(message.id, service?.blocks(message.beforeHeight, message.countMax))
      return
    case 'validators':
      void answer(message.id, service?.validators())
      return
    case 'sensor':
      pulse =
        message.provenance === undefined
          ? undefined
          : fedPulse(message.provenance, message.deviceName)
      service?.setPulse(pulse)
      return
    case 'beats':
      pulse?.add(message.event)
      return
    case 'sensorLost':
      void service?.sensorLost()
      return
    case 'stop':
      void answer(
        message.id,
        service?.stop().then(() => ({ ok: true })),
      )
  }
}

self.onmessage = (event: MessageEvent<ToNode>) => {
  receive(event.data)
}
