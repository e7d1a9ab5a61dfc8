/** API-1: one schema for each shape gives validation, types and the OpenAPI document. */

import { Type, type Static, type TSchema } from '@sinclair/typebox'

const strict = { additionalProperties: false } as const

export const HashText = Type.String({
  pattern: '^[0-9a-f]{64}$',
  description: '32 bytes as lowercase hex',
})
export const Base64 = Type.String({ description: 'Bytes as base64' })
export const Micro = Type.String({ pattern: '^[0-9]+$', description: 'µEMO as decimal digits' })
const Whole = Type.Integer({ minimum: 0 })
/** Below 2^53 with room: longer numbers would not be exact. */
const heightMax = 999_999_999_999_999

export const Height = Type.Integer({ minimum: 0, maximum: heightMax })
export const PageSize = Type.Integer({ minimum: 1, maximum: 100, default: 20 })

export const ErrorBody = Type.Object(
  {
    code: Type.String({ description: 'Stable, UPPER_SNAKE' }),
    message: Type.String(),
    fix: Type.String({ description: 'What to change' }),
  },
  strict,
)

export const BlockSummary = Type.Object(
  {
    height: Whole,
    hash: HashText,
    parent: HashText,
    epoch: Whole,
    view: Whole,
    timeMs: Whole,
    seat: Whole,
    proposer: Type.String({ description: 'Account of the leader, hex' }),
    isBoundary: Type.Boolean(),
    transactionCount: Whole,
    signers: Type.Array(Whole, { description: 'Seats whose COMMIT is in the certificate' }),
    signerCount: Whole,
  },
  strict,
)

export const TransactionSummary = Type.Object(
  {
    hash: HashText,
    height: Whole,
    position: Whole,
    kind: Type.String(),
    sender: Type.String({ description: 'Account, hex; empty for kinds without a sender' }),
    nonce: Whole,
    bytes: Base64,
  },
  strict,
)

export const BlockDetails = Type.Composite(
  [
    BlockSummary,
    Type.Object({
      header: Base64,
      body: Base64,
      certificate: Base64,
      path: Type.String({
        description: 'CertifiedBlock with only its path, base64; empty when certified itself',
      }),
      transactions: Type.Array(TransactionSummary),
    }),
  ],
  strict,
)

export const EpochSummary = Type.Object(
  {
    epoch: Whole,
    startMs: Whole,
    committeeRoot: Type.String(),
    seatCount: Whole,
    boundaryHeight: Type.Union([Whole, Type.Null()]),
    boundaryHash: Type.Union([HashText, Type.Null()]),
    restarts: Type.Array(Whole, {
      description: 'Heights of the blocks that a Restart opened, lowest first',
    }),
  },
  strict,
)

export const RestartVotersShown = Type.Object(
  {
    epoch: Whole,
    shown: Base64,
  },
  { ...strict, description: 'Who restarted an epoch by stake, a RestartVoters with its proof' },
)

export const SeatSummary = Type.Object(
  {
    epoch: Whole,
    seat: Whole,
    validator: Type.String(),
    epochKey: Type.String({ description: 'BLS public key, hex' }),
    power: Whole,
    peerId: Type.String(),
    score: Whole,
  },
  strict,
)

export const EpochDetails = Type.Composite(
  [
    EpochSummary,
    Type.Object({
      committee: Base64,
      handedOver: Type.Union([Base64, Type.Null()], {
        description: 'Committee that the boundary before named; null when it is not known any more',
      }),
      seats: Type.Array(SeatSummary),
      ready: Type.Array(
        Type.Object(
          {
            validator: Type.String(),
            scoreThreshold: Whole,
            provenance: Type.String(),
            height: Whole,
          },
          strict,
        ),
      ),
    }),
  ],
  strict,
)

export const ValidatorSummary = Type.Object(
  {
    id: Type.String(),
    status: Type.String(),
    bondedMicro: Micro,
    unbondingMicro: Micro,
    reputation: Whole,
    uptime: Whole,
    jailedUntilEpoch: Whole,
    registeredEpoch: Whole,
    score: Type.Integer({ description: 'Of the newest READY; 0 before the first' }),
    lastReadyEpoch: Type.Integer({ description: '-1 before the first READY' }),
    updatedHeight: Whole,
  },
  strict,
)

export const ValidatorDetails = Type.Composite(
  [ValidatorSummary, Type.Object({ services: Type.Array(SeatSummary) })],
  strict,
)

export const AccountDetails = Type.Object(
  {
    id: HashText,
    balanceMicro: Micro,
    nonce: Whole,
    updatedHeight: Whole,
    proof: Type.Union([
      Type.Object(
        {
          height: Type.Integer({ description: 'The block whose header carries the root' }),
          stateRoot: HashText,
          key: Type.String({ description: 'Key of the leaf, hex' }),
          value: Type.String({ description: 'Account bytes, base64; empty: proven absent' }),
          path: Type.String({ description: 'StateProof, base64' }),
        },
        strict,
      ),
      Type.Null(),
    ]),
  },
  strict,
)

/** A page of a list and where the next one begins; `null` at the end. */
export function pageOf<T extends TSchema>(item: T) {
  return Type.Object(
    { items: Type.Array(item), next: Type.Union([Type.String(), Type.Null()]) },
    strict,
  )
}

export type Shape<T extends TSchema> = Static<T>
