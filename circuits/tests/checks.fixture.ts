/** The lines of the circuits that refuse a witness, and which of them an error names. */

import { readdirSync, readFileSync } from 'node:fs'
import type { CircuitName } from '../setup/paths.ts'
import { projectRoot } from './artifacts.fixture.ts'

export interface Check {
  /** Path from `circuits`, and line: `lib/window.circom:72`. */
  readonly place: string
  /** The statement there. */
  readonly text: string
}

/** What all templates use; the checks of these are those of whoever uses them. */
const shared = ['lib/integers.circom', 'lib/ln_sqrt.circom']

/** A constraint that nothing is assigned by, a range check, or one of a point. */
const checkStatement = /^ *(?:[^/]*[^<=]===|InRange\(|BabyCheck\()/

const linesOf = (file: string): readonly string[] =>
  readFileSync(`${projectRoot}/circuits/${file}`, 'utf8').split('\n')

const files = ['lib', 'src'].flatMap((folder) =>
  readdirSync(`${projectRoot}/circuits/${folder}`)
    .filter((name) => name.endsWith('.circom'))
    .map((name) => `${folder}/${name}`),
)

const fileOfTemplate = new Map(
  files.flatMap((file) =>
    linesOf(file).flatMap((line) => {
      const [, template] = /^template (\w+)\(/.exec(line) ?? []
      return template === undefined ? [] : [[template, file] as const]
    }),
  ),
)

/** Files with checks of their own. */
export const filesWithChecks: readonly string[] = files.filter(
  (file) => !shared.includes(file) && checksOf(file).length > 0,
)

/** Those of which every check refuses something in the tests of that circuit. */
export const filesSeenBy: Readonly<Record<CircuitName, readonly string[]>> = {
  emotional_proof: [
    'lib/continuity.circom',
    'lib/emotional.circom',
    'lib/score.circom',
    'lib/window.circom',
  ],
  liveness_proof: [
    'lib/breath_share.circom',
    'lib/breath_window.circom',
    'src/liveness_proof.circom',
  ],
  wellness_share: ['lib/elgamal.circom', 'src/wellness_share.circom'],
  consent_proof: ['src/consent_proof.circom'],
  emotional_proof_signed: ['lib/sensor_signature.circom', 'src/emotional_proof_signed.circom'],
  emotional_proof_two: ['lib/two_hearts.circom', 'src/emotional_proof_two.circom'],
}

export function checksOf(file: string): readonly Check[] {
  return linesOf(file).flatMap((line, index) =>
    checkStatement.test(line) ? [checkAt(file, index + 1, line)] : [],
  )
}

/**
 * The innermost line that an error of the witness generator names outside of `shared`, as in
 * `Error in template HeartbeatWindow_5 line: 86`.
 */
export function checkOf(error: string): Check {
  for (const [, template = '', line] of error.matchAll(/template (\w+)_\d+ line: (\d+)/g)) {
    const file = fileOfTemplate.get(template)
    if (file === undefined || shared.includes(file)) continue
    return checkAt(file, Number(line), linesOf(file)[Number(line) - 1] ?? '')
  }
  throw new Error(`no line of a circuit in: ${error}`)
}

function checkAt(file: string, line: number, text: string): Check {
  return { place: `${file}:${line}`, text: text.trim() }
}
