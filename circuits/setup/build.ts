/**
 * From circuit source to checked artifacts, reproducibly (ZK-2).
 *
 * compile → Groth16 key from a known tau → one beacon contribution → verification key. Nothing here
 * draws randomness: tau comes from the published seed, the contribution is snarkjs's beacon over
 * its hash. Products are cached by the hash of their sources.
 */

import { createHash } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { compileCircuit } from './compile.ts'
import { zKey, type Logger } from './curve.ts'
import { developmentFirstKey } from './firstKey.ts'
import { describeArtifacts, findFaults, sourceHash, type Manifest } from './manifest.ts'
import { artifactFiles, artifactNames, paths } from './paths.ts'
import { readR1cs } from './r1cs.ts'
import { developmentSeed } from './scalars.ts'

const contributionName = 'development: no secret'
const beaconIterationsExponent = 10

export interface BuildOptions {
  readonly root: string
  readonly isForced: boolean
  readonly say: (line: string) => void
}

/** Builds or takes from the cache, and serves. */
export async function buildCircuits(options: BuildOptions): Promise<Manifest> {
  const { root, isForced, say } = options
  const folder = `${paths.build}/${sourceHash(root).slice(0, 16)}`
  const isCached = artifactNames.every((name) =>
    existsSync(join(root, folder, artifactFiles[name])),
  )
  if (isForced || !isCached) await buildInto(folder, options)
  else say(`circuits: unchanged, taken from ${folder}`)

  const manifest = describeArtifacts(root, folder)
  mkdirSync(join(root, paths.served), { recursive: true })
  if (findFaults(root, paths.served, manifest).length > 0) {
    for (const name of artifactNames) {
      copyFile(root, `${folder}/${artifactFiles[name]}`, `${paths.served}/${artifactFiles[name]}`)
    }
  }
  return manifest
}

async function buildInto(folder: string, { root, say }: BuildOptions): Promise<void> {
  const work = `${folder}.${process.pid}`
  mkdirSync(join(root, work), { recursive: true })
  try {
    const started = performance.now()
    const { r1cs, wasm, constraintCount } = await compileCircuit(root, work)
    say(`circuits: compiled, ${constraintCount} constraints${since(started)}`)
    const parsed = readR1cs(readFileSync(join(root, r1cs)))
    const first = join(root, work, 'first.zkey')
    const last = join(root, work, artifactFiles.zkey)
    writeFileSync(first, await developmentFirstKey(parsed))
    const beacon = createHash('sha256').update(`${developmentSeed}/beacon`).digest('hex')
    await zKey.beacon(first, last, contributionName, beacon, beaconIterationsExponent, quiet)
    const vkey = await zKey.exportVerificationKey(last)
    writeFileSync(join(root, work, artifactFiles.vkey), `${JSON.stringify(vkey, null, 1)}\n`)
    say(`circuits: development keys made${since(started)}`)

    mkdirSync(join(root, folder), { recursive: true })
    renameSync(join(root, wasm), join(root, work, artifactFiles.wasm))
    for (const name of artifactNames) {
      copyFile(root, `${work}/${artifactFiles[name]}`, `${folder}/${artifactFiles[name]}`)
    }
  } finally {
    rmSync(join(root, work), { recursive: true, force: true })
  }
}

/** Atomic: a reader sees the old file or the new one. */
function copyFile(root: string, source: string, target: string): void {
  const draft = join(root, `${target}.${process.pid}`)
  copyFileSync(join(root, source), draft)
  renameSync(draft, join(root, target))
}

function since(startedMs: number): string {
  return ` (${((performance.now() - startedMs) / 1000).toFixed(1)} s)`
}

const quiet: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: (message) => {
    throw new Error(`snarkjs: ${message}`)
  },
}
