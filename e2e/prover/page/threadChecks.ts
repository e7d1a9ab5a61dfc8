/** Proofs by two threads of the browser, and what a bad second thread costs (ZK-12). */
import { equalBytes } from '../../../src/core/base/bytes.ts'
import { fieldOrder } from '../../../src/core/emotion/field.ts'
import { encodeProof } from '../../../src/core/emotion/proofCodec.ts'
import type { ProveRequest, ThreadFault } from '../../../src/ports/prover.ts'
import type { ProverEngine } from '../../../workers/prover/engine.ts'
import { circuitOf } from '../../../workers/prover/publicInputs.ts'
import { hasSharedMemory, openThread } from '../../../workers/prover/threads/openThread.ts'
import { proveDivided } from '../../../workers/prover/threads/proveDivided.ts'
import { SecondThread } from '../../../workers/prover/threads/secondThread.ts'
import { comparing, eraseFiles, names, putFile } from './choiceChecks.ts'
import { engineBy, load, proveOn } from './proofChecks.ts'

/** Proves by one and by two with the same blinding. */
export async function checkTwoThreads(
  request: ProveRequest,
  isIsolated: boolean,
): Promise<readonly string[]> {
  if (hasSharedMemory() !== isIsolated) return [`isolated: ${String(hasSharedMemory())}`]
  const prover = await load(circuitOf(request.publicInputs))
  const witness = prover.witness(request.circuitInput)
  if (!witness.ok) return [witness.error.reason]
  const blinding = { r: fieldOrder - 9n, s: 3n ** 150n % fieldOrder }
  const expected = prover.prove(witness.value, blinding, () => undefined)
  const thread = SecondThread.start(openThread, hasSharedMemory())
  if (!thread.ok) return [thread.error.code]
  const { kernel, key, domain } = prover.loaded
  const ready = await thread.value.load(prover.loaded)(30_000)
  if (!ready.ok) return [ready.error.code]
  const wrong: string[] = []
  for (let run = 0; run < 2; run += 1) {
    const made = await proveDivided(kernel, {
      key,
      domain,
      witness: witness.value,
      blinding,
      thread: thread.value,
      onShare: () => undefined,
      onFault: (code) => wrong.push(code),
    })
    if (made === undefined || expected === undefined) return ['a point at infinity']
    if (!equalBytes(encodeProof(made), encodeProof(expected))) wrong.push('another proof')
  }
  thread.value.close()
  return wrong
}

export type ThreadHarm = 'absent' | 'no script' | 'killed' | 'mute' | 'throws'

const codes: Readonly<Record<ThreadHarm, ThreadFault>> = {
  absent: 'THREAD_ABSENT',
  'no script': 'THREAD_FAILED',
  killed: 'THREAD_SILENT',
  mute: 'THREAD_SILENT',
  throws: 'THREAD_FAILED',
}

/** Workers as the browser has them, with something wrong. */
function harmed(harm: ThreadHarm, Given: typeof Worker): typeof Worker {
  return class extends Given {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(harm === 'no script' ? new URL('/gone.js', location.href) : url, options)
    }

    override postMessage(
      message: { readonly kind: string },
      given?: Transferable[] | StructuredSerializeOptions,
    ): void {
      const asksForSums = message.kind === 'sums'
      if (asksForSums && harm === 'mute') return
      const sent = asksForSums && harm === 'throws' ? { kind: 'sums' } : message
      super.postMessage(sent, given as Transferable[])
      // In the middle of the proof: it has the witness.
      if (asksForSums && harm === 'killed') super.terminate()
    }
  }
}

export async function checkThreadFault(
  harm: ThreadHarm,
  request: ProveRequest,
): Promise<readonly string[]> {
  const { wrong, expect } = comparing()
  const given = globalThis.Worker
  if (harm === 'absent') Reflect.deleteProperty(globalThis, 'Worker')
  else globalThis.Worker = harmed(harm, given)
  try {
    const engine = engineBy({ threads: 'forced' })
    for (const proof of ['first', 'second']) {
      const expected = { by: 'cpu', thread: codes[harm] }
      expect(`${proof} proof, ${harm}`, await proveOn(engine, request), expected)
    }
  } finally {
    globalThis.Worker = given
  }
  expect('whole', await proveOn(engineBy({ threads: 'forced' }), request), { by: 'threads' })
  return wrong
}

const choiceFile = 'prover-threads'

/** On a device of as many cores as the browser is made to say. */
export async function checkThreadChoice(request: ProveRequest): Promise<readonly string[]> {
  const { wrong, expect } = comparing()
  const one = (thread: ThreadFault): unknown => ({ by: 'cpu', thread })
  const onCores = (cores: number): ProverEngine => {
    Object.defineProperty(navigator, 'hardwareConcurrency', { value: cores, configurable: true })
    return engineBy({ threads: 'measured' })
  }
  await eraseFiles()
  const few = onCores(2)
  expect('two cores', await proveOn(few, request), one('THREAD_CORES'))
  await few.idle(new AbortController().signal)
  expect('not measured', (await names()).includes(choiceFile), false)
  expect('loaded for two cores', hasLoaded('threads'), false)

  const first = onCores(4)
  expect('before', await proveOn(first, request), one('THREAD_UNMEASURED'))
  expect('loaded for four', hasLoaded('threads'), true)
  await first.idle(AbortSignal.abort())
  expect('stopped', (await names()).includes(choiceFile), false)
  await first.idle(new AbortController().signal)
  expect('measured', (await names()).includes(choiceFile), true)
  // Which of the two depends on what else the machine does.
  const after = JSON.stringify(await proveOn(first, request))
  const either = [{ by: 'threads' }, one('THREAD_SLOWER')].map((state) => JSON.stringify(state))
  expect(after, either.includes(after), true)

  // As if it had been quicker.
  const choice = { by: 'threads', device: '4 cores', wayMs: 1, cpuMs: 2 }
  const stored = { version: 2, agent: navigator.userAgent, choice }
  await putFile(choiceFile, new TextEncoder().encode(JSON.stringify(stored)))
  const second = onCores(4)
  expect('chosen', await proveOn(second, request), one('THREAD_STARTING'))
  await second.idle(new AbortController().signal)
  expect('ready', await proveOn(second, request), { by: 'threads' })
  expect('other cores', await proveOn(onCores(8), request), one('THREAD_UNMEASURED'))
  return wrong
}

/** Whether this worker fetched the chunk of that name. */
function hasLoaded(chunk: string): boolean {
  const fetched = performance.getEntriesByType('resource')
  return fetched.some(({ name }) => new URL(name).pathname.includes(`/${chunk}-`))
}
