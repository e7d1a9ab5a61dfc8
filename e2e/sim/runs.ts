/** Runs of the simulator that must be the same in every engine (DET-1). */
import { runDraws } from '../../sim/draws.ts'
import { regionSets } from '../../sim/network/regions.ts'
import { tabCosts } from '../../sim/node/costs.ts'
import { timesWith } from '../../sim/options.ts'
import { scenarios } from '../../sim/scenarios/all.ts'

const names = ['twins', 'mass-crash', 'clock-skew', 'bufferbloat', 'hand-over', 'byzantine-fork']

/** The audit hash of each: over every input and effect of every node. */
export function auditHashes(): Readonly<Record<string, string>> {
  const hashes: Record<string, string> = {}
  for (const { name, run } of scenarios) {
    if (names.includes(name)) hashes[name] = run({ seed: 5, seats: 4 }).audit
  }
  const drawn = runDraws({
    seed: 5,
    validators: 200,
    seats: 21,
    regions: regionSets['ten'] ?? [],
    uploadMbps: 20,
    draws: 1,
    seconds: 4,
    offline: 2,
    lossShare: 0.02,
    times: timesWith({}),
    costs: tabCosts,
    dissemination: 'relays',
    relayCheckUs: 1500,
    warmUpSeconds: 0,
  })
  hashes['network'] = drawn.audits.join()
  hashes['followers'] = drawn.followersMs.slice(0, 50).join()
  return hashes
}
