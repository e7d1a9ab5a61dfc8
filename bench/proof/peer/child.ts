/**
 * One prover in a process of its own, so that its memory is its own: `ours` or `o1js FOLDER`, and
 * how often. Prints a `PeerFigures` as the last line.
 */

import { readKeyFile, coefficientWords } from '../../../workers/prover/groth16/keyFile.ts'
import { ProverEngine } from '../../../workers/prover/engine.ts'
import { testScenario, type Scenario } from '../../../src/core/emotion/statement.fixture.ts'
import { buildStatement, type EmotionalStatement } from '../../../src/core/emotion/statement.ts'
import { measured, type Measured } from '../../measure.ts'
import { fileOf, namesOf } from '../statements.ts'
import type { PeerFigures } from './figures.ts'
import { loadO1js } from './o1js.ts'
import { programOf, state, statementOf } from './statement.ts'

type Figures = Omit<PeerFigures, 'side' | 'peakBytes'>

/** The scenario of `bench -- proof`, its threshold the score itself. */
function statedScenario(): { readonly scenario: Scenario; readonly built: EmotionalStatement } {
  const easy = testScenario({ seed: 5 })
  const { scoreBp } = mustBuild(easy).score
  const scenario = testScenario({ seed: 5, thresholdBp: scoreBp })
  return { scenario, built: mustBuild(scenario) }
}

function mustBuild(scenario: Scenario): EmotionalStatement {
  const built = buildStatement(scenario)
  if (!built.ok) throw new Error(built.error.code)
  return built.value
}

async function measureOurs(runs: number): Promise<Figures> {
  const { circuitInput, publicInputs } = statedScenario().built
  const names = namesOf('emotional_proof')
  const files = Object.fromEntries(names.map((name) => [name, fileOf(name)]))
  const source = { kind: 'bytes', files } as const
  const engine = new ProverEngine({ kind: 'start', source, allowsDevelopmentKeys: true })
  const preparing = await measured(async () => {
    await engine.warm()
  })
  let proof = new Uint8Array()
  const prove = async (): Promise<void> => {
    const task = { kind: 'prove', circuitInput, publicInputs } as const
    const made = await engine.prove(task, () => undefined)
    if (!made.ok || made.value === undefined) throw new Error('the statement is true')
    proof = new Uint8Array(made.value)
  }
  const verify = async (): Promise<void> => {
    const verdict = await engine.verify({ kind: 'verify', proof, publicInputs })
    if (!verdict.ok) throw new Error(verdict.error.code)
  }
  const times = await timesOf(runs, prove, verify)
  return { size: constraintsOf(fileOf(names[1])), preparing, ...times, proofBytes: proof.length }
}

async function measureO1js(folder: string, runs: number): Promise<Figures> {
  const library = await loadO1js(folder)
  // A page has nothing else.
  library.setBackend('wasm')
  const { scenario } = statedScenario()
  const { thresholdBp } = scenario.publicInputs
  const { signals, inputs } = statementOf(library, scenario, thresholdBp)
  await library.Provable.runAndCheck(() => state(library, signals, inputs))
  const above = statementOf(library, scenario, thresholdBp + 1)
  const refusal = library.Provable.runAndCheck(() => state(library, above.signals, above.inputs))
  if (await refusal.then(() => true).catch(() => false)) throw new Error('it takes a false one')

  const program = programOf(library)
  const { prove: method } = await program.analyzeMethods()
  let key: unknown
  const preparing = await measured(async () => {
    key = (await program.compile({ cache: library.Cache.None })).verificationKey
  })
  let made: Awaited<ReturnType<typeof program.prove>>['proof'] | undefined
  const prove = async (): Promise<void> => {
    made = (await program.prove(signals, ...inputs)).proof
  }
  const verify = async (): Promise<void> => {
    if (made === undefined || !(await library.verify(made, key))) throw new Error('no proof')
  }
  const times = await timesOf(runs, prove, verify)
  const { proof } = made?.toJSON() as { readonly proof: string }
  return {
    size: method?.rows ?? NaN,
    preparing,
    ...times,
    proofBytes: Buffer.from(proof, 'base64').length,
  }
}

async function timesOf(
  runs: number,
  prove: () => Promise<void>,
  verify: () => Promise<void>,
): Promise<Pick<Figures, 'first' | 'proving' | 'verifying'>> {
  const first = await measured(prove)
  await verify()
  const [proving, verifying]: [Measured[], Measured[]] = [[], []]
  for (let run = 0; run < runs; run += 1) {
    proving.push(await measured(prove))
    verifying.push(await measured(verify))
  }
  return { first, proving, verifying }
}

/** Rows of the key's matrices without those that snarkjs adds for public signals. */
function constraintsOf(zkey: Uint8Array): number {
  const key = readKeyFile(zkey)
  if (!key.ok) throw new Error(key.error.code)
  const { coefficients, publicCount } = key.value
  let last = 0
  for (let at = 1; at < coefficients.length; at += coefficientWords) {
    last = Math.max(last, coefficients[at] ?? 0)
  }
  return last - publicCount
}

const [side = '', count = '', folder = ''] = process.argv.slice(2)
const runs = Number(count)
const figures = side === 'ours' ? await measureOurs(runs) : await measureO1js(folder, runs)
const peakBytes = 1024 * process.resourceUsage().maxRSS
console.log(JSON.stringify({ side, ...figures, peakBytes }))
// The peer leaves its threads running.
process.exit(0)
