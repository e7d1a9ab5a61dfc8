/**
 * `genesis.json`: the genesis as people read and exchange it; its hash is over the protobuf bytes.
 */
import { err, ok, type Result } from '../../base/result.ts'
import type { Genesis } from '../../codec/state.ts'
import { isMoney, paramNames } from '../../params.ts'
import type { GenesisError } from './checkGenesis.ts'
import { readShape, writeShape, type ObjectShape, type Shape } from './jsonShape.ts'

const genesisShape: ObjectShape = {
  fields: {
    chainId: 'text',
    startMs: 'integer',
    parameters: {
      fields: Object.fromEntries(
        paramNames.map((name): [string, Shape] => [name, isMoney(name) ? 'amount' : 'integer']),
      ),
    },
    accounts: { list: { fields: { account: 'bytes', balanceMicro: 'amount' } } },
    validators: {
      list: {
        fields: {
          account: 'bytes',
          vrfKey: 'bytes',
          vrfPossession: 'bytes',
          bondedMicro: 'amount',
          nkHash: 'bytes',
          baselineCommitment: 'bytes',
          consentVersion: 'integer',
          credentialExpiry: 'integer',
        },
      },
    },
    seats: {
      list: {
        fields: {
          validator: 'bytes',
          epochKey: 'bytes',
          epochKeyPossession: 'bytes',
          peerId: 'text',
          score: 'integer',
          sharingKey: 'bytes',
        },
      },
    },
    beacons: { list: 'bytes' },
    devnet: {
      maybe: {
        fields: {
          restartKey: 'bytes',
          faucetAccount: 'bytes',
          allowSimulated: 'flag',
          developmentProofKeys: 'flag',
          grantedCredentialEpochs: 'integer',
          baselineShortMs: 'integer',
        },
      },
    },
  },
}

/** The shape only: `checkGenesis` says whether a chain can start from it. */
export function parseGenesis(text: string): Result<Genesis, GenesisError> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return err({ code: 'GENESIS_JSON' as const })
  }
  const read = readShape(value, genesisShape, '')
  return read.ok ? ok(read.value as Genesis) : read
}

/** Always the same text for the same genesis. */
export function formatGenesis(genesis: Genesis): string {
  return `${JSON.stringify(writeShape(genesis, genesisShape), undefined, 2)}\n`
}
