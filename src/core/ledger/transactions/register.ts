/**
 * Makes the sender a validator (TX-2): proof of work, possession of the VRF key, enrolment leaf
 * (STATE-2). Without a liveness credential, which the first answered challenge gives; the genesis
 * of a development chain may grant one here (LIVE-6).
 */
import { concat, u32be, u64be, utf8 } from '../../base/bytes.ts'
import { err, ok } from '../../base/result.ts'
import type { Register } from '../../codec/chain.ts'
import type { Validator } from '../../codec/state.ts'
import { hash } from '../../crypto/hash.ts'
import { enrolmentLeaf } from '../../emotion/commitments.ts'
import { bytesToField } from '../../emotion/field.ts'
import { protocol } from '../../params.ts'
import { boundaryOfChanges, type BlockContext } from '../blockContext.ts'
import { addLeaf } from '../enrolment.ts'
import type { TransactionError } from '../errors.ts'
import { readSingle, writeSingle } from '../state.ts'
import { epochRecord } from '../tables.ts'
import { validatorOf, writeValidator } from '../validators.ts'
import type { Execute } from './outcome.ts'

export const register: Execute<Register> = (state, sender, payload, context) => {
  const { epoch } = context.derived
  if (validatorOf(state, sender) !== undefined) return err({ code: 'REGISTER_EXISTS' })
  const record = readSingle(state, epochRecord)
  if (record.registrations >= context.params.epochRegistrationsMax) {
    return err({ code: 'REGISTER_FULL' })
  }
  const nkHash = bytesToField(payload.nkHash)
  const baselineCommitment = bytesToField(payload.baselineCommitment)
  if (!nkHash.ok) return err({ code: 'TX_FIELD', field: 'nkHash' })
  if (!baselineCommitment.ok) return err({ code: 'TX_FIELD', field: 'baselineCommitment' })
  const refusal = findRefusal(sender, payload, context)
  if (refusal !== undefined) return err(refusal)

  const granted = context.chain.devnet?.grantedCredentialEpochs ?? 0
  const credentialExpiry = granted === 0 ? 0 : Math.min(epoch + granted, 0xffff_ffff)
  const { consentVersion } = payload
  const leaf = enrolmentLeaf({
    identity: sender,
    nkHash: nkHash.value,
    baselineCommitment: baselineCommitment.value,
    consentVersion,
    credentialExpiryEpoch: credentialExpiry,
  })
  const added = addLeaf(state, leaf, boundaryOfChanges(context))
  if (added === undefined) return err({ code: 'REGISTER_FULL' })
  const counted = writeSingle(added.state, epochRecord, {
    ...record,
    registrations: record.registrations + 1,
  })
  const validator = newValidator(sender, payload, {
    epoch,
    credentialExpiry,
    enrolmentIndex: added.index,
  })
  return ok({ state: writeValidator(counted, validator, epoch), amountMicro: 0n })
}

/** The sender searches a `work` so that this digest begins with the asked zero bits. */
export function registrationWork(
  chainId: string,
  sender: Uint8Array,
  registration: Pick<Register, 'vrfKey' | 'work'>,
): Uint8Array {
  const chain = utf8(chainId)
  const fields = concat(u32be(chain.length), chain, sender, registration.vrfKey)
  return hash('registrationWork', fields, u64be(registration.work))
}

export function leadingZeroBits(digest: Uint8Array): number {
  let bits = 0
  for (const byte of digest) {
    bits += byte === 0 ? 8 : Math.clz32(byte) - 24
    if (byte !== 0) break
  }
  return bits
}

export function newValidator(
  account: Uint8Array,
  registration: Pick<Register, 'vrfKey' | 'nkHash' | 'baselineCommitment' | 'consentVersion'>,
  place: {
    readonly epoch: number
    readonly credentialExpiry: number
    readonly enrolmentIndex: number
  },
): Validator {
  const { vrfKey, nkHash, baselineCommitment, consentVersion } = registration
  return {
    account,
    vrfKey,
    bondedMicro: 0n,
    unbonding: [],
    reputation: protocol.reputationStart,
    uptime: protocol.uptimeStart,
    registeredEpoch: place.epoch,
    history: [],
    jailedUntilEpoch: 0,
    convictions: 0,
    absent: false,
    absenceMark: 0,
    credentialExpiry: place.credentialExpiry,
    consentVersion,
    enrolmentIndex: place.enrolmentIndex,
    nkHash,
    baselineCommitment,
    lockedUntilMs: 0,
    servedMark: 0,
    answeredMark: 0,
    answeredProvenance: 0,
    operator: new Uint8Array(0),
    reputationMark: 0,
    graveConvictions: 0,
    sentenceUntilEpoch: 0,
    consentMark: 0,
  }
}

function findRefusal(
  sender: Uint8Array,
  payload: Register,
  context: BlockContext,
): TransactionError | undefined {
  const { params, chain, env } = context
  if (payload.consentVersion !== params.consentVersion) {
    return { code: 'REGISTER_CONSENT', consentVersion: params.consentVersion }
  }
  const work = leadingZeroBits(registrationWork(chain.chainId, sender, payload))
  if (work < params.workBits) return { code: 'REGISTER_WORK', workBits: params.workBits }
  return env.verifier.possessed(payload.vrfKey, payload.vrfPossession)
    ? undefined
    : { code: 'REGISTER_VRF_KEY' }
}
