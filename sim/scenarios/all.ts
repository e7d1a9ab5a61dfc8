/** Every scenario by name. */
import { byzantineScenarios } from './byzantine.ts'
import { enduranceScenarios } from './endurance.ts'
import { faultScenarios } from './faults.ts'
import { handOverScenarios } from './handOver.ts'
import { ledgerScenarios } from './ledger.ts'
import { malformedScenarios } from './malformed.ts'
import { mixedScenarios } from './mixed.ts'
import { partitionScenarios } from './partitions.ts'
import { paymentScenarios } from './payments.ts'
import { quietScenarios } from './quiet.ts'
import { randomFaults } from './randomFaults.ts'
import { samplingScenarios } from './sampling.ts'
import type { Scenario } from './scenario.ts'
import { spamScenarios } from './spam.ts'
import { twinScenarios } from './twins.ts'

export const scenarios: readonly Scenario[] = [
  ...quietScenarios,
  ...faultScenarios,
  ...partitionScenarios,
  ...paymentScenarios,
  ...byzantineScenarios,
  ...malformedScenarios,
  ...mixedScenarios,
  ...twinScenarios,
  ...spamScenarios,
  ...handOverScenarios,
  ...ledgerScenarios,
  ...enduranceScenarios,
  randomFaults,
  ...samplingScenarios,
]
