/**
 * Where I stand in one sentence, its cause, and the next step (UX-1, UX-2): the top of *Now*.
 *
 * A pure function of what is known; every state of `Duty` has its words here.
 */

import { unreachable } from '../core/base/assert.ts'
import type { Duty, DutyReason, NodeSnapshot } from '../node/api.ts'
import { count, wait } from './format.ts'
import { provingWords } from './provingWords.ts'
import type { FeedState } from './services.ts'
import { dutyWords } from './words.ts'

export type Action =
  | 'join'
  | 'continue'
  | 'bond'
  | 'consent'
  | 'sensor'
  | 'baseline'
  | 'stepDown'
  | 'standReady'
  | 'startAnew'
  | 'reload'

export interface Statement {
  readonly title: string
  readonly cause: string
  /** What comes, or what to do. */
  readonly next: string
  /** `act`: something waits for the person. */
  readonly tone: 'calm' | 'act'
  readonly action: Action | undefined
}

export interface Standing {
  readonly vault: 'unknown' | 'none' | 'locked' | 'unlocked'
  readonly tab: 'first' | 'second'
  readonly snapshot: NodeSnapshot | undefined
  readonly feed: FeedState | undefined
  readonly nowMs: number
}

export const actionNames: Readonly<Record<Action, string>> = {
  join: 'Become a validator',
  continue: 'Continue',
  bond: 'Bond again',
  consent: 'Consent again',
  sensor: 'Connect a sensor',
  baseline: 'Record the baseline',
  stepDown: 'Step down',
  standReady: 'Stand ready',
  startAnew: 'Begin the chain again',
  reload: 'Reload',
}

export function statementOf(standing: Standing): Statement {
  const { vault, tab, snapshot } = standing
  if (tab === 'second') return secondTab
  if (vault === 'locked') return locked
  if (vault !== 'unlocked' || snapshot === undefined) return visitor(standing)
  // RECOVER-1: it does not catch up with a network that it stands aside of.
  const { duty } = snapshot
  if ('reason' in duty && duty.reason === 'RESTART_PASSED') return offDuty(duty)
  if (snapshot.sync.state !== 'live') return catchingUp(snapshot)
  return onDuty(snapshot.duty, snapshot, standing.nowMs)
}

const secondTab: Statement = {
  title: 'Another tab is the validator.',
  cause: 'Only one tab of this browser may sign, so that no vote is ever given twice.',
  next: 'This one shows the network. Close the other tab and this one can take over.',
  tone: 'calm',
  action: undefined,
}

const locked: Statement = {
  title: 'Your keys are locked.',
  cause: 'Locked keys sign nothing, so this tab is not on duty.',
  next: 'Unlock them to stand ready for the next epoch.',
  tone: 'act',
  // What opens them stands below, and differs by how they were locked.
  action: undefined,
}

function visitor({ feed }: Standing): Statement {
  if (feed?.connection === 'lost') return lostRelay(feed.blocks.length > 0)
  const head = feed?.blocks[0]
  if (feed === undefined || head === undefined) {
    return {
      title: 'Looking for the network.',
      cause: 'This page asks a relay for the newest blocks.',
      next: 'This takes a second or two.',
      tone: 'calm',
      action: undefined,
    }
  }
  const seats = head.seatCount
  return {
    title: 'A network that runs on heartbeats.',
    cause:
      `Right now ${seats} validators agree on each block. A validator is a page like ` +
      'this one, open beside a heart sensor.',
    next:
      feed.chain?.devnet === true
        ? 'This is a devnet: its first validators rehearse with simulated hearts, and its ' +
          'coins are worth nothing.'
        : 'Wear a heart-rate strap or look into the camera, and this tab can be one of them.',
    tone: 'calm',
    action: 'join',
  }
}

