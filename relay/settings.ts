/** The settings of `node relay`; or what there is to say in their place, before anything starts. */

import { helpText, parseConfig, type RelayConfig } from './config.ts'
import { say } from './failure.ts'
import { ownVersion } from './version.ts'

/** Undefined when all is said: help, the version, or why not and what to do (exit code 2). */
export function settingsOf(
  words: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): RelayConfig | undefined {
  const config = parseConfig(words, environment)
  if (!config.ok) {
    say(config.error)
    process.exitCode = 2
    return undefined
  }
  if (config.value !== 'help' && config.value !== 'version') return config.value
  process.stdout.write(config.value === 'help' ? helpText() : `${ownVersion()}\n`)
  return undefined
}
