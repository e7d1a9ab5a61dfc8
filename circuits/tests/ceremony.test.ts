/** The ceremony from powers of tau to a proof, and everything that it must refuse (ZK-9). */

import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Result } from '../../src/core/base/result.ts'
import { webRandom } from '../../src/adapters/keys/webRandom.ts'
import { refusesKeys } from '../../workers/prover/artifacts.ts'
import { randomBlinding } from '../../workers/prover/groth16/blinding.ts'
import { Groth16Prover } from '../../workers/prover/groth16/groth16Prover.ts'
import { createPairingKernel } from '../../workers/prover/pairing/pairingKernel.ts'
import { loadVerifyingKey } from '../../workers/prover/pairing/verifyingKey.ts'
import { verifyProofs, type Claim } from '../../workers/prover/pairing/verifyProofs.ts'
import { readAttestation, type Attestation } from '../ceremony/attestation.ts'
import { readCircuit } from '../ceremony/circuitFile.ts'
import * as commands from '../ceremony/commands.ts'
import { compileSource, type CompiledCircuit } from '../ceremony/compiled.ts'
import { explain, type CeremonyError } from '../ceremony/errors.ts'
import { readCeremonyKey, type CeremonyKey } from '../ceremony/keyFile.ts'
import { knownPowersOfTau, type KnownPowersOfTau } from '../ceremony/knownPowersOfTau.ts'
import { blake2bOf, readPowersOfTau, type PowersOfTau } from '../ceremony/powersOfTauFile.ts'
import { splitSections } from '../setup/binFile.ts'
import { buildCurve } from '../setup/curve.ts'
import { developmentPowersOfTau } from '../setup/powersOfTau.ts'
import type { Transcript } from '../ceremony/transcript.ts'
import { closeCeremony, contributeTo, startCeremony } from '../ceremony/steps.ts'
import { verifyCeremony, verifyFinished } from '../ceremony/verify.ts'
import { projectRoot } from './artifacts.fixture.ts'
import { ceremonyFolder, memory, phaseOne, smallInput, stockZKey } from './ceremony.fixture.ts'

const power = 4
const beaconHash = '00112233445566778899aabbccddeeff'.repeat(2)
const { path, remove } = ceremonyFolder()

let known: readonly KnownPowersOfTau[] = []
let ptau: PowersOfTau
let foreign: PowersOfTau
let compiled: CompiledCircuit
let other: CompiledCircuit

const value = <T>(result: Result<T, CeremonyError>): T => {
  if (!result.ok) throw new Error(`${result.error.code}: ${explain(result.error)}`)
  return result.value
}
const codeOf = (result: Result<unknown, CeremonyError>): string =>
  result.ok ? 'OK' : result.error.code
const keyAt = (name: string): CeremonyKey =>
  value(readCeremonyKey({ file: name, bytes: new Uint8Array(readFileSync(path(name))) }))
const attested = (name: string): Attestation => {
  const file = `${name}.attestation.json`
  return value(readAttestation({ file, bytes: new Uint8Array(readFileSync(path(file))) }))
}
const readPtau = (bytes: Uint8Array, isRehearsal = false): Result<PowersOfTau, CeremonyError> =>
  readPowersOfTau({ file: 'powers', bytes }, known, { isRehearsal })

const setting = (changes: Partial<commands.Setting> = {}): commands.Setting => ({
  root: projectRoot,
  choice: { source: path('small.circom') },
  ptau: path('powers.ptau'),
  known,
  isRehearsal: false,
  ...changes,
})

vi.setConfig({ testTimeout: 180_000 })

