/** The epoch report in numbers and words: expected, done, missed with the reason. */

import type { DutyRecord } from '../node/api.ts'
import { count } from './format.ts'
import { dutyWords } from './words.ts'

const epochsShown = 60

export interface HistorySummary {
  readonly records: readonly DutyRecord[]
  /** A duty, or a reason for none: before that there is nothing to report. */
  readonly hasReport: boolean
  readonly served: number
  readonly expected: number
  /** `epochs 1,225 to 1,284`. */
  readonly span: string | undefined
  readonly lastMissed: string | undefined
}

export function historySummary(history: readonly DutyRecord[]): HistorySummary {
  const records = history.slice(-epochsShown)
  const first = records[0]
  const last = records.at(-1)
  const missed = records.findLast(({ outcome }) => outcome === 'missed')
  return {
    records,
    hasReport: records.some(({ outcome, reason }) => outcome !== 'none' || reason !== undefined),
    served: records.filter(({ outcome }) => outcome === 'served').length,
    expected: records.filter(({ outcome }) => outcome !== 'none').length,
    span:
      first === undefined || last === undefined
        ? undefined
        : `epochs ${count(first.epoch)} to ${count(last.epoch)}`,
    lastMissed:
      missed === undefined ? undefined : `${briefOf(missed)} in epoch ${count(missed.epoch)}`,
  }
}

export function recordWords(record: DutyRecord): string {
  switch (record.outcome) {
    case 'served':
      return record.seat === undefined ? 'served' : `served, seat ${record.seat + 1}`
    case 'missed':
      return `missed: ${reasonOf(record)}`
    case 'none':
      return record.reason === undefined ? 'no duty' : `no duty: ${reasonOf(record)}`
  }
}

function briefOf({ reason }: DutyRecord): string {
  return reason === undefined ? 'no reason known' : dutyWords[reason].brief
}

function reasonOf({ reason }: DutyRecord): string {
  return reason === undefined ? 'no reason known' : dutyWords[reason].sentence
}
