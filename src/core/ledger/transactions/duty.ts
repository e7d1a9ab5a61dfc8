/**
 * The lease of a checkpoint voter (CKPT-1): a bonded validator registers keys, which costs a fee,
 * and renews the lease for nothing once at most half of it is left. A key is never that of two
 * validators, nor registered again: whoever finds a signature knows whose it is.
 */
import { err, ok } from '../../base/result.ts'
import type { Duty } from '../../codec/chain.ts'
import type { DutyLease } from '../../codec/checkpoint.ts'
import { blsPublicKeyBytes } from '../../crypto/bls.ts'
import { hashBytes } from '../../crypto/hash.ts'
import type { BlockContext } from '../blockContext.ts'
import type { TransactionError } from '../errors.ts'
import { protocol } from '../../params.ts'
import { read, write, type LedgerState } from '../state.ts'
import { checkpointKeyOwners, duties } from '../tables.ts'
import { isJailed, validatorOf } from '../validators.ts'
import type { Execute } from './outcome.ts'

export const duty: Execute<Duty> = (state, sender, payload, context) => {
  const { params, derived } = context
  const { epoch } = derived
  const validator = validatorOf(state, sender)
  if (validator === undefined) return err({ code: 'TX_NOT_VALIDATOR' })
  if (validator.bondedMicro < params.bondMinMicro || isJailed(validator, epoch)) {
    return err({ code: 'DUTY_NOT_ELIGIBLE' })
  }
  if (!peerIdIsShaped(payload.peerId)) return err({ code: 'TX_FIELD', field: 'peerId' })
  if (!relaysAreShaped(payload)) return err({ code: 'TX_FIELD', field: 'relays' })
  const known = read(state, duties, sender)
  const isNamed = payload.peerId !== ''
  const peerId = isNamed ? payload.peerId : (known?.peerId ?? '')
  const relays = isNamed ? payload.relays : (known?.relays ?? [])
  const leaseEpoch = epoch + params.checkpointEpochs
  if (renewsDuty(payload)) {
    if (known === undefined) return err({ code: 'DUTY_KEYS_MISSING' })
    const fromEpoch = renewableFrom(known, params.checkpointEpochs)
    if (epoch < fromEpoch) return err({ code: 'DUTY_EARLY', epoch: fromEpoch })
    const renewed = { ...known, leaseEpoch, peerId, relays }
    return ok({ state: write(state, duties, sender, renewed), amountMicro: 0n })
  }
  const refusal = findRefusal(state, payload, context)
  if (refusal !== undefined) return err(refusal)
  const { key, postQuantumKeyHash } = payload
  const owner = { account: sender }
  const owned = write(
    write(state, checkpointKeyOwners, key, owner),
    checkpointKeyOwners,
    postQuantumKeyHash,
    owner,
  )
  const keys = { account: sender, key, postQuantumKeyHash, keyEpoch: epoch }
  const lease = { ...keys, leaseEpoch, peerId, relays }
  return ok({ state: write(owned, duties, sender, lease), amountMicro: 0n })
}

/** Text that some peer may have; whoever names another is not reached. */
function peerIdIsShaped(peerId: string): boolean {
  return peerId.length <= protocol.peerIdBytesMax && /^[0-9A-Za-z]*$/.test(peerId)
}

/** Text of an address that some relay may have, ASCII: what is in it, only who dials it knows. */
export function isRelayAddress(text: string): boolean {
  if (text.length > protocol.relayAddressBytesMax || text.includes('/p2p-circuit')) return false
  return /^(\/[0-9A-Za-z.:_-]+)+\/p2p\/[1-9A-HJ-NP-Za-km-z]+$/.test(text)
}

/** Addresses of relays, each once, of a peer that is named. */
function relaysAreShaped({ peerId, relays }: Duty): boolean {
  const isShaped = relays.every(isRelayAddress)
  const areFew = relays.length <= protocol.leaseRelaysMax && new Set(relays).size === relays.length
  return isShaped && areFew && (peerId !== '' || relays.length === 0)
}

/** Whether it keeps the registered keys: then it is free (FEE-1). */
export function renewsDuty({ key, possession, postQuantumKeyHash }: Duty): boolean {
  return key.length === 0 && possession.length === 0 && postQuantumKeyHash.length === 0
}

/** The first epoch in which a lease may be renewed: at most half of it is left. */
export function renewableFrom({ leaseEpoch }: DutyLease, checkpointEpochs: number): number {
  return leaseEpoch - Math.floor(checkpointEpochs / 2)
}

function findRefusal(
  state: LedgerState,
  { key, possession, postQuantumKeyHash }: Duty,
  context: BlockContext,
): TransactionError | undefined {
  if (key.length !== blsPublicKeyBytes) return { code: 'TX_FIELD', field: 'key' }
  if (postQuantumKeyHash.length !== hashBytes) {
    return { code: 'TX_FIELD', field: 'postQuantumKeyHash' }
  }
  const isTaken = [key, postQuantumKeyHash].some(
    (id) => read(state, checkpointKeyOwners, id) !== undefined,
  )
  if (isTaken) return { code: 'DUTY_KEY_TAKEN' }
  return context.env.verifier.possessed(key, possession) ? undefined : { code: 'DUTY_POSSESSION' }
}
