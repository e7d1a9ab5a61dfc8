/**
 * Becoming a validator (TX-2): funds (a devnet's faucet), registration with its proof of work,
 * bond. Whatever is still missing is sent; each step waits until a final block holds the one
 * before.
 */
import { err, ok, type Result } from '../../core/base/result.ts'
import type { Baseline } from '../../core/emotion/baseline.ts'
import { commitBaseline, nullifierKeyHash } from '../../core/emotion/commitments.ts'
import { fieldToBytes } from '../../core/emotion/field.ts'
import { accountOf } from '../../core/ledger/accounts.ts'
import { readSingle } from '../../core/ledger/state.ts'
import { parameters } from '../../core/ledger/tables.ts'
import { leadingZeroBits, registrationWork } from '../../core/ledger/transactions/register.ts'
import { validatorOf } from '../../core/ledger/validators.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Node } from '../node.ts'
import { authorOf, paid, type Author } from './ownTransactions.ts'
import { enrolmentSecrets } from './secrets.ts'

export type RegistrationError =
  | { readonly code: 'NO_BASELINE' }
  /** The balance does not cover the bond and nobody gives funds here. */
  | { readonly code: 'FUNDS_MISSING'; readonly neededMicro: bigint }
  | { readonly code: 'FAUCET_FAILED'; readonly reason: string }
  | { readonly code: 'REGISTRATION_REFUSED'; readonly reason: string }
  /** No final block took it up in time. Check the connection and try again. */
  | { readonly code: 'REGISTRATION_TIMEOUT'; readonly step: RegistrationStep }

export type RegistrationStep = 'fund' | 'register' | 'bond'

export interface RegistrationOptions {
  readonly node: Node
  readonly identity: Uint8Array
  readonly clock: Clock
  readonly proofSecret: Uint8Array
  readonly baseline: Baseline | undefined
  readonly consentVersion: number
  /** Asks for funds of a devnet; undefined where there is no faucet. */
  readonly faucet: ((account: Uint8Array) => Promise<Result<undefined, string>>) | undefined
  readonly onStep: (step: RegistrationStep) => void
}

/** Above the bond, for fees. */
const feeReserveMicro = 1_000_000n

const stepTimeoutMs = 60_000

/** Hashes between two pauses of the search, so that votes are never late because of it. */
const workChunk = 500

export async function becomeValidator(
  options: RegistrationOptions,
): Promise<Result<undefined, RegistrationError>> {
  const { node, identity, baseline } = options
  if (baseline === undefined) return err({ code: 'NO_BASELINE' })
  const { bondMinMicro } = readSingle(node.chain.tip.state, parameters)
  const bonded = (): bigint => validatorOf(node.chain.tip.state, identity)?.bondedMicro ?? 0n
  const isRegistered = (): boolean => validatorOf(node.chain.tip.state, identity) !== undefined
  if (bonded() < bondMinMicro) {
    const funded = await fund(options, bondMinMicro + feeReserveMicro)
    if (!funded.ok) return funded
  }
  if (!isRegistered()) {
    options.onStep('register')
    const bytes = await registration(options, baseline)
    if (bytes === undefined) return err(notNow(node))
    const sent = await send(options, bytes, { step: 'register', isDone: isRegistered })
    if (!sent.ok) return sent
  }
  if (bonded() >= bondMinMicro) return ok(undefined)
  options.onStep('bond')
  const author = authorOf(node)
  if (author === undefined) return err(notNow(node))
  const bond = paid(author, { bond: { amountMicro: bondMinMicro } })
  return send(options, bond, { step: 'bond', isDone: () => bonded() >= bondMinMicro })
}

/** It was stopped, or its keys were locked, before this step was signed. */
function notNow({ mayAct }: Node): RegistrationError {
  return { code: 'REGISTRATION_REFUSED', reason: mayAct.stopped ?? 'LOCKED' }
}

async function fund(
  options: RegistrationOptions,
  neededMicro: bigint,
): Promise<Result<undefined, RegistrationError>> {
  const { node, identity, faucet } = options
  const hasFunds = (): boolean =>
    accountOf(node.chain.tip.state, identity).balanceMicro >= neededMicro
  if (hasFunds()) return ok(undefined)
  if (faucet === undefined) return err({ code: 'FUNDS_MISSING', neededMicro })
  options.onStep('fund')
  const asked = await faucet(identity)
  if (!asked.ok) return err({ code: 'FAUCET_FAILED', reason: asked.error })
  return waitFor(options, { step: 'fund', isDone: hasFunds })
}

async function registration(
  options: RegistrationOptions,
  baseline: Baseline,
): Promise<Uint8Array | undefined> {
  const { node, proofSecret, consentVersion } = options
  const { nullifierKey, baselineSalt } = enrolmentSecrets(proofSecret, baseline)
  const asking = authorOf(node)
  if (asking === undefined) return undefined
  const work = await searchWork(options, asking)
  // The search takes seconds.
  const author = authorOf(node)
  return (
    author &&
    paid(author, {
      register: {
        vrfKey: author.signer.vrfKey,
        vrfPossession: author.signer.proveVrfPossession(),
        nkHash: fieldToBytes(nullifierKeyHash(nullifierKey)),
        baselineCommitment: fieldToBytes(commitBaseline(baseline, baselineSalt)),
        consentVersion,
        work,
      },
    })
  )
}

/** TX-2: the first nonce whose digest has the asked zero bits. */
async function searchWork(
  { node, clock }: RegistrationOptions,
  { signer }: Author,
): Promise<number> {
  const { workBits } = readSingle(node.chain.tip.state, parameters)
  const { vrfKey, identity } = signer
  for (let work = 0; ; work += 1) {
    const digest = registrationWork(node.chain.chainId, identity, { vrfKey, work })
    if (leadingZeroBits(digest) >= workBits) return work
    if (work % workChunk === workChunk - 1) {
      await new Promise<void>((resolve) => {
        clock.after(0, resolve)
      })
    }
  }
}

interface Step {
  readonly step: RegistrationStep
  readonly isDone: () => boolean
}

async function send(
  options: RegistrationOptions,
  bytes: Uint8Array,
  step: Step,
): Promise<Result<undefined, RegistrationError>> {
  const sent = await options.node.submit(bytes)
  if (!sent.ok) return err({ code: 'REGISTRATION_REFUSED', reason: sent.error.code })
  return waitFor(options, step)
}

/** Until a final block shows it. */
function waitFor(
  { node, clock }: RegistrationOptions,
  { step, isDone }: Step,
): Promise<Result<undefined, RegistrationError>> {
  return new Promise((resolve) => {
    const finish = (result: Result<undefined, RegistrationError>): void => {
      stopListening()
      stopWaiting()
      resolve(result)
    }
    const stopListening = node.events.on((event) => {
      if (event.type === 'final' && isDone()) finish(ok(undefined))
    })
    const stopWaiting = clock.after(stepTimeoutMs, () => {
      finish(err({ code: 'REGISTRATION_TIMEOUT', step }))
    })
    if (isDone()) finish(ok(undefined))
  })
}
