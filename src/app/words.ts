/**
 * Every code that can reach a person, with its sentence and the next step (UX-2).
 *
 * The tables are exhaustive by type: a new code without words does not compile. The words say what
 * happened and what to do; they blame nobody.
 */

import type { DutyReason } from '../node/api.ts'
import type { SensorError, StatusReason } from '../ports/sensor.ts'
import type { VaultErrorCode } from '../ports/vaultError.ts'
import type { NodeStartError } from './services.ts'

export interface Words {
  /** What is so. */
  readonly sentence: string
  /** What to do about it. */
  readonly next: string
}

export interface DutyWords extends Words {
  /** Two or three words, for a legend. */
  readonly brief: string
}

export const dutyWords: Readonly<Record<DutyReason, DutyWords>> = {
  NO_SENSOR: {
    brief: 'no sensor',
    sentence: 'No heart sensor is connected.',
    next: 'Connect a strap or open the camera.',
  },
  SENSOR_LOST: {
    brief: 'sensor lost',
    sentence: 'The sensor was lost.',
    next: 'Stay near this device; it reconnects by itself.',
  },
  SIGNAL_GAP: {
    brief: 'beats missing',
    sentence: 'Beats were missing in the last minute.',
    next: 'Wet the strap, or keep your face in the light, and sit still for a minute.',
  },
  SIGNAL_TOO_SHORT: {
    brief: 'too few beats',
    sentence: 'There are not yet 60 seconds of beats in a row.',
    next: 'Keep sitting as you are.',
  },
  SIGNAL_QUALITY: {
    brief: 'noisy signal',
    sentence: 'The signal is too noisy to measure.',
    next: 'Hold still, and check the contact of the strap or the light on your face.',
  },
  RHYTHM_IRREGULAR: {
    brief: 'irregular rhythm',
    sentence: 'The rhythm was irregular, so this window was not used.',
    next: 'This says nothing about your health. Wait for the next window, sitting still.',
  },
  HEART_RATE_HIGH: {
    brief: 'heart too fast',
    sentence: 'Your heart beats faster than this measurement allows.',
    next: 'Rest for a few minutes; the next window starts by itself.',
  },
  SCORE_LOW: {
    brief: 'not calm enough',
    sentence: 'You were further from your resting pulse than an epoch asks for.',
    next: 'Breathe slowly and let your shoulders drop. The next window counts anew.',
  },
  NO_BASELINE: {
    brief: 'no baseline',
    sentence: 'Your resting pulse has not been recorded yet.',
    next: 'Record the baseline: it takes a few quiet minutes.',
  },
  NO_CREDENTIAL: {
    brief: 'no credential',
    sentence: 'Your liveness credential has ended, or is too new for this epoch.',
    next: 'Answer the breathing challenge when it is asked. A new one counts after four epochs.',
  },
  NO_PEERS: {
    brief: 'no peers',
    sentence: 'No other validator can be reached.',
    next: 'Check the connection. This tab keeps trying.',
  },
  CLOCK_OFF: {
    brief: 'clock off',
    sentence: 'The clock of this device is off by more than the network allows.',
    next: 'Switch on automatic time in the settings of your system.',
  },
  HIDDEN: {
    brief: 'tab hidden',
    sentence: 'The tab was hidden, and browsers slow hidden tabs down.',
    next: 'Keep this tab visible while you are on duty.',
  },
  LATE: {
    brief: 'tab too slow',
    sentence: 'This tab ran late and stepped back so that others need not wait.',
    next: 'Close heavy tabs or plug in the charger; duty goes on by itself.',
  },
  STORAGE_FULL: {
    brief: 'storage full',
    sentence: 'There is no room left to store votes safely.',
    next: 'Free some space on this device, then reload.',
  },
  NODE_FAILED: {
    brief: 'node stopped',
    sentence: 'The node of this tab stopped, so that nothing is signed by mistake.',
    next:
      'Reload the page. If it happens again, erase this browser’s data and restore your ' +
      'backup.',
  },
  RECORD_OLD: {
    brief: 'record too old',
    sentence: 'Other seats have seen newer votes of yours than this browser knows.',
    next: 'It waits until this service ends, so that nothing is signed twice. Nothing to do.',
  },
  RECORD_CORRUPT: {
    brief: 'record unreadable',
    sentence: 'The record of what this validator signed cannot be read.',
    next: 'It waits until this service ends, so that nothing is signed twice. Nothing to do.',
  },
  EPOCH_KEY_ELSEWHERE: {
    brief: 'seat key not here',
    sentence:
      'The key of this seat is not in this browser: another device has it, or a crash ' +
      'took it.',
    next: 'It serves again next time. If another device is on duty, step down there first.',
  },
  PROOF_FAILED: {
    brief: 'proof failed',
    sentence: 'The proof could not be made.',
    next: 'It is tried again with the next window. If it stays so, reload the page.',
  },
  STEPPED_DOWN: {
    brief: 'stepped down',
    sentence: 'You stepped down.',
    next: 'Stand ready again whenever you like.',
  },
  CONSENT_REVOKED: {
    brief: 'consent revoked',
    sentence: 'You took back your consent, so nothing is measured, proven or signed.',
    next: 'Consent again and answer a breathing challenge, or unbond in Settings.',
  },
  UNBONDED: {
    brief: 'no bond',
    sentence: 'Your bond is less than a seat asks for.',
    next: 'Bond again whenever you like; a few epochs later you are drawn again.',
  },
  SECOND_TAB: {
    brief: 'second tab',
    sentence: 'Another tab of this browser is the validator.',
    next: 'Use that tab, or close it and this one takes over.',
  },
  EVIDENCE: {
    brief: 'conflicting votes',
    sentence: 'Two conflicting votes of this validator were found.',
    next: '“Validators” shows until when it is excluded. Never run one key in two places.',
  },
  FORK: {
    brief: 'two chains',
    sentence: 'Two chains are final: more seats are dishonest than the network can bear.',
    next: 'This validator signs nothing more. Ask the operator of your network before you go on.',
  },
  STATE_DIVERGED: {
    brief: 'other result',
    sentence: 'The other seats agreed on a block that this node computes differently.',
    next: 'It signs nothing more. Reload the page for the newest version, then report it.',
  },
  RESTART_PASSED: {
    brief: 'restarted without it',
    sentence:
      'The network was restarted from a block below what is final here, so this node is alone.',
    next: 'Begin the chain again: keys and votes stay, the blocks of the network are fetched.',
  },
  RECOVERING: {
    brief: 'catching up',
    sentence: 'This node is catching up with what happened while it was away.',
    next: 'Wait a moment.',
  },
}

