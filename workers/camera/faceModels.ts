/**
 * The face models and the WebAssembly that runs them: files of this build, from our own origin
 * under hashed names (SENS-2). Loaded when a camera is first used, never with the first view.
 */

import wasmUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url'
import wasmSimdUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url'
// The package does not export its models, so they are named by path.
import blazefaceUrl from '../../node_modules/@vladmandic/human/models/blazeface.json?url'
import blazefaceWeightsUrl from '../../node_modules/@vladmandic/human/models/blazeface.bin?url'
import facemeshUrl from '../../node_modules/@vladmandic/human/models/facemesh.json?url'
import facemeshWeightsUrl from '../../node_modules/@vladmandic/human/models/facemesh.bin?url'

/** Threads would need workers from blobs, which the content security policy refuses. */
export const wasmPaths = {
  'tfjs-backend-wasm.wasm': wasmUrl,
  'tfjs-backend-wasm-simd.wasm': wasmSimdUrl,
  'tfjs-backend-wasm-threaded-simd.wasm': wasmSimdUrl,
}

/** A scheme of its own, so that no loader but ours takes these names. */
export const modelBase = 'model:/'

const models: Readonly<Record<string, { readonly json: string; readonly weights: string }>> = {
  'model:/blazeface.json': { json: blazefaceUrl, weights: blazefaceWeightsUrl },
  'model:/facemesh.json': { json: facemeshUrl, weights: facemeshWeightsUrl },
}

/** What TensorFlow.js builds a model from; of its own types only this is needed. */
export interface ModelArtifacts {
  readonly modelTopology: unknown
  readonly weightSpecs: readonly unknown[]
  readonly weightData: ArrayBuffer
}

export interface ModelHandler {
  load(): Promise<ModelArtifacts>
}

/** The load router of TensorFlow.js for these models; null for every other name. */
export function modelRouter(name: string | readonly string[]): ModelHandler | null {
  const model = models[String(name)]
  if (model === undefined) return null
  return {
    load: async () => {
      const [json, weightData] = await Promise.all([
        fetchFile(model.json).then((response) => response.json() as Promise<ModelJson>),
        fetchFile(model.weights).then((response) => response.arrayBuffer()),
      ])
      const { modelTopology, weightsManifest } = json
      return { modelTopology, weightData, weightSpecs: weightsManifest.flatMap((g) => g.weights) }
    },
  }
}

interface ModelJson {
  readonly modelTopology: unknown
  readonly weightsManifest: readonly { readonly weights: readonly unknown[] }[]
}

async function fetchFile(url: string): Promise<Response> {
  const response = await fetch(url)
  if (!response.ok) throw new Error(`${url}: ${response.status}`)
  return response
}
