/** Processor time that a browser has used. */

import type { CDPSession } from '@playwright/test'

/** Of all processes of these types; there is one page. */
export async function processorMs(
  session: CDPSession,
  types: readonly string[] = ['renderer'],
): Promise<number> {
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  const counted = processInfo.filter(({ type }) => types.includes(type))
  return counted.reduce((sum, { cpuTime }) => sum + 1000 * cpuTime, 0)
}
