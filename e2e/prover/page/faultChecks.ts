/**
 * Real devices with something wrong: each fault has its code, and the proof is made all the same
 * (ZK-11).
 */
import type { AccelerationFault, ProveRequest } from '../../../src/ports/prover.ts'
import { Gpu } from '../../../workers/prover/gpu/gpu.ts'
import { transformShaders } from '../../../workers/prover/gpu/transforms.ts'
import { chooseGpu, comparing } from './choiceChecks.ts'
import { engineBy, proveByEngine, proveOn } from './proofChecks.ts'

type Harm = (device: GPUDevice) => void

/** What is done to the device that the prover gets. */
const harms: Readonly<Partial<Record<AccelerationFault, Harm>>> = {
  GPU_LOST: (device) => {
    // In the middle of the proof: the first work is submitted, and the device goes.
    const submit = device.queue.submit.bind(device.queue)
    device.queue.submit = (commands) => {
      submit(commands)
      device.destroy()
    }
  },
  GPU_FAILED: (device) => {
    const create = device.createShaderModule.bind(device)
    device.createShaderModule = ({ code }) => create({ code: `${code} fn` })
  },
  GPU_LIMITS: (device) => {
    const limits = { maxBufferSize: 1 << 20, maxStorageBufferBindingSize: 1 << 20 }
    Object.defineProperty(device, 'limits', { value: { ...limits } })
  },
  GPU_WRONG: (device) => {
    // One limb of Montgomery's constant: every product is another number.
    const create = device.createShaderModule.bind(device)
    device.createShaderModule = ({ code }) =>
      create({ code: code.replace(/let q = \(first \* (\d+)u\)/, 'let q = (first * 3u)') })
  },
}

export async function checkFault(
  fault: AccelerationFault,
  request: ProveRequest,
): Promise<readonly string[]> {
  const made = await harming(fault, () => proveByEngine(request, 'forced'))
  const expected = JSON.stringify({ by: 'cpu', code: fault })
  return JSON.stringify(made) === expected ? [] : [JSON.stringify(made)]
}

async function harming<T>(fault: AccelerationFault, work: () => Promise<T>): Promise<T> {
  const { gpu } = navigator
  const given = gpu.requestAdapter.bind(gpu)
  const harm = harms[fault]
  gpu.requestAdapter = async (options) => {
    if (fault === 'GPU_ABSENT') return null
    const adapter = await given(options)
    if (adapter === null || harm === undefined) return adapter
    const requestDevice = adapter.requestDevice.bind(adapter)
    adapter.requestDevice = async (descriptor) => {
      const device = await requestDevice(descriptor)
      harm(device)
      return device
    }
    return adapter
  }
  try {
    return await work()
  } finally {
    gpu.requestAdapter = given
  }
}

/** A device that says nothing in time: here it is given none. */
export async function checkSilence(): Promise<readonly string[]> {
  const opened = await Gpu.open({ allowsSoftware: true, silentMs: 0 })
  if (!opened.ok) return [opened.error.code]
  const prepared = await opened.value.prepare(transformShaders)
  opened.value.close()
  return !prepared.ok && prepared.error.code === 'GPU_SILENT' ? [] : ['an answer']
}

/** An adapter that draws by software is not taken. Where there is a GPU, nothing is to be seen. */
export async function checkSoftware(): Promise<readonly string[]> {
  const adapter = await navigator.gpu.requestAdapter()
  const opened = await Gpu.open({ allowsSoftware: false })
  const code = opened.ok ? 'opened' : opened.error.code
  const expected = adapter?.info.isFallbackAdapter === true ? 'GPU_SOFTWARE' : 'opened'
  return code === expected ? [] : [code]
}

/** Where both may make a proof the GPU does, two threads when it fails; one stays, not both. */
export async function checkBoth(request: ProveRequest): Promise<readonly string[]> {
  const { wrong, expect } = comparing()
  const given = globalThis.Worker
  let living = 0
  globalThis.Worker = class extends given {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options)
      living += 1
    }

    override terminate(): void {
      living -= 1
      super.terminate()
    }
  }
  try {
    const both = engineBy({ acceleration: 'forced', threads: 'forced' })
    expect('both', await proveOn(both, request), { by: 'gpu' })
    expect('threads', living, 0)
    const failing = engineBy({ acceleration: 'forced', threads: 'forced' })
    const made = await harming('GPU_LOST', () => proveOn(failing, request))
    expect('lost', made, { by: 'threads', code: 'GPU_LOST' })

    await chooseGpu()
    const starting = engineBy({ acceleration: 'software', threads: 'forced' })
    const before = living
    expect('first', await proveOn(starting, request), { by: 'threads', code: 'GPU_STARTING' })
    expect('started', living, before + 1)
    await starting.idle(new AbortController().signal)
    expect('given up', living, before)
    expect('later', await proveOn(starting, request), { by: 'gpu' })
  } finally {
    globalThis.Worker = given
  }
  return wrong
}
