/**
 * The ledger of a run as far as evidence needs it (EVID-1, EVID-2): the committee that sits, its
 * stakes, and the production code that judges evidence and convicts. State roots, beacon and
 * hand-over are not part of it, so it lasts for one epoch.
 */
import { ok, type Result } from '../../src/core/base/result.ts'
import { bodyBytesMax } from '../../src/core/bft/body.ts'
import type { Header } from '../../src/core/codec/chain.ts'
import { decodeBody } from '../../src/core/codec/decodeBody.ts'
import type { BlsBackend } from '../../src/core/crypto/bls.ts'
import { hash } from '../../src/core/crypto/hash.ts'
import { applyTransaction } from '../../src/core/ledger/applyTransaction.ts'
import { blockContext } from '../../src/core/ledger/blockContext.ts'
import { deriveHeader } from '../../src/core/ledger/deriveHeader.ts'
import { createVerifier, type LedgerEnv } from '../../src/core/ledger/env.ts'
import type { TransactionError } from '../../src/core/ledger/errors.ts'
import { genesisState } from '../../src/core/ledger/genesis/genesisState.ts'
import { write, type LedgerState } from '../../src/core/ledger/state.ts'
import { committees } from '../../src/core/ledger/tables.ts'
import {
  decodeTransaction,
  type DecodedTransaction,
} from '../../src/core/ledger/transactionBytes.ts'
import { newValidator } from '../../src/core/ledger/transactions/register.ts'
import { writeValidator } from '../../src/core/ledger/validators.ts'
import { defaultParams, microPerEmo } from '../../src/core/params.ts'
import { chainId, type SimCommittee } from '../committees.ts'
import { startMs } from '../options.ts'

const stakeMicro = 20_000n * microPerEmo
const none = new Uint8Array(0)
const zero = new Uint8Array(32)

type Place = Pick<Header, 'timeMs' | 'seat'>

export class EvidenceLedger {
  readonly genesis: LedgerState
  readonly #env: LedgerEnv

  constructor({ seated }: SimCommittee, bls: BlsBackend) {
    this.genesis = firstState(seated)
    const none = (): undefined => undefined
    const proofs = { proofIsValid: none, proofIsWrong: none }
    const verdicts = { ...proofs, partIsRight: none, partIsWrong: none }
    this.#env = { verifier: createVerifier(bls), verdicts }
  }

  /** Whether it would count on this state. */
  check(
    state: LedgerState,
    transaction: DecodedTransaction,
    place: Place,
  ): Result<LedgerState, TransactionError> {
    const context = blockContext(state, deriveHeader(state, place.timeMs), place, this.#env)
    const applied = applyTransaction(state, transaction, context)
    return applied.ok ? ok(applied.value.state) : applied
  }

  /** The state after a body; undefined when one of its transactions does not apply. */
  execute(state: LedgerState, body: Uint8Array, place: Place): LedgerState | undefined {
    let next = state
    for (const transaction of transactionsOf(body)) {
      const applied = this.check(next, transaction, place)
      if (!applied.ok) return undefined
      next = applied.value
    }
    return next
  }
}

/** Of a body that a node has taken in; what does not decode is left out. */
export function transactionsOf(body: Uint8Array): readonly DecodedTransaction[] {
  const decoded = decodeBody(body, bodyBytesMax)
  if (!decoded.ok) return []
  return decoded.value.transactions.flatMap((bytes) => {
    const one = decodeTransaction(bytes, bodyBytesMax)
    return one.ok ? [one.value] : []
  })
}

function firstState(seated: SimCommittee['seated']): LedgerState {
  const genesis = {
    chainId,
    startMs,
    parameters: defaultParams,
    accounts: [],
    validators: [],
    seats: [],
    beacons: [0, 1, 2, 3, 4].map((epoch) => hash('beacon', Uint8Array.of(epoch))),
  }
  const first = write(genesisState(genesis), committees, 0, seated)
  return seated.seats.reduce((state, { validator: account }, index) => {
    const registration = { vrfKey: none, nkHash: zero, baselineCommitment: zero, consentVersion: 1 }
    const place = { epoch: 0, credentialExpiry: 1, enrolmentIndex: index }
    const validator = newValidator(account, registration, place)
    return writeValidator(state, { ...validator, bondedMicro: stakeMicro }, -1)
  }, first)
}
