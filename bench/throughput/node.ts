/** The parts of a node that a transfer passes, put together as `src/node/node.ts` does. */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hex } from '../../src/core/base/bytes.ts'
import { bodyMatches } from '../../src/core/bft/body.ts'
import { Certificate, Proposal } from '../../src/core/codec/chain.ts'
import { createVerifier, type LedgerEnv } from '../../src/core/ledger/env.ts'
import type { HashHex } from '../../src/core/types/ids.ts'
import { blsBlst } from '../../src/adapters/crypto/blsBlst.ts'
import { openFileStore } from '../../src/adapters/node/fileStore.ts'
import { openMemoryStore } from '../../src/adapters/storage/memoryStore.ts'
import { Chain } from '../../src/node/chain.ts'
import { verdictsOf } from '../../src/node/desks.ts'
import { Executor } from '../../src/node/executor.ts'
import { ProofDesk } from '../../src/node/proofDesk.ts'
import { inProcessSharing } from '../../src/node/sharing/inProcess.ts'
import { SharingDesk } from '../../src/node/sharing/sharingDesk.ts'
import { SignatureDesk } from '../../src/node/signatureDesk.ts'
import { stateLeaves, stateRoot, type LedgerState } from '../../src/core/ledger/state.ts'
import type { Prover } from '../../src/ports/prover.ts'
import type { SignatureVerifier } from '../../src/ports/signatureVerifier.ts'
import type { Store, StoredBlock } from '../../src/ports/store.ts'
import { signedByOpenSsl } from './signers.ts'
import type { makeBlock, World } from './world.ts'

export interface BenchNode {
  readonly chain: Chain
  readonly env: LedgerEnv
  readonly proofs: ProofDesk
  readonly desk: SignatureDesk
  readonly sharing: SharingDesk
  readonly executor: Executor
  /** Holds the same state as the chain's own store, which is files. */
  readonly memory: Store
  /** A second one of files, to be measured alone. */
  readonly files: Store
  /** From now on the signature is known, as one that came through the mempool. */
  readonly noteSignature: (account: Uint8Array, id: Uint8Array, signature: Uint8Array) => void
  readonly close: () => Promise<void>
}

type Block = ReturnType<typeof makeBlock>

/** `pool`: signatures are verified by the node's own desk and its threads. */
export async function openBenchNode(world: World, pool?: SignatureVerifier): Promise<BenchNode> {
  const folder = await mkdtemp(join(tmpdir(), 'emo-throughput-'))
  const store = await openFileStore(join(folder, 'chain'))
  const files = await openFileStore(join(folder, 'alone'))
  const memory = openMemoryStore()
  const opened = await Chain.open({ genesis: world.genesis, store })
  if (!opened.ok) throw new Error(opened.error.code)
  const chain = opened.value
  const { height, hash, state } = chain.tip
  const tip = { height, hash, stateRoot: stateRoot(state) }
  for (const other of [files, memory]) await other.writeSnapshot(tip, stateLeaves(state))
  const known = new Set<string>()
  const verifier: LedgerEnv['verifier'] = {
    ...createVerifier(blsBlst),
    accountSigned: (_account, _id, signature) => known.has(keyOf(signature)),
  }
  // No READY is among the transactions: whoever asks this prover has found a fault of the bench.
  const proofs = new ProofDesk(noProver, (code) => {
    throw new Error(code)
  })
  const reference = pool === undefined ? verifier : createVerifier(blsBlst)
  const desk = new SignatureDesk(reference, pool, (code) => {
    throw new Error(code)
  })
  const sharing = new SharingDesk(inProcessSharing(), desk.verifier, (code) => {
    throw new Error(code)
  })
  const env = { verifier: desk.verifier, verdicts: verdictsOf(proofs, sharing) }
  return {
    chain,
    env,
    proofs,
    desk,
    sharing,
    executor: new Executor({ chain, env, proofs, signatures: desk }),
    memory,
    files,
    noteSignature(account, id, signature) {
      if (!signedByOpenSsl(account, id, signature)) throw new Error('a false signature')
      known.add(keyOf(signature))
    },
    async close() {
      for (const each of [store, files, memory]) await each.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** The whole way of a node but signatures: body check, execution, state root, store. */
export async function runBlock(node: BenchNode, block: Block): Promise<void> {
  await executeBlock(node, block)
  await finaliseBlock(node, block)
}

/** What the agreement asks for before its vote; the state after the block. */
export async function executeBlock(node: BenchNode, block: Block): Promise<LedgerState> {
  if (!bodyMatches(block.header, block.body)) throw new Error('not the body of the header')
  const execution = await node.executor.execute(block)
  if (!execution.valid) throw new Error(execution.code)
  const state = node.chain.stateAfter(hex(block.hash) as HashHex)
  if (state === undefined) throw new Error('not executed')
  return state
}

/** Makes an executed block final on its own. */
export async function finaliseBlock(node: BenchNode, block: Block): Promise<void> {
  const { hash, header, headerBytes, body } = block
  const proposal = { ...Proposal.decode(new Uint8Array(0)), header: headerBytes, body }
  const stored = await node.chain.finalise({
    nodes: [{ key: hex(hash) as HashHex, hash, header, headerBytes, proposal }],
    path: [],
    certificate: certificateOf(block),
  })
  if (stored.length !== 1) throw new Error('not final')
}

export function storedBlock(block: Block): StoredBlock {
  const { height, epoch } = block.header
  const certificate = Certificate.encode(certificateOf(block))
  const { hash, headerBytes: header, body } = block
  return { height, epoch, hash, header, body, certificate, path: [] }
}

/** Of the right size: who verifies it is not on the way that is measured. */
function certificateOf({ hash, header }: Block): Certificate {
  const { epoch, view } = header
  const kind = Certificate.decode(new Uint8Array(0)).kind
  return {
    kind,
    epoch,
    view,
    block: hash,
    signers: Uint8Array.of(7),
    signature: new Uint8Array(96),
  }
}

function keyOf(signature: Uint8Array): string {
  const { buffer, byteOffset, length } = signature
  return Buffer.from(buffer, byteOffset, length).toString('latin1')
}

const noProver: Prover = {
  prove: () => Promise.reject(new Error('nothing to prove')),
  verify: () => Promise.reject(new Error('nothing to verify')),
  close: () => Promise.resolve(),
}
