/** The sources that a circuit is compiled from, and their hash (ZK-2). */

import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join, posix } from 'node:path'
import { generatedSources } from './generated.ts'
import { sourcePath, type CircuitName } from './paths.ts'
import { developmentSeed } from './scalars.ts'

/** Counts changes of the set-up that change its products. */
const setupVersion = 1

const toolPackages = ['circom2', 'circomlib', 'snarkjs'] as const

export interface CircuitSources {
  /** Paths from the project's root: the circuit itself, then what it includes, sorted. */
  readonly files: readonly string[]
  /** Names in `generatedSources`, sorted. */
  readonly generated: readonly string[]
}

/** Follows the includes; those of circomlib are known by its version. */
export function sourcesOf(root: string, circuit: CircuitName): CircuitSources {
  const files = new Set<string>()
  const generated = new Set<string>()
  const visit = (path: string): void => {
    for (const [, included = ''] of readFileSync(join(root, path), 'utf8').matchAll(
      /^include "([^"]+)";$/gm,
    )) {
      const beside = posix.join(dirname(path), included)
      if (generatedSources[basename(included)] !== undefined) generated.add(basename(included))
      else if (existsSync(join(root, beside)) && !files.has(beside)) {
        files.add(beside)
        visit(beside)
      }
    }
  }
  visit(sourcePath(circuit))
  return { files: [sourcePath(circuit), ...[...files].sort()], generated: [...generated].sort() }
}

/** SHA-256 over the sources, the versions of the tools, the seed and the version of the set-up. */
export function sourceHash(root: string, circuit: CircuitName): string {
  const hash = createHash('sha256')
  hash.update(`setup ${setupVersion}\nseed ${developmentSeed}\n`)
  for (const name of toolPackages) {
    const text = readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')
    const { version } = JSON.parse(text) as { readonly version: string }
    hash.update(`${name} ${version}\n`)
  }
  const { files, generated } = sourcesOf(root, circuit)
  for (const path of files) hash.update(`${path} ${sha256(readFileSync(join(root, path)))}\n`)
  for (const name of generated) {
    hash.update(`${name} ${sha256(Buffer.from(generatedSources[name]?.() ?? ''))}\n`)
  }
  return hash.digest('hex')
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