beforeAll(async () => {
  Object.assign(globalThis, { curve_bn128: await buildCurve(true) })
  // snarkjs prints why it refuses.
  vi.spyOn(console, 'log').mockReturnValue()
  const [own, others] = [await phaseOne(power), await phaseOne(power)]
  writeFileSync(path('powers.ptau'), own.prepared)
  writeFileSync(path('unprepared.ptau'), own.unprepared)
  known = [own.prepared, others.prepared, own.unprepared].map((bytes, index) => ({
    file: `test ${String(index)}`,
    power,
    blake2b: blake2bOf(bytes),
    source: 'this test',
  }))
  ptau = value(readPtau(own.prepared))
  foreign = value(readPtau(others.prepared))
  compiled = value(await compileSource(projectRoot, path('small.circom')))
  other = value(await compileSource(projectRoot, path('other.circom')))

  value(await commands.start(setting(), path('0.zkey')))
  for (const [from, out, name] of [
    ['0.zkey', '1.zkey', 'Ada'],
    ['1.zkey', '2.zkey', 'Bob'],
    ['0.zkey', 'skipped.zkey', 'Eve'],
  ] as const) {
    value(await commands.contribute({ from: path(from), out: path(out), name, text: 'dice' }))
  }
  const beacon = { hash: beaconHash, iterationsExponent: 10 }
  value(await commands.beacon({ from: path('2.zkey'), out: path('last.zkey'), ...beacon }))
})

afterAll(remove)

const ceremony = (
  name: string,
  changes: { readonly ptau?: PowersOfTau; readonly attestations?: readonly Attestation[] } = {},
): Parameters<typeof verifyCeremony>[0] => {
  return { circuit: compiled.circuit, ptau, key: keyAt(name), attestations: [], ...changes }
}

describe('ZK-9 a ceremony', () => {
  it('verifies after each step, with what its contributors published', async () => {
    for (const name of ['0.zkey', '1.zkey', '2.zkey', 'last.zkey']) {
      expect(codeOf(await verifyCeremony(ceremony(name)))).toBe('OK')
    }
    const from = path('last.zkey')
    const attestations = ['1.zkey', '2.zkey'].map((name) => path(`${name}.attestation.json`))
    const said = value(await commands.verify({ ...setting(), from, attestations }))
    expect(said.some((line) => line.startsWith('contribution Ada '))).toBe(true)
    expect(said.some((line) => line.startsWith(`beacon of ${beaconHash}, 2^10 `))).toBe(true)
  })

  it('is one that stock snarkjs verifies, and takes a contribution of stock snarkjs', async () => {
    const { bytes: r1cs } = compiled.circuit
    const last = keyAt('last.zkey')
    expect(await stockZKey.verifyFromR1cs(r1cs, ptau.bytes, last.bytes)).toBe(true)
    const target = memory()
    const hash = await stockZKey.contribute(keyAt('2.zkey').bytes, target, 'Zoë', 'text')
    const bytes = target.data ?? new Uint8Array()
    const key = value(readCeremonyKey({ file: 'theirs', bytes }))
    expect(key.list.map(({ name }) => name)).toEqual(['Ada', 'Bob', 'Zoë'])
    expect(key.list.at(-1)?.hash).toBe(Buffer.from(hash).toString('hex'))
    expect(codeOf(await verifyCeremony({ ...ceremony('0.zkey'), key }))).toBe('OK')
  })

  it('ends with keys that our own prover and verifier take', async () => {
    const from = path('last.zkey')
    const check = { ...setting(), from, attestations: [] }
    value(await commands.finish(check, path('finished')))
    const file = (name: string): Uint8Array<ArrayBuffer> =>
      new Uint8Array(readFileSync(path(`finished/${name}`)))
    const text = (name: string): unknown => JSON.parse(Buffer.from(file(name)).toString('utf8'))

    const transcript = text('transcript.json') as Transcript
    expect(transcript.contributions.map(({ name }) => name)).toEqual(['Ada', 'Bob', 'beacon'])
    expect(transcript.contributions.at(-1)?.beacon?.hash).toBe(beaconHash)
    expect(transcript.rehearsal).toBe(false)
    const { small: entry } = text('entry.json') as { small: Transcript['artifacts'] }
    expect(entry).toEqual(transcript.artifacts)
    expect(entry.development).toBe(false)
    for (const { file: name, bytes, sha256 } of Object.values(entry.artifacts)) {
      expect(file(name).length).toBe(bytes)
      expect(createHash('sha256').update(file(name)).digest('hex')).toBe(sha256)
    }
    const published = path('finished/transcript.json')
    expect(codeOf(await commands.verify(check, published))).toBe('OK')
    expect(codeOf(await commands.finish(check, path('finished')))).toBe('CEREMONY_FILE_EXISTS')

    const claim = await proved(file('small.wasm'), file('small.zkey'))
    expect(faultUnder(file('small.vkey.json'), claim)).toBeUndefined()
    const wrong = { ...claim, signals: [claim.signals[0] ?? 0n, 3n] }
    expect(faultUnder(file('small.vkey.json'), wrong)).toBe('PROOF_INVALID')

    // A ceremony over the same circuit by others: its verifier takes none of these proofs.
    const start = value(await startCeremony(compiled.circuit, ptau))
    const theirs = value(await contributeTo(start, { name: 'Mallory', text: '' }))
    const forged = await proved(file('small.wasm'), theirs.bytes)
    expect(faultUnder(file('small.vkey.json'), forged)).toBe('PROOF_INVALID')
  })

  it('leaves nothing of the secret in the memory that multiplied by it', async () => {
    const before = (globalThis as { curve_bn128?: unknown }).curve_bn128
    const { onErasedCurve } = await import('../ceremony/snarkjs.ts')
    const used = await onErasedCurve(() =>
      Promise.resolve((globalThis as unknown as { curve_bn128: ErasedCurve }).curve_bn128),
    )
    expect((globalThis as { curve_bn128?: unknown }).curve_bn128).toBe(before)
    expect(new Uint8Array(used.tm.memory.buffer).every((byte) => byte === 0)).toBe(true)
  })
})

