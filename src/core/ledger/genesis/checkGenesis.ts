/** Whether a chain can start from this genesis (EPOCH-6). Every refusal names the field. */
import { hex, utf8 } from '../../base/bytes.ts'
import { err, ok, type Result } from '../../base/result.ts'
import type { Genesis, GenesisSeat, GenesisValidator } from '../../codec/state.ts'
import type { BlsBackend } from '../../crypto/bls.ts'
import { isSharingKey } from '../../crypto/pvss/sharingKey.ts'
import { bytesToField } from '../../emotion/field.ts'
import { checkParameters, protocol, type ParameterError } from '../../params.ts'

export type GenesisError =
  /** `field` is a path in the file; `reason` says what it must be. */
  | { readonly code: 'GENESIS_FIELD'; readonly field: string; readonly reason: string }
  | { readonly code: 'GENESIS_PARAMETERS'; readonly cause: ParameterError }
  /** Not JSON at all. */
  | { readonly code: 'GENESIS_JSON' }

type Check = readonly [field: string, holds: boolean, reason: string]

const supplyMax = 1n << 62n
const u32Max = 0xffff_ffff

export function checkGenesis(
  genesis: Genesis,
  bls: Pick<BlsBackend, 'verifyPossession'>,
): Result<Genesis, GenesisError> {
  if (genesis.parameters === undefined) return refusal('parameters', 'is missing')
  const params = checkParameters(genesis.parameters)
  if (!params.ok) return err({ code: 'GENESIS_PARAMETERS' as const, cause: params.error })
  for (const checks of [
    headChecks(genesis),
    checkpointChecks(genesis),
    accountChecks(genesis),
    genesis.validators.flatMap((entry, index) => validatorChecks(genesis, entry, index)),
    seatChecks(genesis),
  ]) {
    const failed = checks.find(([, holds]) => !holds)
    if (failed !== undefined) return refusal(failed[0], failed[2])
  }
  return checkPossessions(genesis, bls)
}

function headChecks(genesis: Genesis): readonly Check[] {
  const { chainId, startMs, beacons, devnet } = genesis
  const isStart = Number.isSafeInteger(startMs) && startMs >= 1_000_000
  return [
    ['chainId', /^[a-z0-9][a-z0-9-]{0,31}$/.test(chainId), 'is 1 to 32 of a-z, 0-9 and -'],
    ['startMs', isStart, 'is a time in milliseconds since the Unix epoch'],
    ['beacons', beacons.length === protocol.beaconLeadEpochs, 'holds beacon(0) to beacon(4)'],
    ['beacons', beacons.every((beacon) => beacon.length === 32), 'has 32 bytes each'],
    ['devnet.restartKey', (devnet?.restartKey.length ?? 32) === 32, 'has 32 bytes'],
    [
      'devnet.grantedCredentialEpochs',
      (devnet?.grantedCredentialEpochs ?? 0) <= u32Max,
      'is below 2^32',
    ],
    ['devnet.baselineShortMs', (devnet?.baselineShortMs ?? 0) <= u32Max, 'is below 2^32'],
    ['devnet.faucetAccount', (devnet?.faucetAccount.length ?? 32) === 32, 'has 32 bytes'],
  ]
}

/** CKPT-1: whoever signs two histories must still have stake; a devnet says that it has not. */
function checkpointChecks({ parameters, devnet }: Genesis): readonly Check[] {
  if (parameters === undefined || devnet !== undefined) return []
  const { unbondingMs, checkpointEpochs, epochMs } = parameters
  const { unbondingMsMin, checkpointMsMax } = protocol
  return [
    ['parameters.unbondingMs', unbondingMs >= unbondingMsMin, 'is 14 days at least, or a devnet'],
    [
      'parameters.checkpointEpochs',
      checkpointEpochs * epochMs <= checkpointMsMax,
      'checkpoints once a day at least, or a devnet',
    ],
  ]
}

