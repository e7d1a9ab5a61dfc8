import { describe, expect, it } from 'vitest'
import { concat, hex } from '../../core/base/bytes.ts'
import { ed25519PublicKey, ed25519Sign } from '../../core/crypto/ed25519.ts'
import { operatorMessage } from '../../core/ledger/transactions/operatorLabel.ts'
import { operatorLabelOf } from './operatorLabel.ts'

const seed = new Uint8Array(32).fill(7)
const key = ed25519PublicKey(seed)
const account = new Uint8Array(32).fill(9)
const signature = ed25519Sign(seed, operatorMessage('emo-test', account))
const text = hex(concat(key, signature))

describe('TX-4 the text of a label', () => {
  it('is the key of the operator and its signature; nothing takes a label off', () => {
    expect(operatorLabelOf(text, 'emo-test', account)).toEqual({
      ok: true,
      value: { key, signature },
    })
    const none = new Uint8Array(0)
    expect(operatorLabelOf('', 'emo-test', account)).toEqual({
      ok: true,
      value: { key: none, signature: none },
    })
  })

  it.each([
    ['another chain', text, 'emo-else', account],
    ['another validator', text, 'emo-test', account.with(0, 1)],
    [
      'a changed digit',
      text.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
      'emo-test',
      account,
    ],
    ['half of it', text.slice(64), 'emo-test', account],
    ['one digit less', text.slice(1), 'emo-test', account],
    ['capital letters', text.toUpperCase(), 'emo-test', account],
  ])('is refused for %s, before a fee is paid for it', (_name, wrong, chainId, of) => {
    expect(operatorLabelOf(wrong, chainId, of)).toEqual({
      ok: false,
      error: { code: 'OPERATOR_LABEL' },
    })
  })
})
