/**
 * `npm run countersign`: the operator's half of a validator's label (COM-3). It prints the text
 * that the validator is started with: `--operator TEXT`.
 *
 *   --key FILE     secret key of the operator, 64 hexadecimal digits
 *   --chain ID     the chain's id, as in its genesis
 *   --account HEX  the validator's account
 */
import { readFile } from 'node:fs/promises'
import { concat, hex, unhex } from '../src/core/base/bytes.ts'
import { ed25519PublicKey, ed25519Sign } from '../src/core/crypto/ed25519.ts'
import { operatorMessage } from '../src/core/ledger/transactions/operatorLabel.ts'
import { commandLine, refuse } from './lib/commandLine.ts'

const { values } = commandLine({
  options: {
    key: { type: 'string', default: '' },
    chain: { type: 'string', default: '' },
    account: { type: 'string', default: '' },
  },
})

function bytesOf(name: string, text: string): Uint8Array {
  const bytes = unhex(text.trim())
  if (bytes.ok && bytes.value.length === 32) return bytes.value
  refuse('OPTION_VALUE', `--${name} takes 64 hexadecimal digits.`)
}

if (values.chain === '') refuse('OPTION_VALUE', '--chain takes the id of the chain.')
const account = bytesOf('account', values.account)
const seed = bytesOf('key', await readFile(values.key, 'utf8').catch(() => ''))
const signature = ed25519Sign(seed, operatorMessage(values.chain, account))
process.stdout.write(`${hex(concat(ed25519PublicKey(seed), signature))}\n`)
