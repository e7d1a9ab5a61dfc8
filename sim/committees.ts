/** Committees of a run: who sits in which epoch, with which keys, as an agreement wants it. */
import { committeeRoot } from '../src/core/committee/handOver.ts'
import { leaderOrder } from '../src/core/committee/leaders.ts'
import { quorumOf } from '../src/core/committee/quorum.ts'
import { strongPowerOf } from '../src/core/committee/threat.ts'
import type { AgreementEnv, AgreementRoot, AgreementTimes } from '../src/core/bft/types.ts'
import { u32be } from '../src/core/base/bytes.ts'
import type { Committee } from '../src/core/codec/chain.ts'
import type { BlsBackend } from '../src/core/crypto/bls.ts'
import { signAhead } from '../src/core/crypto/blsAhead.ts'
import { hash } from '../src/core/crypto/hash.ts'
import { seatOf } from '../src/core/types/ids.ts'
import { seededRandom } from './base/random.ts'

export const chainId = 'sim'

const score = 8000

export interface CommitteeOptions {
  readonly seed: number
  /** Nodes that can be seated. */
  readonly validators: number
  readonly seats: number
  /** Power of each seat; all 1 when left out. */
  readonly powers?: readonly number[]
  readonly times: AgreementTimes
  /** BFT-12, basis points; 0 when left out. */
  readonly threat?: number
  /** Makes the keys; what it costs is not charged to anyone. */
  readonly keys: BlsBackend
}

export interface SimCommittee {
  readonly epoch: number
  /** Validator of each seat. */
  readonly validators: readonly number[]
  readonly powers: readonly number[]
  readonly leaders: readonly number[]
  readonly root: Uint8Array
  readonly epochKeys: readonly Uint8Array[]
  /** As a ledger keeps it. */
  readonly seated: Committee
}

export class Committees {
  readonly #options: CommitteeOptions
  readonly #known = new Map<number, SimCommittee>()

  constructor(options: CommitteeOptions) {
    this.#options = options
  }

  of(epoch: number): SimCommittee {
    const known = this.#known.get(epoch) ?? this.#make(epoch)
    this.#known.set(epoch, known)
    return known
  }

  /** The key of a validator's service in an epoch (EPOCH-3). */
  secretOf(validator: number, epoch: number): Uint8Array {
    const { seed } = this.#options
    const secret = hash('epochKey', u32be(seed), u32be(validator), u32be(epoch))
    secret[0] = 0 // Below the order of the group.
    return secret
  }

  env(
    epoch: number,
    options: {
      readonly validator: number
      readonly root: AgreementRoot
      readonly bls: BlsBackend
      /** A node that only watches, whatever seat its validator has. */
      readonly isObserver?: boolean
    },
  ): AgreementEnv {
    const committee = this.of(epoch)
    const { validator, root, bls, isObserver = false } = options
    const seat = isObserver ? -1 : committee.validators.indexOf(validator)
    const quorum = quorumOf(committee.powers)
    const secret = this.secretOf(validator, epoch)
    const signing = signAhead((message) => bls.sign(secret, message))
    return {
      chainId,
      epoch,
      attempt: 0,
      committeeRoot: committee.root,
      seats: committee.epochKeys.map((epochKey, index) => ({
        epochKey,
        power: committee.powers[index] ?? 1,
      })),
      leaders: committee.leaders,
      ...quorum,
      strongPower: strongPowerOf({ ...quorum, threat: this.#options.threat ?? 0 }),
      root,
      times: this.#options.times,
      bls,
      own: seat < 0 ? undefined : { seat: seatOf(seat), ...signing },
    }
  }

  #make(epoch: number): SimCommittee {
    const { seed, validators: all, seats, keys } = this.#options
    const random = seededRandom(seed).fork(7919 + epoch)
    // With as many seats as nodes, seat i is node i: readable in reports.
    const validators =
      all === seats
        ? Array.from({ length: seats }, (_none, seat) => seat)
        : random.sample(seats, all)
    const powers = this.#options.powers ?? validators.map(() => 1)
    const beacon = hash('beacon', u32be(seed), u32be(epoch))
    const leaders = leaderOrder(
      validators.map(() => score),
      { beacon, epoch, scoreCap: 8500 },
    )
    const epochKeys = validators.map((one) => keys.publicKey(this.secretOf(one, epoch)))
    const seated = {
      epoch,
      seats: validators.map((validator, seat) => ({
        validator: hash('keyDerivation', u32be(seed), u32be(validator)),
        epochKey: epochKeys[seat] ?? new Uint8Array(0),
        power: powers[seat] ?? 1,
        peerId: '',
        score,
        sharingKey: new Uint8Array(32),
      })),
      leaders: [...leaders],
      attempt: 0,
    }
    const root = committeeRoot(seated)
    return { epoch, validators, powers, leaders, root, epochKeys, seated }
  }
}