function lostRelay(remembers: boolean): Statement {
  return {
    title: 'The relay cannot be reached.',
    cause: remembers
      ? 'What you see is the last state this browser knew.'
      : 'Either this device is offline, or the relay is away.',
    next: 'Trying again by itself every few seconds.',
    tone: 'act',
    action: undefined,
  }
}

function catchingUp({ sync }: NodeSnapshot): Statement {
  const left = Math.max(0, sync.target - sync.height)
  return {
    title: 'Catching up.',
    cause:
      sync.state === 'starting' || sync.target === 0
        ? 'This tab is opening its store and looking for peers.'
        : `This tab checks each block itself: ${count(left)} of ${count(sync.target)} to go.`,
    next: 'Nothing to do; duty starts when it is done.',
    tone: 'calm',
    action: undefined,
  }
}

function onDuty(duty: Duty, snapshot: NodeSnapshot, nowMs: number): Statement {
  switch (duty.state) {
    case 'following':
      return {
        title: 'You are following the network.',
        cause: 'This tab checks every final block itself.',
        next: 'Become a validator whenever you like.',
        tone: 'calm',
        action: 'join',
      }
    case 'unregistered':
      return unregistered(snapshot)
    case 'registering':
      return registering(duty.step)
    case 'waiting':
      return {
        title:
          `Active from epoch ${count(duty.servesFromEpoch)}, ` +
          `in ${wait(duty.startsAtMs - nowMs)}.`,
        cause: 'A new validator waits a few epochs, so that nobody can aim for one draw.',
        next: needsSensor(snapshot) ?? 'Keep this tab open and the sensor on.',
        tone: needsSensor(snapshot) === undefined ? 'calm' : 'act',
        action: needsSensor(snapshot) === undefined ? undefined : 'sensor',
      }
    case 'measuring':
    case 'proving':
    case 'ready':
    case 'confirmed':
      return gettingReady(duty, snapshot, nowMs)
    case 'seated':
      return seated(duty.seat, snapshot)
    case 'idle':
      return {
        title: 'Not drawn for this epoch.',
        cause: 'Seats are drawn by lot among all who are ready; nobody has one for good.',
        next: `Next chance: epoch ${count(duty.nextEpoch)}, in ${wait(duty.nextAtMs - nowMs)}.`,
        tone: 'calm',
        action: 'stepDown',
      }
    case 'absent':
    case 'abstaining':
    case 'jailed':
      return offDuty(duty)
    default:
      return unreachable(duty)
  }
}

function gettingReady(
  duty: Extract<Duty, { readonly state: 'measuring' | 'proving' | 'ready' | 'confirmed' }>,
  snapshot: NodeSnapshot,
  nowMs: number,
): Statement {
  switch (duty.state) {
    case 'measuring':
      return {
        title: 'Measuring.',
        cause:
          `A minute of beats is being recorded for epoch ${count(duty.epoch)}; ` +
          'it stays on this device.',
        next: `Sit still for ${wait(duty.windowEndMs - nowMs)}. ${signalWords(snapshot)}`.trim(),
        tone: 'calm',
        action: undefined,
      }
    case 'proving':
      return {
        title: `Making your proof, ${duty.percent} %.`,
        cause: `Your minute becomes a proof that shows no beat. ${provingWords[duty.stage]}`,
        next: 'You can move now.',
        tone: 'calm',
        action: undefined,
      }
    case 'ready':
      return {
        title: `Ready for epoch ${count(duty.epoch)}.`,
        cause: duty.onChain
          ? 'Your proof was accepted and stands in a final block.'
          : 'Your proof is sent and waits for a block.',
        next: 'The seats are drawn in this epoch.',
        tone: 'calm',
        action: 'stepDown',
      }
    case 'confirmed':
      return {
        title: `You are drawn for epoch ${count(duty.epoch)}.`,
        cause: confirmedWords(duty.seat, snapshot),
        next: 'Voting starts by itself. Keep this tab visible.',
        tone: 'calm',
        action: 'stepDown',
      }
  }
}

