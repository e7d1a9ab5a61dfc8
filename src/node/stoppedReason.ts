/** Why a node signs nothing from an event on, for its owner. */
import { StoreFailure } from '../ports/store.ts'
import type { DutyReason } from './api.ts'
import type { NodeEvent } from './nodeEvents.ts'

/** Undefined for an event that stops nothing. */
export function stoppedReason(event: NodeEvent): DutyReason | undefined {
  if (event.type === 'passed') return 'RESTART_PASSED'
  if (event.type !== 'failure') return undefined
  const { error } = event
  const isFull = error instanceof StoreFailure && error.detail.code === 'STORAGE_FULL'
  return isFull ? 'STORAGE_FULL' : 'NODE_FAILED'
}