function accountChecks(genesis: Genesis): readonly Check[] {
  const { accounts, validators } = genesis
  const balances = accounts.reduce((sum, entry) => sum + entry.balanceMicro, 0n)
  const stakes = validators.reduce((sum, entry) => sum + entry.bondedMicro, 0n)
  return [
    ['accounts', accounts.every((entry) => entry.account.length === 32), 'has keys of 32 bytes'],
    ['accounts', areDistinct(accounts.map((entry) => entry.account)), 'names each account once'],
    ['accounts', balances + stakes <= supplyMax, 'issues at most 2^62 µEMO with the stakes'],
    ['validators', areDistinct(validators.map((entry) => entry.account)), 'names each once'],
    ['validators', areDistinct(validators.map((entry) => entry.vrfKey)), 'has one VRF key each'],
  ]
}

function validatorChecks(
  genesis: Genesis,
  entry: GenesisValidator,
  index: number,
): readonly Check[] {
  const at = `validators[${index}]`
  const bondMinMicro = genesis.parameters?.bondMinMicro ?? 0n
  const { credentialExpiry, consentVersion } = entry
  return [
    [`${at}.account`, entry.account.length === 32, 'has 32 bytes'],
    [`${at}.bondedMicro`, entry.bondedMicro >= bondMinMicro, 'is at least bondMinMicro'],
    [`${at}.nkHash`, bytesToField(entry.nkHash).ok, 'is a field element of 32 bytes'],
    [
      `${at}.baselineCommitment`,
      bytesToField(entry.baselineCommitment).ok,
      'is a field element of 32 bytes',
    ],
    [`${at}.consentVersion`, consentVersion >= 1 && consentVersion <= u32Max, 'is at least 1'],
    [`${at}.credentialExpiry`, credentialExpiry <= u32Max, 'is an epoch below 2^32'],
  ]
}

function seatChecks(genesis: Genesis): readonly Check[] {
  const { seats, validators, parameters } = genesis
  const countMax = parameters?.committeeSeats ?? 0
  const registered = new Set(validators.map((entry) => hex(entry.account)))
  const isCount = seats.length >= protocol.committeeSeatsMin && seats.length <= countMax
  const countReason = `has ${protocol.committeeSeatsMin} to ${countMax} seats`
  return [
    ['seats', isCount, countReason],
    ['seats', areDistinct(seats.map((seat) => seat.validator)), 'has one seat a validator'],
    ['seats', areDistinct(seats.map((seat) => seat.epochKey)), 'has one epoch key a seat'],
    ...seats.flatMap((seat, index) => oneSeatChecks(seat, index, registered)),
  ]
}

function oneSeatChecks(
  seat: GenesisSeat,
  index: number,
  registered: ReadonlySet<string>,
): readonly Check[] {
  const at = `seats[${index}]`
  const peerIdBytes = utf8(seat.peerId).length
  return [
    [`${at}.validator`, registered.has(hex(seat.validator)), 'is one of the validators'],
    [`${at}.peerId`, peerIdBytes <= protocol.peerIdBytesMax, 'is a peer id'],
    [`${at}.sharingKey`, isSharingKey(seat.sharingKey), 'is a key of the sharing'],
    [`${at}.score`, seat.score <= 10_000, 'is in basis points'],
  ]
}

function checkPossessions(
  genesis: Genesis,
  bls: Pick<BlsBackend, 'verifyPossession'>,
): Result<Genesis, GenesisError> {
  for (const [index, entry] of genesis.validators.entries()) {
    if (!bls.verifyPossession(entry.vrfKey, entry.vrfPossession)) {
      return refusal(`validators[${index}].vrfPossession`, 'proves possession of vrfKey')
    }
  }
  for (const [index, seat] of genesis.seats.entries()) {
    if (!bls.verifyPossession(seat.epochKey, seat.epochKeyPossession)) {
      return refusal(`seats[${index}].epochKeyPossession`, 'proves possession of epochKey')
    }
  }
  return ok(genesis)
}

function areDistinct(keys: readonly Uint8Array[]): boolean {
  return new Set(keys.map((key) => hex(key))).size === keys.length
}

function refusal(
  field: string,
  reason: string,
): { readonly ok: false; readonly error: GenesisError } {
  return err({ code: 'GENESIS_FIELD', field, reason })
}
