import { describe, expect, it } from 'vitest'
import { hex } from '../base/bytes.ts'
import { blsSecretFromSeed } from './blsSecret.ts'

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'))

describe('SIG-1: BLS secret from a seed', () => {
  // ERC-2333, test cases 0 to 3: seed and master_SK.
  it.each([
    [
      'c55257c360c07c72029aebc1b53c05ed0362ada38ead3e3e9efa3708e5349553' +
        '1f09a6987599d18264c1e1c92f2cf141630c7a3c4ab7c81b2f001698e7463b04',
      6083874454709270928345386274498605044986640685124978867557563392430687146096n,
    ],
    [
      '3141592653589793238462643383279502884197169399375105820974944592',
      29757020647961307431480504535336562678282505419141012933316116377660817309383n,
    ],
    [
      '0099ff991111002299dd7744ee3355bbdd8844115566cc55663355668888cc00',
      27580842291869792442942448775674722299803720648445448686099262467207037398656n,
    ],
    [
      'd4e56740f876aef8c010b86a40d5f56745a118d0906a34e69aec8c0db1cb8fa3',
      19022158461524446591288038168518313374041767046816487870552872741050760015818n,
    ],
  ])('is derive_master_SK of %s', (seed, masterSecret) => {
    expect(BigInt(`0x${hex(blsSecretFromSeed(bytes(seed)))}`)).toBe(masterSecret)
  })

  it('takes no seed of less than 32 bytes', () => {
    expect(() => blsSecretFromSeed(new Uint8Array(31))).toThrow('at least 32 bytes')
  })
})
