/**
 * The genesis as state (EPOCH-6): it stands in for every boundary before epoch 0, with the first
 * committee, the beacons that no boundary can derive, enrolment leaves and live credentials.
 */
import { assert } from '../../base/assert.ts'
import type { EpochRecord, Genesis } from '../../codec/state.ts'
import { enrolmentLeaf } from '../../emotion/commitments.ts'
import { bytesToField } from '../../emotion/field.ts'
import type { Params } from '../../params.ts'
import { credit } from '../accounts.ts'
import { receiptsRootOf } from '../applyBlock.ts'
import { genesisRecord } from '../checkpoints.ts'
import { enrolmentRootBytes, seedLeaf } from '../enrolment.ts'
import { clearRound } from '../sharing/roundState.ts'
import { emptyState, list, write, writeSingle, type LedgerState } from '../state.ts'
import { heldMicro } from '../supply.ts'
import {
  chainInfo,
  checkpointRecord,
  committees,
  draw,
  enrolmentMeta,
  epochRecord,
  parameters,
  supply,
  tip,
  validators,
} from '../tables.ts'
import { newValidator } from '../transactions/register.ts'
import { noTurns } from '../turns.ts'
import { isActive, writeValidator } from '../validators.ts'
import { firstCommittee, parametersOf } from './firstCommittee.ts'
import { genesisHash, genesisHeight, genesisTimeMs } from './genesisAnchor.ts'

/** The genesis has passed `checkGenesis`. */
export function genesisState(genesis: Genesis): LedgerState {
  const params = parametersOf(genesis)
  const timeMs = genesisTimeMs(genesis)
  let state = writeSingle(emptyState, parameters, params)
  state = writeSingle(state, supply, { issuedMicro: 0n, burntMicro: 0n })
  state = writeSingle(state, draw, { seats: [] })
  state = clearRound(state)
  state = writeSingle(state, checkpointRecord, genesisRecord)
  state = writeSingle(state, chainInfo, {
    chainId: genesis.chainId,
    genesisHash: genesisHash(genesis),
    ...(genesis.devnet === undefined ? {} : { devnet: genesis.devnet }),
    restartEpoch: 0,
    restartAttempt: 0,
  })
  state = writeSingle(state, tip, {
    height: genesisHeight,
    timeMs,
    receiptsRoot: receiptsRootOf([]),
    ...noTurns,
  })
  for (const { account, balanceMicro } of genesis.accounts) {
    state = credit(state, account, balanceMicro)
  }
  state = withValidators(state, genesis)
  state = write(state, committees, 0, firstCommittee(genesis))
  state = writeSingle(state, epochRecord, firstRecord(state, genesis, timeMs))
  return writeSingle(state, supply, { issuedMicro: heldMicro(state), burntMicro: 0n })
}

function withValidators(state: LedgerState, genesis: Genesis): LedgerState {
  let next = writeSingle(state, enrolmentMeta, {
    nextIndex: genesis.validators.length,
    changesFrom: 0,
    changesTo: 0,
  })
  for (const [enrolmentIndex, entry] of genesis.validators.entries()) {
    const nkHash = bytesToField(entry.nkHash)
    const baselineCommitment = bytesToField(entry.baselineCommitment)
    assert(nkHash.ok && baselineCommitment.ok, 'a checked genesis has field elements')
    const { account, bondedMicro, consentVersion, credentialExpiry } = entry
    const leaf = enrolmentLeaf({
      identity: account,
      nkHash: nkHash.value,
      baselineCommitment: baselineCommitment.value,
      consentVersion,
      credentialExpiryEpoch: credentialExpiry,
    })
    next = seedLeaf(next, enrolmentIndex, leaf)
    const place = { epoch: 0, credentialExpiry, enrolmentIndex }
    // Epoch -1 is the genesis state: what it says held at every boundary before epoch 0.
    next = writeValidator(next, { ...newValidator(account, entry, place), bondedMicro }, -1)
  }
  return next
}

function firstRecord(state: LedgerState, genesis: Genesis, timeMs: number): EpochRecord {
  const params: Params = parametersOf(genesis)
  return {
    epoch: 0,
    open: false,
    startMs: 0,
    boundaryMs: timeMs,
    frozen: false,
    selected: false,
    registrations: 0,
    candidates: 0,
    active: list(state, validators).filter((entry) => isActive(entry, 0, params)).length,
    beacons: genesis.beacons.map((beacon, epoch) => ({ epoch, beacon })),
    thresholds: [],
    boundaries: [{ mark: 0, timeMs, enrolmentRoot: enrolmentRootBytes(state) }],
  }
}
