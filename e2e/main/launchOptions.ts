/** How Chromium is started for tests and benchmarks; `EMO_CHROMIUM` names the program. */
import type { LaunchOptions } from '@playwright/test'

const executablePath = process.env['EMO_CHROMIUM']

export const launchOptions: LaunchOptions = {
  ...(executablePath === undefined ? {} : { executablePath }),
  args: [
    '--no-sandbox',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
}
