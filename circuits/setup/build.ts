/**
 * From circuit source to checked artifacts, reproducibly (ZK-2).
 *
 * For each circuit: compile → Groth16 key from a known tau → one beacon contribution →
 * verification key. Nothing here draws randomness: tau comes from the published seed, the
 * contribution is snarkjs's beacon over its hash. Products are cached by the hash of their
 * sources.
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
import { generatedSources } from './generated.ts'
import {
  ceremonyEntries,
  describeArtifacts,
  fileFaults,
  type CeremonyEntries,
  type Manifest,
} from './manifest.ts'
import {
  artifactFile,
  artifactNames,
  circuitNames,
  paths,
  sourcePath,
  type CircuitName,
} from './paths.ts'
import { readR1cs } from './r1cs.ts'
import { developmentSeed } from './scalars.ts'
import { sourceHash, sourcesOf } from './sources.ts'

const contributionName = 'development: no secret'
const beaconIterationsExponent = 10

export interface BuildOptions {
  readonly root: string
  readonly isForced: boolean
  readonly say: (line: string) => void
}

/** Builds all or takes them from the cache, and serves them; but not those of a ceremony. */
export async function buildCircuits(options: BuildOptions): Promise<Manifest> {
  const { root } = options
  const kept = ceremonyEntries(root)
  const folders = await built(circuitNames, kept, options)
  const manifest = describeArtifacts(root, (circuit) => folders.get(circuit) ?? '', kept)
  serve(root, manifest, folders)
  return manifest
}

/** Some of them, whose sources are those of `manifest`. */
export async function buildSome(
  circuits: readonly CircuitName[],
  manifest: Manifest,
  options: BuildOptions,
): Promise<void> {
  const kept = ceremonyEntries(options.root)
  serve(options.root, manifest, await built(circuits, kept, options))
}

async function built(
  circuits: readonly CircuitName[],
  kept: CeremonyEntries,
  options: BuildOptions,
): Promise<ReadonlyMap<CircuitName, string>> {
  const { root, isForced, say } = options
  const folders = new Map<CircuitName, string>()
  for (const circuit of circuits) {
    if (kept.has(circuit)) {
      say(`circuits: ${circuit} has keys of a ceremony, which are not built`)
      continue
    }
    const folder = `${paths.build}/${sourceHash(root, circuit).slice(0, 16)}`
    folders.set(circuit, folder)
    const isCached = artifactNames.every((name) =>
      existsSync(join(root, folder, artifactFile(circuit, name))),
    )
    if (isForced || !isCached) await buildInto(circuit, folder, options)
    else say(`circuits: ${circuit} unchanged, taken from ${folder}`)
  }
  return folders
}

function serve(root: string, manifest: Manifest, folders: ReadonlyMap<CircuitName, string>): void {
  mkdirSync(join(root, paths.served), { recursive: true })
  for (const [circuit, folder] of folders) {
    if (fileFaults(root, paths.served, manifest, circuit).length === 0) continue
    for (const name of artifactNames) {
      const file = artifactFile(circuit, name)
      copyFile(root, `${folder}/${file}`, `${paths.served}/${file}`)
    }
  }
}

async function buildInto(
  circuit: CircuitName,
  folder: string,
  { root, say }: BuildOptions,
): Promise<void> {
  const work = `${folder}.${process.pid}`
  mkdirSync(join(root, work), { recursive: true })
  try {
    const started = performance.now()
    for (const name of sourcesOf(root, circuit).generated) {
      writeFileSync(join(root, work, name), generatedSources[name]?.() ?? '')
    }
    const { r1cs, wasm, constraintCount } = await compileCircuit(
      root,
      work,
      circuit,
      sourcePath(circuit),
    )
    say(`circuits: ${circuit} compiled, ${constraintCount} constraints${since(started)}`)
    const parsed = readR1cs(readFileSync(join(root, r1cs)))
    const file = (name: (typeof artifactNames)[number]): string => artifactFile(circuit, name)
    const first = join(root, work, 'first.zkey')
    const last = join(root, work, file('zkey'))
    writeFileSync(first, await developmentFirstKey(parsed))
    const beacon = createHash('sha256').update(`${developmentSeed}/beacon`).digest('hex')
    await zKey.beacon(first, last, contributionName, beacon, beaconIterationsExponent, quiet)
    const vkey = await zKey.exportVerificationKey(last)
    writeFileSync(join(root, work, file('vkey')), `${JSON.stringify(vkey, null, 1)}\n`)
    say(`circuits: ${circuit} has development keys${since(started)}`)

    mkdirSync(join(root, folder), { recursive: true })
    renameSync(join(root, wasm), join(root, work, file('wasm')))
    for (const name of artifactNames) {
      copyFile(root, `${work}/${file(name)}`, `${folder}/${file(name)}`)
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
