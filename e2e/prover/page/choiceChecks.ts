/** What is measured and kept in idle time, and what the next worker finds (ZK-6, ZK-11). */
import type { AccelerationFault, ProveRequest } from '../../../src/ports/prover.ts'
import type { ProverEngine } from '../../../workers/prover/engine.ts'
import { engineOf, proveOn } from './proofChecks.ts'

const choiceFile = 'prover-choice'

/** Gathers what is not as it should be. */
export function comparing(): {
  readonly wrong: string[]
  readonly expect: (what: string, given: unknown, wanted: unknown) => void
} {
  const wrong: string[] = []
  return {
    wrong,
    expect(what, given, wanted) {
      const [left, right] = [JSON.stringify(given), JSON.stringify(wanted)]
      if (left !== right) wrong.push(`${what}: ${left}`)
    },
  }
}

export async function checkChoice(request: ProveRequest): Promise<readonly string[]> {
  const { wrong, expect } = comparing()
  const cpu = (code: AccelerationFault): unknown => ({ by: 'cpu', code })
  const info = (await navigator.gpu.requestAdapter())?.info
  const isSoftware = info?.isFallbackAdapter === true
  await eraseFiles()
  const first = engineOf('software')
  expect('before', await proveOn(first, request), cpu('GPU_UNMEASURED'))
  await first.idle(AbortSignal.timeout(300))
  expect('stopped', (await names()).includes(choiceFile), false)
  await first.idle(new AbortController().signal)
  expect('measured', (await names()).includes(choiceFile), true)
  const after = await proveOn(engineOf('software'), request)
  if (isSoftware) expect('after', after, cpu('GPU_SLOWER'))

  const stored = await chooseGpu()
  const second = engineOf('software')
  expect('chosen', await proveOn(second, request), cpu('GPU_STARTING'))
  await second.idle(new AbortController().signal)
  expect('ready', await proveOn(second, request), { by: 'gpu' })

  // The page itself never takes an adapter that draws by software.
  const third = engineOf('measured')
  expect('chosen again', await proveOn(third, request), cpu('GPU_STARTING'))
  await third.idle(new AbortController().signal)
  if (isSoftware) expect('refused', await proveOn(third, request), cpu('GPU_SOFTWARE'))

  for (const text of ['', '{', '{"version":1}', JSON.stringify({ ...stored, agent: 'another' })]) {
    await putFile(choiceFile, new TextEncoder().encode(text))
    expect(text, await proveOn(engineOf('measured'), request), cpu('GPU_UNMEASURED'))
  }
  return wrong
}

/** As if it had been quicker. */
export async function chooseGpu(): Promise<object> {
  const info = (await navigator.gpu.requestAdapter())?.info
  const { vendor, architecture, device, description } = info ?? ({} as Partial<GPUAdapterInfo>)
  const name = [vendor, architecture, device, description].join('/')
  const choice = { by: 'gpu', device: name, wayMs: 1, cpuMs: 2 }
  const stored = { version: 2, agent: navigator.userAgent, choice }
  await putFile(choiceFile, new TextEncoder().encode(JSON.stringify(stored)))
  return stored
}

/** Whose key is read from its file, and whose from the copy. */
export async function checkKeptKey(request: ProveRequest): Promise<readonly string[]> {
  const { wrong, expect } = comparing()
  const given = globalThis.fetch
  let keyFiles = 0
  globalThis.fetch = (input, init) => {
    if (typeof input === 'string' && input.endsWith('.zkey')) keyFiles += 1
    return given(input, init)
  }
  const proves = async (): Promise<ProverEngine> => {
    const engine = engineOf('measured')
    const made = await engine.prove({ ...request, kind: 'prove' }, () => undefined)
    expect('made', made.ok, true)
    return engine
  }
  const abort = new AbortController()
  abort.abort()
  try {
    await eraseFiles()
    await putFile('prover-key-of-another-build', new Uint8Array(9))
    const first = await proves()
    await first.idle(abort.signal)
    expect('kept', (await names()).length, 1)
    expect('from the file', keyFiles, 1)
    const [name = ''] = await names()
    await (await proves()).idle(abort.signal)
    expect('from the copy', keyFiles, 1)

    const folder = await navigator.storage.getDirectory()
    const file = await (await folder.getFileHandle(name)).getFile()
    const bytes = new Uint8Array(await file.arrayBuffer())
    const middle = bytes.length >> 1
    bytes[middle] = (bytes[middle] ?? 0) ^ 1
    await putFile(name, bytes)
    const renewed = await proves()
    expect('damaged', keyFiles, 2)
    expect('removed', (await names()).length, 0)
    await renewed.idle(abort.signal)
    await proves()
    expect('renewed', keyFiles, 2)
    await eraseFiles()
    await proves()
    expect('erased', keyFiles, 3)
  } finally {
    globalThis.fetch = given
  }
  return wrong
}

export async function putFile(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  const folder = await navigator.storage.getDirectory()
  const stream = await (await folder.getFileHandle(name, { create: true })).createWritable()
  await stream.write(bytes)
  await stream.close()
}

/** As the page does when its data are erased. */
export async function eraseFiles(): Promise<void> {
  const folder = await navigator.storage.getDirectory()
  for (const name of await names()) await folder.removeEntry(name, { recursive: true })
}

export async function names(): Promise<readonly string[]> {
  const found: string[] = []
  for await (const name of (await navigator.storage.getDirectory()).keys()) found.push(name)
  return found
}
