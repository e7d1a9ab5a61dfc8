import { beforeAll, describe, expect, it, vi } from 'vitest'
import {
  ensureArtifacts,
  ensureTimeoutMs,
  readArtifact,
} from '../../../circuits/tests/artifacts.fixture.ts'
import { testScenario } from '../../../src/core/emotion/statement.fixture.ts'
import { buildStatement } from '../../../src/core/emotion/statement.ts'
import { createKernel } from '../kernel/kernel.ts'
import { Groth16Prover } from './groth16Prover.ts'
import { loadKeyImage } from './keyImage.ts'

vi.setConfig({ testTimeout: 120_000 })

const statement = buildStatement(testScenario({ seed: 5 }))
if (!statement.ok) throw new Error(statement.error.code)
const { circuitInput } = statement.value

let wasm = new Uint8Array()
let fromFile: Groth16Prover
let image = new Uint8Array()

function value<T>(result: { readonly ok: true; readonly value: T } | { readonly ok: false }): T {
  if (!result.ok) throw new Error('not loaded')
  return result.value
}

beforeAll(async () => {
  await ensureArtifacts()
  wasm = new Uint8Array(readArtifact('wasm'))
  fromFile = value(await Groth16Prover.load(wasm, readArtifact('zkey')))
  image = await fromFile.image()
}, ensureTimeoutMs)

/** The image with a change and the hash of what it is then. */
async function changed(change: (body: Uint32Array) => void): Promise<Uint8Array<ArrayBuffer>> {
  const copy = image.slice()
  const body = new Uint32Array(copy.buffer, 32)
  change(body)
  copy.set(new Uint8Array(await crypto.subtle.digest('SHA-256', body)))
  return copy
}

async function refusalOf(bytes: Uint8Array<ArrayBuffer>): Promise<string | undefined> {
  const kernel = createKernel()
  const before = kernel.memory.mark()
  const loaded = await loadKeyImage(kernel, bytes)
  if (!loaded.ok) expect(kernel.memory.mark()).toBe(before)
  return loaded.ok ? undefined : loaded.error.code
}

describe('ZK-6 a key in the form of the kernel', () => {
  it('gives the proofs of its file, and the same image again', async () => {
    const fromImage = value(await Groth16Prover.loadImage(wasm, image))
    const blinding = { r: 5n, s: 6n }
    const [first, second] = [fromFile, fromImage].map((prover) =>
      prover.prove(value(prover.witness(circuitInput)), blinding, () => undefined),
    )
    expect(first).toBeDefined()
    expect(second).toEqual(first)
    expect(Buffer.compare(await fromImage.image(), image)).toBe(0)
  })

  it('is refused when a byte is another one, wherever it is', async () => {
    for (const at of [0, 31, 32, 40, 200, image.length >> 1, image.length - 1]) {
      const damaged = image.slice()
      damaged[at] = (damaged[at] ?? 0) ^ 1
      expect(await refusalOf(damaged), String(at)).toBe('KEY_IMAGE_DAMAGED')
    }
    expect(await refusalOf(image.slice(0, -4))).toBe('KEY_IMAGE_DAMAGED')
  })

  it('is refused when it is too short, of another version, or does not fit itself', async () => {
    for (const length of [0, 31, 100]) {
      expect(await refusalOf(image.slice(0, length))).toBe('KEY_IMAGE_FORMAT')
    }
    expect(await refusalOf(image.slice(0, -1))).toBe('KEY_IMAGE_FORMAT')
    expect(await refusalOf(await changed((body) => (body[0] = 2)))).toBe('KEY_IMAGE_FORMAT')
    // Words of the memory, a table's address, its count, where a matrix is.
    for (const word of [4, 5, 6, 25, 28]) {
      const larger = changed((body) => (body[word] = (body[word] ?? 0) + (1 << 26)))
      expect(await refusalOf(await larger), String(word)).toBe('KEY_IMAGE_BOUNDS')
    }
    expect(await refusalOf(await changed((body) => (body[5] = 2)))).toBe('KEY_IMAGE_BOUNDS')
    expect(await refusalOf(image)).toBeUndefined()
  })
})
