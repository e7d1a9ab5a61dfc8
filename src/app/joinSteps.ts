/** Becoming a validator in six steps; which one comes next follows from what is already so. */

import type { BaselineSummary, Duty } from '../node/api.ts'

export type JoinStep = 'keys' | 'backup' | 'consent' | 'sensor' | 'baseline' | 'bond' | 'done'

export const joinSteps: readonly { readonly step: JoinStep; readonly name: string }[] = [
  { step: 'keys', name: 'Keys' },
  { step: 'backup', name: 'Backup' },
  { step: 'consent', name: 'Consent' },
  { step: 'sensor', name: 'Sensor' },
  { step: 'baseline', name: 'Rest' },
  { step: 'bond', name: 'Bond' },
]

export interface JoinFacts {
  readonly unlocked: boolean
  readonly backedUp: boolean
  readonly consented: boolean
  readonly sensorChosen: boolean
  readonly sensorLive: boolean
  readonly baseline: BaselineSummary['state']
  readonly duty: Duty['state'] | undefined
  /** Of who is registered. */
  readonly bonded: boolean
}

const notYetBonded: readonly (Duty['state'] | undefined)[] = [
  undefined,
  'following',
  'unregistered',
  'registering',
]

export function nextJoinStep(facts: JoinFacts): JoinStep {
  if (!facts.unlocked) return 'keys'
  if (!facts.backedUp) return 'backup'
  if (!facts.consented) return 'consent'
  if (facts.baseline !== 'done') return canRest(facts) ? 'baseline' : 'sensor'
  return notYetBonded.includes(facts.duty) || !facts.bonded ? 'bond' : 'done'
}

/** Once the rest has begun, a sensor that is lost for a moment is no reason to leave its view. */
function canRest({ sensorChosen, sensorLive, baseline }: JoinFacts): boolean {
  return sensorLive || (sensorChosen && baseline === 'recording')
}
