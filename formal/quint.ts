/**
 * `agreement.qnt` in Quint's own simulator: random runs from a fixed seed of the agreement, which
 * must be safe, and of its mutants, which must not be. The simulator written in TypeScript runs
 * without the network; the default one would be downloaded.
 */
import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

export interface Instance {
  /** A module of `agreement.qnt`. */
  readonly name: string
  readonly invariant: string
  readonly samples: number
  /** The invariant must break: a mutant, or the proof that a run gets somewhere. */
  readonly breaks: boolean
  /** Also a unit test; each instance costs seconds before its first run. */
  readonly quick: boolean
}

export interface Simulation {
  readonly name: string
  readonly seconds: number
  readonly verdict: string
  readonly asExpected: boolean
}

function instance(name: string, options: Partial<Instance> = {}): Instance {
  return { name, invariant: 'safe', samples: 300, breaks: true, quick: false, ...options }
}

export const instances: readonly Instance[] = [
  instance('fourSeats', { samples: 20, breaks: false, quick: true }),
  instance('sixSeats', { samples: 20, breaks: false }),
  instance('fourSeats', { invariant: 'nothingAfterSkip', quick: true }),
  instance('commitAfterSkip', { quick: true }),
  instance('skipAfterCommit'),
  instance('secondVote'),
  instance('fullQuorumCommits'),
  instance('noJustification', { quick: true }),
  instance('recordLost', { quick: true }),
  instance('tailHandsOver', { quick: true }),
  instance('quorumTooSmall'),
]

const seed = 7
const stepsMax = 22
const folder = fileURLToPath(new URL('.', import.meta.url))
const program = createRequire(import.meta.url).resolve('@informalsystems/quint/dist/src/cli.js')

/** Runs instances, two at a time, in the order given. */
export async function simulate(chosen: readonly Instance[]): Promise<readonly Simulation[]> {
  const found: Simulation[] = []
  const queue = chosen.map((instance, index) => ({ instance, index }))
  const lane = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      found[next.index] = await simulateOne(next.instance)
    }
  }
  await Promise.all([lane(), lane()])
  return found
}

async function simulateOne(instance: Instance): Promise<Simulation> {
  const { name, invariant, samples, breaks } = instance
  const startedMs = performance.now()
  const output = await quint(
    'run',
    'agreement.qnt',
    '--backend=typescript',
    `--main=${name}`,
    `--invariant=${invariant}`,
    `--max-samples=${samples}`,
    `--max-steps=${stepsMax}`,
    `--seed=${seed}`,
    '--verbosity=1',
  )
  const broke = output.includes('[violation]')
  const held = output.includes('[ok]')
  return {
    name: `${name}, ${invariant}`,
    seconds: (performance.now() - startedMs) / 1000,
    verdict: broke ? 'broken' : held ? `held in ${samples} runs` : `FAILED: ${output}`,
    asExpected: breaks ? broke : held,
  }
}

/** What Quint prints. Its exit code does not tell a violation from a mistake in the text. */
function quint(...options: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...options], { cwd: folder })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
    }
    child.on('error', reject)
    child.on('close', () => {
      resolve(output)
    })
  })
}
