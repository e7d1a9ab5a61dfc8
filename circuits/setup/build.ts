/**
 * From circuit source to checked artifacts, reproducibly (ZK-2).
 *
 * compile → development powers of tau → Groth16 set-up → one beacon contribution → verification key.
 * Nothing here draws randomness: the powers of tau come from the published seed, the contribution is
 * snarkjs's beacon over its hash. Products are cached by the hash of their sources.
 */

import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compileCircuit } from './compile.ts'
import { zKey, type Logger } from './curve.ts'
import { describeArtifacts, findFaults, sourceHash, type Manifest } from './manifest.ts'
import { artifactFiles, artifactNames, paths } from './paths.ts'
import { developmentPowersOfTau, developmentSeed } from './powersOfTau.ts'

/** Domain of the circuit: 2^14 rows hold 16,384 constraints and public signals. */
const power = 14
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
    const ptau = await powersOfTauFile(root, say)

    const first = join(root, work, 'first.zkey')
    const last = join(root, work, artifactFiles.zkey)
    const created = await zKey.newZKey(join(root, r1cs), join(root, ptau), first, quiet)
    if (created === -1) throw new Error(`the circuit does not fit into 2^${power} rows`)
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

async function powersOfTauFile(root: string, say: (line: string) => void): Promise<string> {
  const seedHash = createHash('sha256').update(developmentSeed).digest('hex').slice(0, 16)
  const file = `${paths.build}/development_${seedHash}_${power}.ptau`
  if (existsSync(join(root, file))) return file
  const started = performance.now()
  const bytes = await developmentPowersOfTau(power)
  writeFileSync(join(root, `${file}.${process.pid}`), bytes)
  renameSync(join(root, `${file}.${process.pid}`), join(root, file))
  say(`circuits: development powers of tau made${since(started)}`)
  return file
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
