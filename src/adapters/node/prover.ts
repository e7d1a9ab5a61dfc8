/**
 * The prover of a Node validator: two threads behind the port, so that votes never wait (ZK-5).
 */

import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { err, ok, type Result } from '../../core/base/result.ts'
import type { Prover, ProverError } from '../../ports/prover.ts'
import {
  proofOf,
  verdictOf,
  type CircuitName,
  type ProverChannel,
  type ProverReply,
  type StartRequest,
} from '../../../workers/prover/protocol.ts'
import { ProverLane, type LaneLimits } from '../../../workers/prover/lane.ts'

export interface NodeProverOptions {
  /**
   * Folder with the circuits' files: `public/circuits` of the project, `circuits` of a built page.
   */
  readonly artifactsFolder: string
  /** True on devnets only (ZK-2). */
  readonly allowsDevelopmentKeys: boolean
  readonly limits?: LaneLimits
  /** Those that it can prove and check; without them, the two whose proofs the ledger takes. */
  readonly circuits?: readonly CircuitName[]
}

const ledgerCircuits = ['emotional_proof', 'liveness_proof'] as const

export function createNodeProver(options: NodeProverOptions): Prover {
  const { circuits = ledgerCircuits } = options
  const proveFiles = circuits.flatMap((name) => [`${name}.wasm`, `${name}.zkey`])
  const verifyFiles = circuits.map((name) => `${name}.vkey.json`)
  const proving = new ProverLane(
    () => openThread(options, [...proveFiles, ...verifyFiles]),
    options.limits,
  )
  const checking = new ProverLane(() => openThread(options, verifyFiles), options.limits)
  return {
    async prove({ circuitInput, publicInputs }, proveOptions) {
      return proofOf(await proving.run({ kind: 'prove', circuitInput, publicInputs }, proveOptions))
    },
    async verify(proof, publicInputs) {
      return verdictOf(await checking.run({ kind: 'verify', proof, publicInputs }))
    },
    close() {
      proving.close()
      checking.close()
      return Promise.resolve()
    },
  }
}

async function openThread(
  options: NodeProverOptions,
  names: readonly string[],
): Promise<Result<ProverChannel, ProverError>> {
  const files: Record<string, Uint8Array> = {}
  for (const file of names) {
    try {
      files[file] = new Uint8Array(await readFile(join(options.artifactsFolder, file)))
    } catch (error) {
      return err({ code: 'ARTIFACT_UNAVAILABLE', file, reason: String(error) })
    }
  }
  const start: StartRequest = {
    kind: 'start',
    source: { kind: 'bytes', files },
    allowsDevelopmentKeys: options.allowsDevelopmentKeys,
  }
  const thread = startThread()
  thread.postMessage(start)
  // The program may end while an idle thread waits, not while one works.
  thread.unref()
  return ok({
    post(message) {
      thread.ref()
      thread.postMessage(message)
    },
    listen(onReply, onCrash) {
      thread.on('message', (reply: ProverReply) => {
        if (reply.kind !== 'progress') thread.unref()
        onReply(reply)
      })
      thread.on('error', (error) => onCrash(error.message))
      thread.on('exit', (code) => onCrash(`the thread ended with code ${code}`))
    },
    terminate: () => void thread.terminate(),
  })
}

/** From source the thread registers the TypeScript loader first; a build has it as JavaScript. */
function startThread(): Worker {
  return new Worker(threadUrl())
}

function threadUrl(): URL {
  if (import.meta.url.endsWith('.ts')) return new URL('./proverThreadSource.js', import.meta.url)
  // A bundler may have moved this file into a folder of shared chunks.
  const beside = new URL('./proverThread.js', import.meta.url)
  return existsSync(beside) ? beside : new URL('../proverThread.js', import.meta.url)
}
