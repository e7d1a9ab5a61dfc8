import { describe, expect, it } from 'vitest'
import { blsBlst } from '../../../adapters/crypto/blsBlst.ts'
import { hex } from '../../base/bytes.ts'
import { Genesis } from '../../codec/state.ts'
import { stateRoot } from '../state.ts'
import { supplyIsConserved } from '../supply.ts'
import { testGenesis } from '../testChain.fixture.ts'
import { checkGenesis } from './checkGenesis.ts'
import { formatGenesis, parseGenesis } from './genesisFile.ts'
import { firstCommittee } from './firstCommittee.ts'
import { genesisHash } from './genesisAnchor.ts'
import { genesisState } from './genesisState.ts'

const { genesis } = testGenesis(blsBlst, { validators: 4, seats: 4 })
const { genesis: strict } = testGenesis(blsBlst, { validators: 4, seats: 4, withDevnet: false })

describe('EPOCH-6 genesis file', () => {
  it.each([
    ['a devnet', genesis],
    ['a chain without devnet flags', strict],
  ])('%s is written, read, checked and hashed the same', (_, original) => {
    const text = formatGenesis(original)
    const parsed = parseGenesis(text)
    expect(parsed.ok && formatGenesis(parsed.value)).toBe(text)
    expect(parsed.ok && hex(genesisHash(parsed.value))).toBe(hex(genesisHash(original)))
    expect(parsed.ok && checkGenesis(parsed.value, blsBlst).ok).toBe(true)
    expect(hex(Genesis.encode(Genesis.decode(Genesis.encode(original))))).toBe(
      hex(Genesis.encode(original)),
    )
  })

  type Json = Record<string, unknown>
  const spoil = (change: (file: Json) => void): unknown => {
    const file = JSON.parse(formatGenesis(genesis)) as Json
    change(file)
    const parsed = parseGenesis(JSON.stringify(file))
    return parsed.ok ? 'ok' : parsed.error
  }

  it.each<[string, (file: Json) => void]>([
    ['chainId', (file) => delete file['chainId']],
    ['note', (file) => (file['note'] = 1)],
    ['startMs', (file) => (file['startMs'] = 1.5)],
    ['startMs', (file) => (file['startMs'] = -1)],
    ['parameters.epochMs', (file) => delete (file['parameters'] as Json)['epochMs']],
    ['parameters.bondMinMicro', (file) => ((file['parameters'] as Json)['bondMinMicro'] = 5)],
    ['accounts', (file) => (file['accounts'] = {})],
    [
      'accounts[0].balanceMicro',
      (file) => ((file['accounts'] as Json[])[0] = { account: 'aa', balanceMicro: '01' }),
    ],
    ['accounts[1]', (file) => ((file['accounts'] as unknown[])[1] = null)],
    ['beacons[2]', (file) => ((file['beacons'] as unknown[])[2] = 'AB')],
    ['devnet.restartKey', (file) => ((file['devnet'] as Json)['restartKey'] = 7)],
    ['devnet.allowSimulated', (file) => ((file['devnet'] as Json)['allowSimulated'] = 'yes')],
  ])('names the field %s', (field, change) => {
    expect(spoil(change)).toMatchObject({ code: 'GENESIS_FIELD', field })
  })

  it('refuses what is no JSON', () => {
    expect(parseGenesis('{')).toEqual({ ok: false, error: { code: 'GENESIS_JSON' } })
    expect(parseGenesis('[]')).toMatchObject({ error: { code: 'GENESIS_FIELD', field: '' } })
  })
})

describe('EPOCH-6 genesis checks', () => {
  const [first, ...rest] = genesis.seats
  const [validator, ...validators] = genesis.validators
  if (first === undefined || validator === undefined) throw new Error('no seats')

  it.each<[string, Partial<Genesis>]>([
    ['chainId', { chainId: 'Has Capitals' }],
    ['startMs', { startMs: 0 }],
    ['beacons', { beacons: genesis.beacons.slice(1) }],
    ['accounts', { accounts: [...genesis.accounts, ...genesis.accounts.slice(0, 1)] }],
    ['accounts', { accounts: [{ account: validator.account, balanceMicro: 1n << 62n }] }],
    ['validators', { validators: [validator, validator, ...validators] }],
    [
      'validators[0].bondedMicro',
      { validators: [{ ...validator, bondedMicro: 1n }, ...validators] },
    ],
    ['seats', { seats: rest }],
    ['seats', { seats: [first, first, ...rest.slice(1)] }],
    ['seats[0].validator', { seats: [{ ...first, validator: new Uint8Array(32) }, ...rest] }],
    [
      'seats[0].epochKeyPossession',
      { seats: [{ ...first, epochKeyPossession: validator.vrfPossession }, ...rest] },
    ],
    [
      'validators[0].vrfPossession',
      { validators: [{ ...validator, vrfPossession: first.epochKeyPossession }, ...validators] },
    ],
  ])('%s', (field, change) => {
    const checked = checkGenesis({ ...genesis, ...change }, blsBlst)
    expect(checked).toMatchObject({ ok: false, error: { code: 'GENESIS_FIELD', field } })
  })

  it.each<[string, Partial<Genesis['parameters'] & object>]>([
    ['parameters.unbondingMs', { unbondingMs: 14 * 86_400_000 - 1 }],
    ['parameters.checkpointEpochs', { checkpointEpochs: 2_880, epochMs: 30_030 }],
  ])('CKPT-1 only a devnet may have %s so', (field, change) => {
    const changed = (of: Genesis): Genesis => ({
      ...of,
      parameters: { ...(of.parameters as Genesis['parameters'] & object), ...change },
    })
    expect(checkGenesis(changed(strict), blsBlst)).toMatchObject({ error: { field } })
    expect(checkGenesis(changed(genesis), blsBlst).ok).toBe(true)
  })

  it('parameters within their bounds', () => {
    const parameters = { ...genesis.parameters, epochMs: 1 } as Genesis['parameters'] & object
    const checked = checkGenesis({ ...genesis, parameters }, blsBlst)
    expect(checked).toMatchObject({ error: { code: 'GENESIS_PARAMETERS' } })
  })
})

describe('ENC-1 frozen vectors', () => {
  it('the genesis of the fixture keeps its hash and its state root', () => {
    // Changes with params.ts, with the number of beacons it holds (decision 0005) and with what a
    // state holds from the start (decisions 0016, 0020, 0038, 0040); any other change is a new
    // chain format.
    expect(hex(genesisHash(genesis))).toBe(
      '2485f937d80965e294aa7f733f623f00bb9f0cb2eefc92ef7a5a0a2d9c7091fa',
    )
    expect(hex(stateRoot(genesisState(genesis)))).toBe(
      'df60ea904a95a18978779433d2ae27ca7e12d12bc0dbe8dc5494d77c22dc2ff7',
    )
  })
})

describe('EPOCH-6 genesis state', () => {
  it('conserves what it issues and depends on the genesis alone', () => {
    const state = genesisState(genesis)
    expect(supplyIsConserved(state)).toBe(true)
    expect(stateRoot(genesisState(genesis))).toEqual(stateRoot(state))
    const other = genesisState({ ...genesis, chainId: 'emo-else' })
    expect(stateRoot(other)).not.toEqual(stateRoot(state))
    expect(firstCommittee(genesis).seats.length).toBe(4)
  })
})
