/**
 * Real devices with something wrong: each fault has its code, and the proof is made all the same
 * (ZK-11).
 */
import type { AccelerationFault, ProveRequest } from '../../../src/ports/prover.ts'
import { Gpu } from '../../../workers/prover/gpu/gpu.ts'
import { transformShaders } from '../../../workers/prover/gpu/transforms.ts'
import { proveByEngine } from './proofChecks.ts'

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
    const made = await proveByEngine(request, 'forced')
    const expected = JSON.stringify({ by: 'cpu', code: fault })
    return JSON.stringify(made) === expected ? [] : [JSON.stringify(made)]
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
