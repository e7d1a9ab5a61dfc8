/** The node's storage in a dedicated worker, as the product runs it. */

import { openDB } from 'idb'
import { loadBlsWasm } from '../../../src/adapters/crypto/blsWasm.ts'
import { webRandom } from '../../../src/adapters/keys/webRandom.ts'
import { eraseDatabase } from '../../../src/adapters/storage/indexedDbOpen.ts'
import { openIndexedDbStore } from '../../../src/adapters/storage/indexedDbStore.ts'
import { keepValues, type ValueFiles } from '../../../src/adapters/storage/keptValues.ts'
import { openOriginFile } from '../../../src/adapters/storage/originFile.ts'
import { createWorkerSignatureVerifier } from '../../../src/adapters/workers/signatureVerifier.ts'
import { hex, unhex } from '../../../src/core/base/bytes.ts'
import { blsNoble } from '../../../src/core/crypto/blsNoble.ts'
import { blsSecretFromSeed } from '../../../src/core/crypto/blsSecret.ts'
import type { KeySet } from '../../../src/core/crypto/keySet.ts'
import { createKeySigner } from '../../../src/node/keySigner.ts'
import { StoreFailure, type SafetyWrite, type Store } from '../../../src/ports/store.ts'
import type { Signer } from '../../../src/ports/signer.ts'
import { chainChecks } from '../../../test/compliance/chain.ts'
import { storeChecks } from '../../../test/compliance/store.ts'
import type { Answer, FromWorker, Holdings, Request, SignatureText } from './protocol.ts'

const name = 'emo-e2e'
let store: Store | undefined

const bytes = (size: number, value: number): Uint8Array => new Uint8Array(size).fill(value & 255)

function post(message: FromWorker): void {
  postMessage(message)
}

async function opened(): Promise<Store> {
  store ??= keepValues(
    await openIndexedDbStore({
      name,
      onLost: (failure) => {
        post({ lost: failure.detail.code })
      },
    }),
    await keptFiles(),
  )
  return store
}

async function keptFiles(): Promise<ValueFiles> {
  const file = await openOriginFile(`${name}.kept`)
  return new Map(file && [['kept', file]])
}

/** How many write transactions were open at once, at most, while a store had many to do. */
async function writesAtOnce(): Promise<number> {
  const target = await opened()
  const { transaction } = IDBDatabase.prototype
  let open = 0
  let most = 0
  IDBDatabase.prototype.transaction = function (...args) {
    const begun = transaction.apply(this, args)
    if (args[1] !== 'readwrite') return begun
    open += 1
    most = Math.max(most, open)
    const ended = (): void => {
      open -= 1
    }
    begun.addEventListener('complete', ended)
    begun.addEventListener('abort', ended)
    return begun
  }
  await Promise.all(
    Array.from({ length: 20 }, async (_, index) => {
      await target.putValue(`v${String(index)}`, bytes(9, index))
      await target.writeSafety({ slot: hex(bytes(1, index)), ...safetyOf(1) })
    }),
  )
  IDBDatabase.prototype.transaction = transaction
  return most
}

async function check(checkName: string): Promise<string> {
  const found = [...storeChecks, ...chainChecks].find((one) => one.name === checkName)
  if (found === undefined) throw new Error(`no check ${checkName}`)
  const own = 'emo-e2e-check'
  await eraseDatabase(own)
  await found.run(() => openIndexedDbStore({ name: own }))
  return 'passed'
}

function safetyOf(sequence: number): Omit<SafetyWrite, 'slot'> {
  return { sequence, record: bytes(300, sequence), pending: [] }
}

async function writeForever(): Promise<never> {
  const target = await opened()
  const { sequence: lastSequence = 0, height: lastHeight = 0 } = await holdings()
  let sequence = Math.max(lastSequence, lastHeight)
  for (;;) {
    sequence += 1
    const height = sequence
    await Promise.all([
      target.writeSafety({ slot: 'aa', ...safetyOf(sequence) }),
      target.writeFinal({
        blocks: [
          {
            height,
            epoch: 1,
            hash: bytes(32, height),
            header: bytes(100, height),
            body: bytes(2000, height),
            certificate: bytes(200, height),
            path: [],
          },
        ],
        changes: [],
        stateRoot: bytes(32, height),
      }),
    ])
    post({ acknowledged: sequence })
  }
}

/** What `writeForever` left; throws when the tip is there without its block. */
async function holdings(): Promise<Holdings> {
  const target = await opened()
  const [safety, tip, slots] = await Promise.all([
    target.readSafety('aa'),
    target.readTip(),
    target.listSafety(),
  ])
  const block = tip && (await target.readBlock(tip.height))
  if (tip !== undefined && block?.body.length !== 2000) throw new Error('a tip without its block')
  const { instance } = target
  return { instance, slots, sequence: safety?.sequence, height: tip?.height }
}