interface ErasedCurve {
  readonly tm: { readonly memory: { readonly buffer: ArrayBuffer } }
}

describe('ZK-2 keys of a rehearsal', () => {
  it('are development keys, and refused where the chain is no devnet', async () => {
    writeFileSync(path('development.ptau'), await developmentPowersOfTau(power))
    const rehearsal = setting({ ptau: path('development.ptau') })
    expect(codeOf(await commands.start(rehearsal, path('r0.zkey')))).toBe('CEREMONY_PTAU_UNKNOWN')
    const allowed = { ...rehearsal, isRehearsal: true }
    value(await commands.start(allowed, path('r0.zkey')))
    for (const [from, out] of [['r0.zkey', 'r1.zkey'] as const, ['r1.zkey', 'r2.zkey'] as const]) {
      value(await commands.contribute({ from: path(from), out: path(out), name: 'me', text: '' }))
    }
    const beacon = { hash: beaconHash, iterationsExponent: 10 }
    value(await commands.beacon({ from: path('r2.zkey'), out: path('r3.zkey'), ...beacon }))
    const check = { ...allowed, from: path('r3.zkey'), attestations: [] }
    value(await commands.finish(check, path('rehearsed')))
    const entryOf = (folder: string): Transcript['artifacts'] => {
      const text = readFileSync(path(`${folder}/entry.json`), 'utf8')
      return (JSON.parse(text) as { small: Transcript['artifacts'] }).small
    }
    expect(refusesKeys(entryOf('rehearsed'), false)).toBe(true)
    expect(refusesKeys(entryOf('rehearsed'), true)).toBe(false)
    expect(refusesKeys(entryOf('finished'), false)).toBe(false)
  })
})