export const vaultWords: Readonly<Record<VaultErrorCode, Words>> = {
  PASSPHRASE_WRONG: {
    sentence: 'This passphrase does not open it.',
    next: 'Check capitals and keyboard layout, and try again.',
  },
  PASSPHRASE_WEAK: {
    sentence: 'This passphrase is too easy to guess.',
    next: 'Take at least 12 characters; four random words are good.',
  },
  PASSKEY_CANCELLED: {
    sentence: 'The passkey was not confirmed.',
    next: 'Try again, or use a passphrase.',
  },
  PASSKEY_UNSUPPORTED: {
    sentence: 'This passkey cannot lock keys: its device does not offer the PRF extension.',
    next: 'Use a passphrase.',
  },
  PASSKEY_FAILED: {
    sentence: 'The passkey did not answer.',
    next: 'Try again, or use a passphrase.',
  },
  BACKUP_CORRUPT: {
    sentence: 'This file is damaged or is not a backup of a vault.',
    next: 'Choose the file ending in .emovault, or make a new backup.',
  },
  BACKUP_VERSION: {
    sentence: 'This backup was made by a newer version of the page.',
    next: 'Reload to get the newest version.',
  },
  BACKUP_OTHER_ACCOUNT: {
    sentence: 'This backup belongs to another account.',
    next: 'Choose the file that you just saved.',
  },
  VAULT_MISSING: {
    sentence: 'There are no keys in this browser.',
    next: 'Create them, or restore a backup.',
  },
  VAULT_CORRUPT: {
    sentence: 'The keys stored here cannot be read.',
    next: 'Restore your backup file.',
  },
  VAULT_EXISTS: {
    sentence: 'There are already keys in this browser.',
    next: 'Unlock them, or erase them in the settings first.',
  },
  STORAGE_FULL: {
    sentence: 'There is no room left to store the keys.',
    next: 'Free some space on this device and try again.',
  },
  STORAGE_BLOCKED: {
    sentence: 'This browser does not let the page store anything.',
    next: 'Leave the private window, or allow storage for this site.',
  },
  CRYPTO_UNSUPPORTED: {
    sentence: 'This page has no access to the cryptography of the browser.',
    next: 'Open it by https, or on this machine by http://localhost.',
  },
}