function unregistered({ sensor, baseline }: NodeSnapshot): Statement {
  const { state, recordedMs, neededMs } = baseline
  if (state === 'recording') {
    return {
      title: 'Your rest is being recorded.',
      cause: `${wait(Math.max(0, neededMs - recordedMs))} to go.`,
      next: 'Keep sitting as you are. Then the bond is left.',
      tone: 'calm',
      action: 'continue',
    }
  }
  const rest = recordedMs > 0 ? 'the other part of your rest' : `${wait(neededMs)} of rest`
  const left = sensor === undefined ? `A sensor, ${rest} and a bond` : `${capital(rest)} and a bond`
  return {
    title: 'Your keys are ready.',
    cause: 'They are not registered as a validator yet.',
    next: state === 'done' ? 'The bond is left.' : `${left} are left.`,
    tone: 'act',
    action: 'continue',
  }
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}

function registering(step: 'fund' | 'register' | 'bond'): Statement {
  const causes = {
    fund: 'The faucet of this devnet is sending you coins.',
    register: 'Your registration is on its way into a block.',
    bond: 'Your bond is on its way into a block.',
  }
  return {
    title: 'Registering.',
    cause: causes[step],
    next: 'Each step takes a block or two.',
    tone: 'calm',
    action: undefined,
  }
}

/** The seat is known once all who were drawn had their time to confirm. */
function confirmedWords(seat: number | undefined, { epoch }: NodeSnapshot): string {
  const total = epoch?.nextSeats?.length
  if (seat !== undefined && total !== undefined)
    return `Seat ${seat + 1} of ${total} is yours then.`
  return 'You confirmed with a fresh key and are connected to the other seats.'
}

function seated(seat: number, snapshot: NodeSnapshot): Statement {
  const total = snapshot.epoch?.seats.length ?? 0
  return {
    title: 'You are validating.',
    cause: `You hold seat ${seat + 1} of ${total} in this epoch.`,
    next: needsSensor(snapshot) ?? 'Your votes are sent by themselves; keep this tab visible.',
    tone: needsSensor(snapshot) === undefined ? 'calm' : 'act',
    action: needsSensor(snapshot) === undefined ? 'stepDown' : 'sensor',
  }
}

/** What is to be pressed; where nothing stands, it ends by itself or elsewhere. */
const fitting: Partial<Record<DutyReason, Action>> = {
  NO_SENSOR: 'sensor',
  SENSOR_LOST: 'sensor',
  NO_BASELINE: 'baseline',
  STEPPED_DOWN: 'standReady',
  CONSENT_REVOKED: 'consent',
  UNBONDED: 'bond',
  RESTART_PASSED: 'startAnew',
}

function offDuty(duty: Extract<Duty, { readonly reason: unknown }>): Statement {
  const { sentence, next } = dutyWords[duty.reason]
  const titles = {
    absent: 'Off duty, without penalty.',
    abstaining: 'Holding a seat, signing nothing.',
    jailed: 'Excluded for now.',
  }
  const until = duty.state === 'jailed' ? ` Until epoch ${count(duty.untilEpoch)}.` : ''
  return {
    title: titles[duty.state],
    cause: `${sentence}${until}`,
    next,
    tone: duty.reason === 'STEPPED_DOWN' ? 'calm' : 'act',
    action: fitting[duty.reason],
  }
}

function needsSensor({ sensor, baseline }: NodeSnapshot): string | undefined {
  if (sensor === undefined) return 'Connect your sensor before the next window.'
  if (sensor.state === 'lost' || sensor.state === 'reconnecting') {
    return 'Your sensor is lost; it reconnects by itself when it is near.'
  }
  return baseline.state === 'none' ? 'Record your resting baseline first.' : undefined
}

function signalWords({ sensor }: NodeSnapshot): string {
  if (sensor?.qualityReason === undefined) return ''
  return dutyWords[sensor.qualityReason].next
}
