/**
 * The statement of `emotional_proof` for o1js, clause by clause and with the same numbers. What
 * differs: the field is that of Pasta's Fp, and Poseidon has the parameters of o1js.
 */

import { publicSignalNames, publicSignalValues } from '../../../src/core/emotion/publicSignals.ts'
import type { Scenario } from '../../../src/core/emotion/statement.fixture.ts'
import { beatsMax } from '../../../src/core/emotion/window.ts'
import { Integers } from './integers.ts'
import type { Bit, Field, O1js, Program } from './o1js.ts'
import { stateScore } from './score.ts'
import { stateWindow } from './window.ts'

const depth = 20

/** Intervals, used slots, marks; numbers by `secretNames`; siblings and which side they are. */
export type PeerInputs = readonly [
  ticks: readonly Field[],
  selected: readonly Bit[],
  marks: readonly Bit[],
  secrets: readonly Field[],
  siblings: readonly Field[],
  turns: readonly Bit[],
]

export interface PeerStatement {
  readonly signals: readonly Field[]
  readonly inputs: PeerInputs
}

const secretNames = [
  'firstOffsetTicks',
  'restHrCentiBpm',
  'hrSigmaCentiBpm',
  'lnRmssdQ16',
  'lnRmssdSigmaQ16',
  'baselineSalt',
  'nullifierKey',
  'credentialExpiryEpoch',
] as const

type Named<Name extends string> = Readonly<Record<Name, Field>>

function named<Name extends string>(names: readonly Name[], fields: readonly Field[]): Named<Name> {
  return Object.fromEntries(names.map((name, index) => [name, fields[index]])) as Named<Name>
}

/** States all clauses; throws where the inputs do not satisfy them. */
export function state(library: O1js, signals: readonly Field[], inputs: PeerInputs): void {
  const integers = new Integers(library)
  const stated = named(publicSignalNames, signals)
  const [ticks, selected, marks, numbers, siblings, turns] = inputs
  const secrets = named(secretNames, numbers)
  const { firstOffsetTicks } = secrets
  const sums = stateWindow(integers, { ticks, selected, marks, firstOffsetTicks })

  const { leaf, nullifier } = hashesOf(library, stated, secrets)
  rootOf(library, integers, leaf, siblings, turns).assertEquals(stated.enrolmentRoot)
  integers.below(secrets.credentialExpiryEpoch.sub(stated.epoch).seal(), 32)

  const isCamera = stated.provenance.equals(3).toField()
  const score = stateScore(integers, sums, secrets, isCamera)
  integers.inRange(score.sub(stated.threshold).seal(), 0, 10_000)

  nullifier.assertEquals(stated.nullifier)
  integers.flush()
}

/** The program that proves it. */
export function programOf(library: O1js): Program<PeerInputs> {
  const { Field, Bool, Provable } = library
  const [fields, bits] = [
    (length: number) => Provable.Array(Field, length),
    (length: number) => Provable.Array(Bool, length),
  ]
  return library.ZkProgram({
    name: 'emotional-proof',
    publicInput: fields(publicSignalNames.length),
    methods: {
      prove: {
        privateInputs: [
          fields(beatsMax),
          bits(beatsMax),
          bits(beatsMax),
          fields(secretNames.length),
          fields(depth),
          bits(depth),
        ],
        method: (signals: readonly Field[], ...inputs: PeerInputs) => {
          state(library, signals, inputs)
          return Promise.resolve()
        },
      },
    },
  }) as Program<PeerInputs>
}

/** The window, baseline and secrets of a scenario, enrolled in a tree of this field. */
export function statementOf(
  library: O1js,
  { window, secrets, context, publicInputs }: Scenario,
  thresholdBp: number,
): PeerStatement {
  const { Field, Bool } = library
  const padded = (values: readonly number[]): readonly number[] =>
    Array.from({ length: beatsMax }, (_, index) => values[index] ?? 0)
  const bits = (values: readonly number[]): readonly Bit[] => values.map((bit) => Bool(bit === 1))
  const numbers: Readonly<Record<(typeof secretNames)[number], number | bigint>> = {
    firstOffsetTicks: window.firstOffsetTicks,
    ...secrets.baseline,
    baselineSalt: secrets.baselineSalt,
    nullifierKey: secrets.nullifierKey,
    credentialExpiryEpoch: context.credentialExpiryEpoch,
  }
  const values = secretNames.map((name) => Field(numbers[name]))
  const siblings = context.path.siblings.map((sibling) => Field(sibling))
  const turns = siblings.map((_, level) => Bool(((context.path.leafIndex >> level) & 1) === 1))
  const folded = publicSignalValues({ ...publicInputs, thresholdBp })
  const given = named(
    publicSignalNames,
    publicSignalNames.map((name) => Field(folded[name])),
  )
  const integers = new Integers(library)
  const { leaf, nullifier } = hashesOf(library, given, named(secretNames, values))
  const enrolmentRoot = rootOf(library, integers, leaf, siblings, turns)
  const own = { ...given, nullifier, enrolmentRoot }
  return {
    signals: publicSignalNames.map((name) => own[name]),
    inputs: [
      padded(window.ticks).map((tick) => Field(tick)),
      bits(padded(window.ticks.map(() => 1))),
      bits(padded(window.marks.map(Number))),
      values,
      siblings,
      turns,
    ],
  }
}

function hashesOf(
  { Poseidon, Field }: O1js,
  stated: Named<(typeof publicSignalNames)[number]>,
  secrets: Named<(typeof secretNames)[number]>,
): { readonly leaf: Field; readonly nullifier: Field } {
  const { nullifierKey, baselineSalt, credentialExpiryEpoch } = secrets
  const packed = secrets.restHrCentiBpm
    .add(secrets.hrSigmaCentiBpm.mul(1n << 16n))
    .add(secrets.lnRmssdQ16.mul(1n << 32n))
    .add(secrets.lnRmssdSigmaQ16.mul(1n << 64n))
    .seal()
  const commitment = Poseidon.hash([Field(ascii('emo/baseline/1')), packed, baselineSalt])
  const nkHash = Poseidon.hash([nullifierKey])
  const { identity, consentVersion, chainId, epoch } = stated
  return {
    leaf: Poseidon.hash([identity, nkHash, commitment, consentVersion, credentialExpiryEpoch]),
    nullifier: Poseidon.hash([Field(ascii('emo/nullifier/1')), chainId, nullifierKey, epoch]),
  }
}

function rootOf(
  { Poseidon }: O1js,
  integers: Integers,
  leaf: Field,
  siblings: readonly Field[],
  turns: readonly Bit[],
): Field {
  return siblings.reduce((hash, sibling, level) => {
    const turn = turns[level]?.toField() ?? integers.constant(0)
    const left = integers.select(turn, sibling, hash)
    return Poseidon.hash([left, hash.add(sibling).sub(left).seal()])
  }, leaf)
}

function ascii(text: string): bigint {
  return [...new TextEncoder().encode(text)].reduce(
    (value, byte) => (value << 8n) | BigInt(byte),
    0n,
  )
}
