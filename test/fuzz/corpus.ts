/**
 * The corpus: test/corpus/TARGET/WHAT.bin, bytes that once were or could be trouble, and good
 * examples of what has no frozen vectors. A name that begins with `taken` says that the bytes are
 * good; all others are refused.
 */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { blsBlst } from '../../src/adapters/crypto/blsBlst.ts'
import { formatGenesis } from '../../src/core/ledger/genesis/genesisFile.ts'
import { testGenesis } from '../../src/core/ledger/testChain.fixture.ts'
import { filledInstances, readWireSchema } from '../support/wireSchema.ts'
import { codecOf } from './targets.ts'

const folder = new URL('../corpus/', import.meta.url)
const instances = [...filledInstances(readWireSchema()).values()]
const { genesis } = testGenesis(blsBlst, { validators: 1, seats: 1 })

export interface CorpusEntry {
  readonly target: string
  readonly name: string
  readonly bytes: Uint8Array
}

export function readCorpus(): readonly CorpusEntry[] {
  return readdirSync(folder)
    .sort()
    .flatMap((target) =>
      readdirSync(new URL(`${target}/`, folder))
        .sort()
        .map((name) => {
          const bytes = readFileSync(new URL(`${target}/${name}`, folder))
          return { target, name, bytes: new Uint8Array(bytes) }
        }),
    )
}

/** Where it was written, relative to the project. */
export function keep({ target, name, bytes }: CorpusEntry): string {
  mkdirSync(new URL(`${target}/`, folder), { recursive: true })
  writeFileSync(new URL(`${target}/${name}`, folder), bytes)
  return `test/corpus/${target}/${name}`
}

/** What each target is fed changes of: a filled message of its own kind, and its corpus. */
export function seedsOf(target: string, corpus: readonly CorpusEntry[]): readonly Uint8Array[] {
  if (target === 'text-genesis') return [new TextEncoder().encode(formatGenesis(genesis))]
  const wire = instances
    .filter(({ message }) => message === (wireOf[target] ?? target))
    .map(({ message, value }) => codecOf(message).encode(value as never))
  return [...wire, ...corpus.filter((one) => one.target === target).map(({ bytes }) => bytes)]
}

/** The message that a reader of bytes reads. */
const wireOf: Readonly<Record<string, string>> = {
  'bytes-body': 'Body',
  'bytes-header': 'Header',
  'bytes-message': 'ConsensusMessage',
}
