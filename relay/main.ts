/**
 * `node relay`: settings, then the relay, until a signal. Exit codes: 0 closed in order, 1 a part
 * could not start, 2 the settings cannot be used.
 */

import pino from 'pino'
import { say, textOf } from './failure.ts'
import { settingsOf } from './settings.ts'
import type { RunningRelay } from './startRelay.ts'

/** Ctrl-C reaches a whole group of processes, and their parent may pass it on: that counts once. */
const sameSignalMs = 1_000
const closeTimeoutMs = 30_000

async function main(): Promise<void> {
  const config = settingsOf(process.argv.slice(2), process.env)
  if (config === undefined) return
  const log = pino({ level: config.logLevel, base: { pid: process.pid } })
  process.on('unhandledRejection', (thrown) => {
    log.error({ err: thrown }, 'a task failed that nobody waited for')
  })
  // Loaded when needed: help and wrong flags are answered at once.
  const { startRelay } = await import('./startRelay.ts')
  const relay = await startRelay(config, log)
  if (!relay.ok) {
    say(relay.error)
    process.exit(1)
  }
  const { url, addresses } = relay.value
  log.info({ url, addresses }, 'the relay is ready')
  closeOnSignal(relay.value)
}

function closeOnSignal(relay: RunningRelay): void {
  let firstAtMs: number | undefined
  const onSignal = (): void => {
    if (firstAtMs !== undefined) {
      if (performance.now() - firstAtMs > sameSignalMs) process.exit(1)
      return
    }
    firstAtMs = performance.now()
    setTimeout(() => process.exit(1), closeTimeoutMs).unref()
    relay.close().then(
      () => process.exit(0),
      (thrown: unknown) => {
        process.stderr.write(`${textOf(thrown)}\n`)
        process.exit(1)
      },
    )
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
}

await main()