describe('ZK-9 a ceremony refuses', () => {
  const replaced = (name: string, change: (bytes: Uint8Array) => void): Uint8Array => {
    const bytes = keyAt(name).bytes.slice()
    change(bytes)
    return bytes
  }
  const verdict = async (bytes: Uint8Array, attestations: readonly Attestation[] = []) => {
    const key = readCeremonyKey({ file: 'changed', bytes })
    if (!key.ok) return key.error.code
    return codeOf(await verifyCeremony({ ...ceremony('0.zkey', { attestations }), key: key.value }))
  }
  /** Where a section of a key begins. */
  const begin = (bytes: Uint8Array, id: number): number => {
    const section = splitSections(bytes).get(id)
    if (section === undefined) throw new Error(`no section ${String(id)}`)
    return section.byteOffset - bytes.byteOffset
  }
  // Behind the hash of the circuit and the count: δ, s·G1, s·x·G1, x·G2, what is signed.
  const contributionAt = 64 + 4

  it.each([
    ['another point as key', (at: number) => [at + 128, at + 64, 64]],
    ['another δ', (at: number) => [at, at + 64, 64]],
  ] as const)('a contribution with %s', async (_, span) => {
    const bytes = replaced('2.zkey', (all) => {
      const [to = 0, from = 0, length = 0] = span(begin(all, 10) + contributionAt)
      all.copyWithin(to, from, from + length)
    })
    expect(await verdict(bytes)).toBe('CEREMONY_CHAIN_INVALID')
  })

  it('a changed transcript hash, and a point that is on no curve', async () => {
    const signed = replaced('2.zkey', (all) => {
      const at = begin(all, 10) + contributionAt + 3 * 64 + 128
      all[at] = (all[at] ?? 0) ^ 1
    })
    expect(await verdict(signed)).toBe('CEREMONY_CHAIN_INVALID')
    const bent = replaced('2.zkey', (all) => {
      const at = begin(all, 10) + contributionAt + 64
      all[at] = (all[at] ?? 0) ^ 1
    })
    expect(await verdict(bent)).toBe('CEREMONY_FILE_MALFORMED')
  })

  it.each([
    ['IC', 3],
    ['A', 5],
    ['B in G1', 6],
    ['B in G2', 7],
    ['C', 8],
    ['H', 9],
  ] as const)('a key whose points of %s were exchanged', async (_, id) => {
    const size = id === 7 ? 128 : 64
    const bytes = replaced('2.zkey', (all) => {
      const point = (at: number): Buffer => Buffer.from(all.subarray(at, at + size))
      // Signals that stand in no B have no point there: the first two that differ.
      let at = begin(all, id)
      while (point(at).equals(point(at + size))) at += size
      const [first, second] = [point(at), point(at + size)]
      all.set(second, at)
      all.set(first, at + size)
    })
    expect(await verdict(bytes)).toBe('CEREMONY_CHAIN_INVALID')
  })

  it('a contribution that was taken out of the history', async () => {
    const bytes = keyAt('2.zkey').bytes
    const at = begin(bytes, 10)
    const [, second] = [keyAt('1.zkey'), keyAt('2.zkey')]
    const length = (splitSections(keyAt('1.zkey').bytes).get(10)?.length ?? 0) - contributionAt
    const cut = Buffer.concat([
      bytes.subarray(0, at + contributionAt),
      bytes.subarray(at + contributionAt + length),
    ])
    cut.writeUInt32LE(1, at + 64)
    const size = (splitSections(bytes).get(10)?.length ?? 0) - length
    cut.writeBigUInt64LE(BigInt(size), at - 8)
    expect(second.list).toHaveLength(2)
    expect(await verdict(new Uint8Array(cut))).toBe('CEREMONY_CHAIN_INVALID')
  })

  it('a file that leaves out an attested contribution, or renames or reorders it', async () => {
    const [ada, bob] = [attested('1.zkey'), attested('2.zkey')]
    const skipped = keyAt('skipped.zkey').bytes
    // By itself it is a chain: only what Ada published shows that she is not in it.
    expect(await verdict(skipped)).toBe('OK')
    expect(await verdict(skipped, [ada])).toBe('CEREMONY_ATTESTATION_MISSING')
    const last = keyAt('last.zkey').bytes
    expect(await verdict(last, [ada, bob])).toBe('OK')
    expect(await verdict(last, [bob, ada])).toBe('CEREMONY_ATTESTATION_MISSING')
    const renamed = replaced('last.zkey', (all) => {
      const at = Buffer.from(all).indexOf('Ada')
      all.set(Buffer.from('Eva'), at)
    })
    expect(await verdict(renamed, [ada])).toBe('CEREMONY_ATTESTATION_MISSING')
  })

  it('other powers of tau, unprepared ones, too few, and unpublished ones', async () => {
    expect(codeOf(await verifyCeremony(ceremony('last.zkey', { ptau: foreign })))).toBe(
      'CEREMONY_PTAU_FOREIGN',
    )
    const unprepared = new Uint8Array(readFileSync(path('unprepared.ptau')))
    expect(codeOf(readPtau(unprepared))).toBe('CEREMONY_PTAU_UNPREPARED')
    const changed = ptau.bytes.slice()
    changed[5000] = (changed[5000] ?? 0) ^ 1
    expect(codeOf(readPtau(changed))).toBe('CEREMONY_PTAU_UNKNOWN')
    const small = { ...ptau, power: 2 }
    expect(codeOf(await startCeremony(compiled.circuit, small))).toBe('CEREMONY_PTAU_SMALL')
  })

  it('another circuit, and one that is none of the project', async () => {
    const { circuit } = other
    expect(codeOf(await verifyCeremony({ ...ceremony('last.zkey'), circuit }))).toBe(
      'CEREMONY_CIRCUIT_FOREIGN',
    )
    const choice = { circuit: 'no_circuit' }
    expect(codeOf(await commands.start(setting({ choice }), path('x.zkey')))).toBe(
      'CEREMONY_CIRCUIT_UNKNOWN',
    )
    writeFileSync(path('broken.circom'), 'template {')
    const broken = { source: path('broken.circom') }
    expect(codeOf(await commands.start(setting({ choice: broken }), path('x.zkey')))).toBe(
      'CEREMONY_COMPILER',
    )
  })

  it('steps out of their order, and values that no step takes', async () => {
    const [start, last] = [keyAt('0.zkey'), keyAt('last.zkey')]
    const beacon = { hash: beaconHash, iterationsExponent: 10 }
    expect(codeOf(await contributeTo(last, { name: 'late', text: '' }))).toBe('CEREMONY_CLOSED')
    expect(codeOf(await closeCeremony(last, beacon))).toBe('CEREMONY_CLOSED')
    for (const name of ['', 'a'.repeat(65), 'a\u001b[31m', 'a\u202eb']) {
      expect(codeOf(await contributeTo(start, { name, text: '' }))).toBe('CEREMONY_NAME')
    }
    for (const changes of [
      { hash: 'abc' },
      { hash: '00'.repeat(31) },
      { hash: '00'.repeat(256) },
      { hash: 'zz'.repeat(32) },
      { iterationsExponent: 9 },
      { iterationsExponent: 33 },
    ]) {
      expect(codeOf(await closeCeremony(start, { ...beacon, ...changes }))).toBe(
        'CEREMONY_BEACON_VALUE',
      )
    }
    expect(codeOf(await verifyFinished(ceremony('2.zkey')))).toBe('CEREMONY_BEACON_MISSING')
    const alone = value(await closeCeremony(keyAt('1.zkey'), beacon))
    expect(codeOf(await verifyFinished({ ...ceremony('0.zkey'), key: alone }))).toBe(
      'CEREMONY_CONTRIBUTIONS_FEW',
    )
  })

  it('a transcript of another key', async () => {
    const check = { ...setting(), from: path('2.zkey'), attestations: [] }
    expect(codeOf(await commands.verify(check, path('finished/transcript.json')))).toBe(
      'CEREMONY_TRANSCRIPT_DIFFERS',
    )
    expect(codeOf(await commands.verify(check, path('0.zkey')))).toBe('CEREMONY_FILE_MALFORMED')
  })

  it('every cut file, and never throws over a changed byte', async () => {
    const key = keyAt('last.zkey').bytes
    const reads = [
      [key, (bytes: Uint8Array) => readCeremonyKey({ file: 'cut', bytes })],
      [ptau.bytes, (bytes: Uint8Array) => readPtau(bytes, true)],
      [compiled.circuit.bytes, (bytes: Uint8Array) => readCircuit({ file: 'cut', bytes })],
    ] as const
    for (const [bytes, read] of reads) {
      const stride = Math.max(1, Math.floor(bytes.length / 60))
      for (let length = 0; length < bytes.length; length += stride) {
        expect(codeOf(read(bytes.slice(0, length)))).toBe('CEREMONY_FILE_MALFORMED')
      }
      for (let at = 0; at < bytes.length; at += stride) {
        const changed = bytes.slice()
        changed[at] = (changed[at] ?? 0) ^ 0x55
        expect(codeOf(read(changed))).toMatch(/^(OK|CEREMONY_FILE_MALFORMED|CEREMONY_PTAU)/)
      }
    }
    // What the readers let pass, the chain does not.
    const [from, until] = [begin(key, 2), begin(key, 10)]
    for (let at = from + 100; at < until; at += Math.floor((until - from) / 6)) {
      const changed = key.slice()
      changed[at] = (changed[at] ?? 0) ^ 2
      expect(await verdict(changed)).toMatch(/^CEREMONY_/)
    }
  })

  it('with a code and a sentence on the command line, not with a stack', () => {
    writeFileSync(path('cut.zkey'), keyAt('1.zkey').bytes.subarray(0, 3000))
    const options = ['--in', path('cut.zkey'), '--out', path('x.zkey'), '--name', 'me']
    const command = ['scripts/run.js', 'scripts/ceremony.ts', 'contribute', ...options]
    const { status, stderr, stdout } = spawnSync(process.execPath, command, {
      cwd: projectRoot,
      encoding: 'utf8',
    })
    expect(status).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toContain('CEREMONY_FILE_MALFORMED: ')
    expect(stderr).toContain('Get it again')
    expect(stderr).not.toMatch(/^\s+at /m)
  })
})

