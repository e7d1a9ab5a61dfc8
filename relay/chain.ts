/** The chain that a relay serves: its genesis file, read and checked (EPOCH-6). */

import { readFile } from 'node:fs/promises'
import { ok, type Result } from '../src/core/base/result.ts'
import { Genesis } from '../src/core/codec/state.ts'
import type { BlsBackend } from '../src/core/crypto/bls.ts'
import { checkGenesis, type GenesisError } from '../src/core/ledger/genesis/checkGenesis.ts'
import { parseGenesis } from '../src/core/ledger/genesis/genesisFile.ts'
import { genesisHash } from '../src/core/ledger/genesis/genesisAnchor.ts'
import { genesisState } from '../src/core/ledger/genesis/genesisState.ts'
import type { LedgerState } from '../src/core/ledger/state.ts'
import type { ChainIdentity } from './api/context.ts'
import { codeOf, fail, textOf, type Failure } from './failure.ts'

export interface ServedChain {
  readonly identity: ChainIdentity
  readonly genesis: Genesis
  readonly genesisState: LedgerState
}

export async function loadChain(
  path: string,
  bls: BlsBackend,
): Promise<Result<ServedChain, Failure>> {
  const text = await readText(path)
  if (!text.ok) return text
  const parsed = parseGenesis(text.value)
  if (!parsed.ok) return invalid(path, parsed.error)
  const checked = checkGenesis(parsed.value, bls)
  if (!checked.ok) return invalid(path, checked.error)
  const genesis = checked.value
  const identity = {
    chainId: genesis.chainId,
    genesisHash: genesisHash(genesis),
    genesis: Genesis.encode(genesis),
    isDevnet: genesis.devnet !== undefined,
  }
  return ok({ identity, genesis, genesisState: genesisState(genesis) })
}

async function readText(path: string): Promise<Result<string, Failure>> {
  try {
    return ok(await readFile(path, 'utf8'))
  } catch (thrown) {
    const missing = codeOf(thrown) === 'ENOENT'
    return fail(
      missing ? 'GENESIS_MISSING' : 'GENESIS_UNREADABLE',
      missing ? `There is no genesis file at ${path}.` : `${path}: ${textOf(thrown)}`,
      'Give the genesis file of the chain with --genesis; `npm start` makes a devnet with its own.',
    )
  }
}

function invalid(
  path: string,
  error: GenesisError,
): { readonly ok: false; readonly error: Failure } {
  const reasons: Readonly<Record<GenesisError['code'], string>> = {
    GENESIS_JSON: 'it is not JSON',
    GENESIS_FIELD: error.code === 'GENESIS_FIELD' ? `${error.field} ${error.reason}` : '',
    GENESIS_PARAMETERS: error.code === 'GENESIS_PARAMETERS' ? parameterText(error) : '',
  }
  return fail(
    'GENESIS_INVALID',
    `The genesis file ${path} cannot be used: ${reasons[error.code]}.`,
    'Take the file as the chain publishes it; a changed one is another chain.',
  )
}

function parameterText(error: Extract<GenesisError, { code: 'GENESIS_PARAMETERS' }>): string {
  const { cause } = error
  return cause.code === 'PARAMETER_BOUNDS'
    ? `the parameter ${cause.name} is out of its bounds`
    : `its parameters contradict each other: ${cause.relation}`
}
