/** The liveness credential and the challenge of a validator, read from the state (LIVE-6). */
import type { Validator } from '../../core/codec/state.ts'
import { askedBeacon } from '../../core/ledger/livenessStatement.ts'
import { circuitChainId } from '../../core/ledger/readyStatement.ts'
import { readSingle, type LedgerState } from '../../core/ledger/state.ts'
import { epochRecord, parameters } from '../../core/ledger/tables.ts'
import { beforeWindowMs } from '../../core/liveness/challengeRun.ts'
import { codebook60 } from '../../core/liveness/codebook.ts'
import { drawCodeword } from '../../core/liveness/drawCodeword.ts'
import {
  challengeEpochs,
  firstChallenge,
  lastAnswerEpoch,
  renewalEpochs,
} from '../../core/liveness/schedule.ts'
import { provenWindowsMax } from '../../core/liveness/shareClaims.ts'
import { protocol } from '../../core/params.ts'
import type { AskedCodeword, ChallengeSummary, LivenessSummary } from '../api.ts'
import { boundaryOfEpoch, startOfEpoch } from './epochTimes.ts'

/** From the last beat of a window until its proof is in a block: late beats, proof, inclusion. */
const afterWindowMs = 20_000

export interface LivenessProgress {
  readonly epoch: number
  readonly step: ChallengeSummary['step']
}

export function livenessSummary(
  state: LedgerState,
  validator: Validator,
  own: {
    readonly nowMs: number
    /** Of an answer that is under way. */
    readonly progress: LivenessProgress | undefined
    readonly contactLostSinceMs: number | undefined
  },
): LivenessSummary {
  const record = readSingle(state, epochRecord)
  const params = readSingle(state, parameters)
  const { credentialExpiry, answeredProvenance } = validator
  const isLive = credentialExpiry >= record.epoch && credentialExpiry > 0
  const kind = answeredProvenance > 0 ? 'answered' : 'granted'
  const challenge = challengeNow(state, validator, own)
  const next = challenge === undefined ? nextEpochs(state, validator) : undefined
  const opensAt = (epoch: number): number =>
    startOfEpoch(record, params, epoch - protocol.beaconLeadEpochs + 1)
  return {
    credential: isLive ? kind : 'none',
    expiryEpoch: isLive ? credentialExpiry : undefined,
    expiresAtMs: isLive ? startOfEpoch(record, params, credentialExpiry + 1) : undefined,
    challenge,
    nextFromMs: next && opensAt(next.first),
    nextUntilMs: next && opensAt(next.last),
    contactLostSinceMs: own.contactLostSinceMs,
  }
}

/** What the windows of a challenge ask, those that can be proven. */
export function codewordsOf(
  state: LedgerState,
  account: Uint8Array,
  beacon: Uint8Array,
): readonly AskedCodeword[] {
  const chainId = circuitChainId(state)
  return Array.from({ length: provenWindowsMax }, (_, window) => {
    const codeword = drawCodeword({ beacon, chainId, validatorKey: account, window }, codebook60)
    return { codeword, breathHalves: codebook60.codewords[codeword] ?? [] }
  })
}

/** The one under way; else the first for which there still is time; else the last one. */
function challengeNow(
  state: LedgerState,
  validator: Validator,
  { nowMs, progress }: { readonly nowMs: number; readonly progress: LivenessProgress | undefined },
): ChallengeSummary | undefined {
  const record = readSingle(state, epochRecord)
  const params = readSingle(state, parameters)
  const open: ChallengeSummary[] = []
  const oldest = Math.max(0, record.epoch - protocol.challengeOpenEpochs)
  for (let epoch = oldest; epoch < record.epoch + protocol.beaconLeadEpochs; epoch += 1) {
    const beacon = askedBeacon(state, validator, epoch)
    if (!beacon.ok) continue
    const endsAtMs = boundaryOfEpoch(record, params, lastAnswerEpoch(epoch))
    const windowMs = beforeWindowMs + 1000 * codebook60.seconds + afterWindowMs
    open.push({
      epoch,
      asked: codewordsOf(state, validator.account, beacon.value),
      endsAtMs,
      lastStartMs: endsAtMs - windowMs,
      step: progress?.epoch === epoch ? progress.step : 'open',
    })
  }
  const running = open.find(({ step }) => step !== 'open')
  return running ?? open.find(({ lastStartMs }) => lastStartMs >= nowMs) ?? open.at(-1)
}

/** Which challenge comes next: the drawn one of a renewal, or the next turn. */
function nextEpochs(
  state: LedgerState,
  validator: Validator,
): { readonly first: number; readonly last: number } {
  const { epoch } = readSingle(state, epochRecord)
  const { credentialEpochs } = readSingle(state, parameters)
  const unknown = epoch + protocol.beaconLeadEpochs
  const { credentialExpiry, answeredMark } = validator
  const due = renewalEpochs(credentialExpiry, credentialEpochs)
  if (unknown <= due.last) return { first: Math.max(due.first, unknown), last: due.last }
  const earliest = firstChallenge(validator)
  const after = Math.max(earliest, credentialExpiry + 1, answeredMark, unknown)
  const turn = earliest + Math.ceil((after - earliest) / challengeEpochs) * challengeEpochs
  return { first: turn, last: turn }
}
