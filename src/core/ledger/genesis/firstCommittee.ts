/**
 * The committee of epoch 0 (EPOCH-6), from the genesis alone: where a light client's trust begins,
 * which has no state (SYNC-2).
 */
import { assert } from '../../base/assert.ts'
import type { Committee } from '../../codec/chain.ts'
import type { Genesis, Parameters } from '../../codec/state.ts'
import { leaderOrder } from '../../committee/leaders.ts'
import { hashBytes } from '../../crypto/hash.ts'

/** The genesis has passed `checkGenesis`. */
export function firstCommittee(genesis: Genesis): Committee {
  const seats = genesis.seats.map(({ validator, epochKey, sharingKey, peerId, score }) => ({
    validator,
    epochKey,
    sharingKey,
    power: 1,
    peerId,
    score,
  }))
  const beacon = genesis.beacons[0]
  assert(beacon?.length === hashBytes, 'a checked genesis has its beacons')
  const leaders = leaderOrder(
    seats.map((seat) => seat.score),
    { beacon, epoch: 0, scoreCap: parametersOf(genesis).scoreCap },
  )
  return { epoch: 0, seats, leaders, attempt: 0 }
}

export function parametersOf(genesis: Genesis): Parameters {
  assert(genesis.parameters !== undefined, 'a checked genesis has parameters')
  return genesis.parameters
}