describe('ZK-9 known powers of tau', () => {
  it('are those that the pinned snarkjs publishes', () => {
    const text = readFileSync(`${projectRoot}/node_modules/snarkjs/README.md`, 'utf8')
    for (const { file, power: rows, blake2b } of knownPowersOfTau) {
      const line = text.split('\n').find((one) => one.includes(`[${file}]`))
      expect(line).toContain(`| ${blake2b} |`)
      expect(line).toMatch(new RegExp(`^\\|\\s+${String(rows)}\\s`))
    }
    expect(knownPowersOfTau.map((one) => one.power)).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18])
  })
})

async function proved(wasm: Uint8Array<ArrayBuffer>, zkey: Uint8Array): Promise<Claim> {
  const prover = await Groth16Prover.load(wasm, zkey)
  if (!prover.ok) throw new Error(prover.error.code)
  const witness = prover.value.witness(smallInput)
  if (!witness.ok) throw new Error(witness.error.reason)
  const proof = prover.value.prove(witness.value, randomBlinding(webRandom), () => undefined)
  if (proof === undefined) throw new Error('a point at infinity')
  return { proof, signals: [BigInt(smallInput.sum), BigInt(smallInput.factor)] }
}

function faultUnder(vkey: Uint8Array, claim: Claim): string | undefined {
  const key = loadVerifyingKey(createPairingKernel(), vkey)
  if (!key.ok) throw new Error(key.error.code)
  return verifyProofs(key.value, [claim], webRandom)[0]
}
