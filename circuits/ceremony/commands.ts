/** The subcommands of `npm run ceremony`, on files (ZK-9). Each says what others need to know. */

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { ok, type Result } from '../../src/core/base/result.ts'
import { attest, readAttestation, type Attestation } from './attestation.ts'
import { compileForCeremony, compileSource, type CompiledCircuit } from './compiled.ts'
import type { Contribution } from './contributions.ts'
import type { CeremonyError } from './errors.ts'
import { readNamed, unusable, writeNew } from './files.ts'
import { readCeremonyKey, type CeremonyKey } from './keyFile.ts'
import type { KnownPowersOfTau } from './knownPowersOfTau.ts'
import { blake2bOf, readPowersOfTau, type PowersOfTau } from './powersOfTauFile.ts'
import { closeCeremony, contributeTo, lastOf, startCeremony } from './steps.ts'
import { checkTranscript, finishCeremony } from './transcript.ts'
import { verifyCeremony, verifyFinished, type Ceremony } from './verify.ts'

/** Lines to print. */
type Said = Result<readonly string[], CeremonyError>

/** A circuit of the project, or in a rehearsal the path of any source. */
export type CircuitChoice = { readonly circuit: string } | { readonly source: string }

/** What every check begins with. */
export interface Setting {
  readonly root: string
  readonly choice: CircuitChoice
  readonly ptau: string
  readonly known: readonly KnownPowersOfTau[]
  readonly isRehearsal: boolean
}

export async function start(setting: Setting, out: string): Promise<Said> {
  const made = await settingOf(setting)
  if (!made.ok) return made
  const key = await startCeremony(made.value.compiled.circuit, made.value.ptau)
  if (!key.ok) return key
  return saved(out, key.value, [
    ...settingLines(made.value),
    `${out} waits for the first contribution`,
  ])
}

export async function contribute(options: {
  readonly from: string
  readonly out: string
  readonly name: string
  readonly text: string
}): Promise<Said> {
  const { from, out, name, text } = options
  const key = keyOf(from)
  if (!key.ok) return key
  const next = await contributeTo(key.value, { name, text })
  if (!next.ok) return next
  const last = lastOf(next.value)
  if (last === undefined) return ok([])
  const attestation = attest(last, key.value.bytes, next.value.bytes)
  const bytes = Buffer.from(`${JSON.stringify(attestation, null, 2)}\n`)
  const said = saved(out, next.value, [
    `contribution ${last.hash}`,
    `${out}.attestation.json says so: sign it and publish it where others see it`,
  ])
  const written = said.ok ? writeNew(`${out}.attestation.json`, bytes) : said
  return written.ok ? said : written
}

export async function beacon(options: {
  readonly from: string
  readonly out: string
  readonly hash: string
  readonly iterationsExponent: number
}): Promise<Said> {
  const key = keyOf(options.from)
  if (!key.ok) return key
  const next = await closeCeremony(key.value, options)
  if (!next.ok) return next
  return saved(options.out, next.value, [`beacon ${lastOf(next.value)?.hash ?? ''}`])
}

export interface Check extends Setting {
  readonly from: string
  readonly attestations: readonly string[]
}

/** Of a ceremony that is over with `transcript`; else of one under way. */
export async function verify(check: Check, transcript?: string): Promise<Said> {
  const made = await ceremonyOf(check)
  if (!made.ok) return made
  const { ceremony } = made.value
  if (transcript !== undefined) {
    const told = readNamed(transcript)
    const same = told.ok ? checkTranscript(told.value, ceremony) : told
    if (!same.ok) return same
  }
  const checked = await (transcript === undefined ? verifyCeremony : verifyFinished)(ceremony)
  if (!checked.ok) return checked
  const { list } = ceremony.key
  return ok([
    ...settingLines(made.value),
    ...list.map(contributionLine),
    `${check.from} follows from them (BLAKE2b ${blake2bOf(ceremony.key.bytes)})`,
  ])
}

/** Writes what a prover needs, the transcript, and the entry for circuits/artifacts.json. */
export async function finish(check: Check, out: string): Promise<Said> {
  const made = await ceremonyOf(check)
  if (!made.ok) return made
  const finished = await finishCeremony(made.value.ceremony, made.value.compiled)
  if (!finished.ok) return finished
  const { transcript, files } = finished.value
  try {
    mkdirSync(out, { recursive: true })
  } catch (error) {
    return unusable(out, error)
  }
  const json = (value: object): Uint8Array => Buffer.from(`${JSON.stringify(value, null, 2)}\n`)
  const all = {
    ...files,
    'transcript.json': json(transcript),
    'entry.json': json({ [transcript.circuit]: transcript.artifacts }),
  }
  for (const [name, bytes] of Object.entries(all)) {
    const written = writeNew(join(out, name), bytes)
    if (!written.ok) return written
  }
  return ok([
    ...settingLines(made.value),
    ...Object.keys(all).map((name) => `${join(out, name)} written`),
    transcript.rehearsal ? 'a rehearsal: these keys are development keys' : 'the keys are ready',
  ])
}

/** Of a beacon what it was made of, to compare with what was announced. */
function contributionLine({ name, hash, beacon: value }: Contribution): string {
  if (value === undefined) return `contribution ${name} ${hash}`
  return `beacon of ${value.hash}, 2^${String(value.iterationsExponent)} iterations, ${hash}`
}

interface Made {
  readonly compiled: CompiledCircuit
  readonly ptau: PowersOfTau
}

async function settingOf(setting: Setting): Promise<Result<Made, CeremonyError>> {
  const { root, choice, known, isRehearsal } = setting
  const file = readNamed(setting.ptau)
  if (!file.ok) return file
  const ptau = readPowersOfTau(file.value, known, { isRehearsal })
  if (!ptau.ok) return ptau
  const compiled = await ('circuit' in choice
    ? compileForCeremony(root, choice.circuit)
    : compileSource(root, choice.source))
  return compiled.ok ? ok({ compiled: compiled.value, ptau: ptau.value }) : compiled
}

async function ceremonyOf(
  check: Check,
): Promise<Result<Made & { readonly ceremony: Ceremony }, CeremonyError>> {
  const key = keyOf(check.from)
  if (!key.ok) return key
  const attestations: Attestation[] = []
  for (const file of check.attestations) {
    const bytes = readNamed(file)
    const attestation = bytes.ok ? readAttestation(bytes.value) : bytes
    if (!attestation.ok) return attestation
    attestations.push(attestation.value)
  }
  const made = await settingOf(check)
  if (!made.ok) return made
  const { compiled, ptau } = made.value
  const ceremony = { circuit: compiled.circuit, ptau, key: key.value, attestations }
  return ok({ ...made.value, ceremony })
}

function keyOf(file: string): Result<CeremonyKey, CeremonyError> {
  const named = readNamed(file)
  return named.ok ? readCeremonyKey(named.value) : named
}

function saved(out: string, key: CeremonyKey, lines: readonly string[]): Said {
  const written = writeNew(out, key.bytes)
  if (!written.ok) return written
  return ok([...lines, `${out} has BLAKE2b ${blake2bOf(key.bytes)}`])
}

function settingLines({ compiled, ptau }: Made): readonly string[] {
  const from = ptau.known === undefined ? 'NOT PUBLISHED, a rehearsal' : ptau.known.file
  return [
    `circuit ${compiled.name}, sources ${compiled.sourceHash}`,
    `powers of tau: ${from}, 2^${String(ptau.power)}`,
  ]
}
