/** Around an engine of a test: nothing is said, asked or told but what the test is about. */
import { openMemoryStore } from '../adapters/storage/memoryStore.ts'
import type { Clock } from '../ports/clock.ts'
import type { EngineHost } from './engine.ts'

const ignore = (): void => undefined

/** It follows, and every block holds; `change` says what the test hears, or makes it a seat. */
export function quietHost(clock: Clock, change: Partial<EngineHost> = {}): EngineHost {
  return {
    clock,
    nowMs: () => clock.nowMs(),
    store: openMemoryStore(),
    slot: undefined,
    broadcast: ignore,
    fetch: ignore,
    execute: () => Promise.resolve({ valid: true, isBoundary: false }),
    build: () => undefined,
    presses: () => false,
    onFinal: ignore,
    onStrong: ignore,
    onEvidence: ignore,
    onAlarm: ignore,
    onFailure: ignore,
    onRefused: ignore,
    onClockJump: ignore,
    onNotice: ignore,
    onState: ignore,
    ...change,
  }
}
