/**
 * Our prover with its sums on the GPU (ZK-11), forced, in a Chromium of its own: on a machine
 * without a GPU the adapter is SwiftShader, and the figures say what that costs and no more.
 */

import { chromium, type Page } from '@playwright/test'
import { medianOf, type Measured } from '../measure.ts'
import type { provers as pageProvers } from './page/main.ts'
import { processorMs } from './processorTime.ts'
import { requestOf, type Circuit } from './statements.ts'

declare const provers: typeof pageProvers

/** Chromium of a machine without a GPU gives its software adapter with the first flag alone. */
const args = ['--no-sandbox', '--enable-unsafe-webgpu', '--enable-features=Vulkan']

export interface GpuFigures {
  /** As it names itself. */
  readonly adapter: string
  readonly isSoftware: boolean
  readonly circuits: readonly {
    readonly circuit: Circuit
    /** With files to load and shaders to compile; or why the GPU made no proof. */
    readonly first: Measured | string
    readonly runs: readonly Measured[]
    readonly medianWallMs: number
    readonly medianCpuMs: number
  }[]
}

/** `url` serves the page of the bench. */
export async function measureGpu(
  executablePath: string,
  url: string,
  circuits: readonly Circuit[],
  runs: number,
): Promise<GpuFigures> {
  const browser = await chromium.launch({ executablePath, args })
  try {
    const page = await browser.newPage()
    await page.goto(url)
    await page.waitForFunction(() => 'provers' in globalThis)
    const session = await browser.newBrowserCDPSession()
    const { name, isSoftware } = await page.evaluate(() => provers.adapter())
    const figures = []
    for (const circuit of circuits) {
      const measured = async (): Promise<Measured | string> => {
        const before = await processorMs(session, ['renderer', 'GPU'])
        const made = await prove(page, circuit)
        if (typeof made === 'string') return made
        return { wallMs: made, cpuMs: (await processorMs(session, ['renderer', 'GPU'])) - before }
      }
      const first = await measured()
      const later: Measured[] = []
      // A software adapter takes tens of seconds for a proof: one says as much as five.
      for (let run = 0; run < (isSoftware ? 1 : runs) && typeof first !== 'string'; run += 1) {
        const made = await measured()
        if (typeof made !== 'string') later.push(made)
      }
      figures.push({
        circuit,
        first,
        runs: later,
        medianWallMs: medianOf(later.map(({ wallMs }) => wallMs)),
        medianCpuMs: medianOf(later.map(({ cpuMs }) => cpuMs)),
      })
    }
    return { adapter: name, isSoftware, circuits: figures }
  } finally {
    await browser.close()
  }
}

function prove(page: Page, circuit: Circuit): Promise<number | string> {
  const { circuitInput, publicInputs } = requestOf(circuit)
  return page.evaluate((request) => provers.gpu(request), { circuitInput, publicInputs })
}

export function gpuTable({ adapter, isSoftware, circuits }: GpuFigures): readonly string[] {
  const kind = isSoftware ? 'a software adapter, no GPU' : 'a GPU'
  return [
    `sums by WebGPU on ${adapter} (${kind}); processor time with the browser's GPU process`,
    ...circuits.map(({ circuit, first, medianWallMs, medianCpuMs }) => {
      if (typeof first === 'string') return `${circuit.padEnd(16)}not by the GPU: ${first}`
      const figures = [first.wallMs, first.cpuMs, medianWallMs, medianCpuMs]
      return circuit.padEnd(16) + figures.map((ms) => `${ms.toFixed(0)} ms`.padStart(13)).join('')
    }),
  ]
}