async function writeSafety(sequence: number): Promise<string> {
  const target = await opened()
  await target.writeSafety({ slot: 'aa', ...safetyOf(sequence) })
  return 'written'
}

/** Random content: what compresses would not fill the disk. */
async function fill(megabytes: number): Promise<string> {
  const target = await opened()
  try {
    for (let index = 0; index < megabytes; index += 1) {
      await target.putValue(`fill${String(index)}`, webRandom.bytes(1024 * 1024))
    }
  } catch (error) {
    if (error instanceof StoreFailure) return error.detail.code
    throw error
  }
  return 'filled'
}

async function damageSafety(): Promise<void> {
  const database = await openDB(name)
  const row = (await database.get('safety', 'aa')) as { sequence: number }
  await database.put('safety', { ...row, sequence: row.sequence + 1 }, 'aa')
  database.close()
}

/** As the page of a later version would. */
async function writeNewer(): Promise<void> {
  const database = await openDB(name, 1_000)
  database.close()
}

async function signer(): Promise<Signer> {
  const keys: KeySet = {
    identitySeed: bytes(32, 1),
    vrfSeed: bytes(32, 2),
    networkSeed: bytes(32, 3),
    proofSecret: bytes(32, 4),
  }
  const bls = await loadBlsWasm()
  return createKeySigner({ keys, store: await opened(), bls, random: webRandom })
}

async function compareBls(): Promise<unknown> {
  const bls = await loadBlsWasm()
  const secret = blsSecretFromSeed(bytes(32, 7))
  const message = bytes(100, 1)
  const startMs = performance.now()
  const publicKey = bls.publicKey(secret)
  const signature = bls.sign(secret, message)
  const valid =
    bls.verify(publicKey, message, signature) &&
    bls.verifyPossession(publicKey, bls.provePossession(secret)) &&
    !bls.verify(publicKey, bytes(1, 1), signature)
  const tookMs = performance.now() - startMs
  return {
    valid,
    sameKey: hex(publicKey) === hex(blsNoble.publicKey(secret)),
    sameSignature: hex(signature) === hex(blsNoble.sign(secret, message)),
    tookMs,
  }
}

/** As one request, whose batches are shared among the workers that this worker starts. */
async function verifySignatures(items: readonly SignatureText[]): Promise<unknown> {
  const verifier = createWorkerSignatureVerifier()
  const of = (text: string): Uint8Array => {
    const decoded = unhex(text)
    if (!decoded.ok) throw new Error(decoded.error.code)
    return decoded.value
  }
  const verdicts = await verifier.verifyBatch(
    items.map(({ publicKey, message, signature }) => ({
      publicKey: of(publicKey),
      message: of(message),
      signature: of(signature),
    })),
  )
  await verifier.close()
  if (!verdicts.ok) throw new Error(JSON.stringify(verdicts.error))
  return verdicts.value
}

async function answer(request: Request): Promise<unknown> {
  switch (request.type) {
    case 'check':
      return check(request.name)
    case 'open':
      return (await opened()).instance
    case 'writesAtOnce':
      return writesAtOnce()
    case 'putKept':
      return (await opened()).putValue('kept', bytes(9, request.value))
    case 'getKept':
      return (await (await opened()).getValue('kept'))?.[0]
    case 'holdings':
      return holdings()
    case 'writeForever':
      return writeForever()
    case 'writeSafety':
      return writeSafety(request.sequence)
    case 'fill':
      return fill(request.megabytes)
    case 'readSafety':
      return (await opened()).readSafety('aa')
    case 'readTip':
      return (await opened()).readTip()
    case 'damageSafety':
      return damageSafety()
    case 'writeNewer':
      return writeNewer()
    case 'createEpochKey':
      return (await (await signer()).createEpochKey()).slot
    case 'openEpochKey': {
      const key = await (await signer()).openEpochKey(request.slot)
      return key.ok ? 'opened' : key.error.code
    }
    case 'bls':
      return compareBls()
    case 'signatures':
      return verifySignatures(request.items)
  }
}

async function answered(request: Request): Promise<Answer> {
  try {
    return { value: await answer(request) }
  } catch (error) {
    if (error instanceof StoreFailure) return { error: error.detail.code }
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}

self.addEventListener('message', (event: MessageEvent<{ id: number; request: Request }>) => {
  const { id, request } = event.data
  void answered(request).then((result) => {
    post({ id, answer: result })
  })
})
