/** `emotional_proof` for other lengths of the window, built as the project's own (ZK-2). */

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { compileCircuit } from '../../circuits/setup/compile.ts'
import { buildCurve, zKey } from '../../circuits/setup/curve.ts'
import { developmentFirstKey } from '../../circuits/setup/firstKey.ts'
import { readR1cs } from '../../circuits/setup/r1cs.ts'

export interface Variant {
  readonly beats: number
  readonly constraintCount: number
  readonly wasm: Uint8Array<ArrayBuffer>
  readonly zkey: Uint8Array<ArrayBuffer>
  readonly vkey: Uint8Array
}

const root = fileURLToPath(new URL('../../', import.meta.url))
const main = /EmotionalProof\(128, /

/** Development keys without a contribution: they serve to measure, and nothing else. */
export async function buildVariant(beats: number): Promise<Variant> {
  const folder = `.cache/bench/growth-${String(beats)}`
  const name = `emotional_proof_${String(beats)}`
  mkdirSync(`${root}${folder}`, { recursive: true })
  try {
    const source = readFileSync(`${root}circuits/src/emotional_proof.circom`, 'utf8')
    if (!main.test(source)) throw new Error('emotional_proof has another main component')
    const text = source
      .replace(main, `EmotionalProof(${String(beats)}, `)
      .replace('"../lib/', '"../../../circuits/lib/')
    writeFileSync(`${root}${folder}/${name}.circom`, text)
    const compiled = await compileCircuit(root, folder, name, `${folder}/${name}.circom`)
    const zkey = await developmentFirstKey(readR1cs(fileOf(compiled.r1cs)))
    const zkeyFile = `${root}${folder}/${name}.zkey`
    writeFileSync(zkeyFile, zkey)
    // snarkjs takes the curve that is there: on one thread, and not ended after its first use.
    Object.assign(globalThis, { curve_bn128: await buildCurve(true) })
    const vkey = JSON.stringify(await zKey.exportVerificationKey(zkeyFile))
    return {
      beats,
      constraintCount: compiled.constraintCount,
      wasm: fileOf(compiled.wasm),
      zkey: new Uint8Array(zkey),
      vkey: new TextEncoder().encode(vkey),
    }
  } finally {
    rmSync(`${root}${folder}`, { recursive: true, force: true })
  }
}

function fileOf(path: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(`${root}${path}`))
}
