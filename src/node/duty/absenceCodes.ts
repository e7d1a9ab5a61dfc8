/** What an announcement of absence says of its reason (EVID-2). */
import { AbsenceReason } from '../../core/codec/chain.ts'
import type { DutyReason } from '../api.ts'

const codes: Partial<Record<DutyReason, AbsenceReason>> = {
  HIDDEN: AbsenceReason.HIDDEN,
  SENSOR_LOST: AbsenceReason.SENSOR_LOST,
  STEPPED_DOWN: AbsenceReason.LEAVING,
  LATE: AbsenceReason.LATE,
}

export function absenceCodeOf(reason: DutyReason): AbsenceReason {
  return codes[reason] ?? AbsenceReason.LEAVING
}
