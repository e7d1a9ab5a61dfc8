/** How Chromium is started for tests and benchmarks; `EMO_CHROMIUM` names the program. */
import type { LaunchOptions } from '@playwright/test'

const args = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export function launchOptions(more: readonly string[] = []): LaunchOptions {
  const executablePath = process.env['EMO_CHROMIUM']
  return {
    ...(executablePath === undefined ? {} : { executablePath }),
    args: [...args, ...more],
  }
}