export const sensorErrorWords: Readonly<Record<SensorError['code'], Words>> = {
  ALREADY_STARTED: { sentence: 'This sensor is already running.', next: 'Nothing to do.' },
  STRAP_IN_USE: {
    sentence: 'Another strap is already connected to this page.',
    next: 'Disconnect it first: one heart, one strap.',
  },
  PHONE_IN_USE: {
    sentence: 'Another phone is already paired with this page.',
    next: 'Disconnect it first: one heart, one phone.',
  },
  RELAY_UNREACHABLE: {
    sentence: 'No relay answers, so no phone can find this page.',
    next: 'Check the connection, then try again.',
  },
  INSECURE_CONTEXT: {
    sentence: 'Sensors work only on secure pages.',
    next: 'Open this page by https, or on this machine by http://localhost.',
  },
  BLUETOOTH_UNSUPPORTED: {
    sentence: 'This browser has no Web Bluetooth.',
    next: 'Use the camera here, or Chrome or Edge for a strap.',
  },
  BLUETOOTH_OFF: {
    sentence: 'Bluetooth is switched off.',
    next: 'Switch it on in the system, then try again.',
  },
  BLUETOOTH_BLOCKED: {
    sentence: 'Bluetooth is not allowed on this page.',
    next: 'Allow it in the site settings of the browser, or use the camera.',
  },
  GESTURE_MISSING: {
    sentence: 'The list of straps opens only when you press the button.',
    next: 'Press “Connect a strap”.',
  },
  CHOOSER_CANCELLED: {
    sentence: 'No strap was chosen.',
    next: 'Put the strap on, moisten it, and try again.',
  },
  CONNECT_FAILED: {
    sentence: 'The strap did not answer.',
    next: 'Close other apps that use it, wear it, and try again.',
  },
  SERVICE_MISSING: {
    sentence: 'This device offers no heart rate service.',
    next: 'Choose a heart rate strap.',
  },
  CAMERA_UNSUPPORTED: {
    sentence: 'This browser gives the page no camera.',
    next: 'Use a strap, or a newer browser.',
  },
  CAMERA_REFUSED: {
    sentence: 'The camera was not allowed.',
    next: 'Allow the camera for this site, then try again. No picture leaves the device.',
  },
  CAMERA_MISSING: { sentence: 'No camera was found.', next: 'Plug one in, or use a strap.' },
  CAMERA_BUSY: {
    sentence: 'Another program uses the camera.',
    next: 'Close it, then try again.',
  },
  CAMERA_FAILED: { sentence: 'The camera stopped.', next: 'Try again, or use a strap.' },
  WORKER_FAILED: {
    sentence: 'The part that reads the signal stopped.',
    next: 'Try again; if it stays so, reload the page.',
  },
}

export const sensorStatusWords: Readonly<Record<StatusReason, Words>> = {
  DISCONNECTED: {
    sentence: 'The strap is out of reach.',
    next: 'Stay near this device; it reconnects by itself.',
  },
  SILENT: {
    sentence: 'The sensor has gone silent.',
    next: 'Check that it sits well; it comes back by itself.',
  },
  CONTACT_LOST: {
    sentence: 'The strap has no contact with your skin.',
    next: 'Moisten it and pull it a little tighter.',
  },
  NO_INTERVALS: {
    sentence: 'This device sends a heart rate, but not the time between beats.',
    next: 'Use a chest strap that sends beat intervals, or the camera.',
  },
  PACKET_INVALID: {
    sentence: 'What the device sends cannot be understood.',
    next: 'Use another strap, or the camera.',
  },
  SERVICE_MISSING: {
    sentence: 'The device did not offer its heart rate.',
    next: 'Switch it off and on, then connect again.',
  },
  SIGNAL_WEAK: {
    sentence: 'The pulse is too faint to follow.',
    next: 'Hold still, with even light on what the camera sees.',
  },
  LENS_OPEN: {
    sentence: 'No finger covers the lens.',
    next: 'Lay a fingertip over the lens and its lamp, without pressing.',
  },
  NO_FACE: { sentence: 'No face is in the picture.', next: 'Sit in front of the camera.' },
  CAMERA_ENDED: { sentence: 'The camera was switched off.', next: 'Open it again.' },
  WORKER_FAILED: {
    sentence: 'The part that reads the signal stopped.',
    next: 'Connect the sensor again.',
  },
  PHONE_AWAY: {
    sentence: 'The phone does not answer.',
    next: 'Keep its page open and in sight; for half a minute it comes back by itself.',
  },
  PHONE_ENDED: {
    sentence: 'The phone no longer measures for this page.',
    next: 'Show a new code when you want it to.',
  },
}

export const nodeStartWords: Readonly<Record<NodeStartError['code'], Words>> = {
  SECOND_TAB: dutyWords.SECOND_TAB,
  CHAIN_OTHER_GENESIS: {
    sentence: 'This browser holds another chain that has the same name.',
    next: 'Ask who runs your network. If it began anew: save your backup, then erase in Settings.',
  },
  CHAIN_STATE_CORRUPT: {
    sentence: 'The chain stored in this browser is damaged.',
    next: 'Fetch it again from the network: your keys and your votes stay as they are.',
  },
  GENESIS_INVALID: {
    sentence: 'The relay of this page gave no beginning of a chain that this version knows.',
    next: 'Reload the page for the newest version. If it stays so, tell who runs the relay.',
  },
  STORAGE_FULL: {
    sentence: 'There is no room left to store the chain.',
    next: 'Free some space on this device, then reload.',
  },
  STORAGE_NEWER: {
    sentence: 'A newer version of this page has written what is stored here.',
    next: 'Close the other tabs of this page, then reload for the newest version.',
  },
  STORAGE_UNAVAILABLE: {
    sentence: 'This browser does not let the page use its database.',
    next: 'Leave the private window, or allow storage for this site, then reload.',
  },
  STORE_CORRUPT: {
    sentence: 'What this browser stored for the node cannot be read.',
    next: 'Save your backup, erase in Settings, and restore it. Nothing is signed meanwhile.',
  },
  NODE_FAILED: {
    sentence: 'The node of this tab could not start.',
    next: 'Reload the page. If it stays so, try a newer browser.',
  },
}
