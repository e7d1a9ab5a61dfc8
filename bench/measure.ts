/** One measured run: wall time, and processor time of all threads of this process. */

export interface Measured {
  readonly wallMs: number
  readonly cpuMs: number
}

export async function measured(work: () => Promise<void>): Promise<Measured> {
  const [wallStart, cpuStart] = [performance.now(), process.cpuUsage()]
  await work()
  const { user, system } = process.cpuUsage(cpuStart)
  return { wallMs: performance.now() - wallStart, cpuMs: (user + system) / 1000 }
}

export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2
}
