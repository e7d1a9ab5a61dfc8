/**
 * Face landmarks (SENS-2): BlazeFace and the 468-point face mesh, on WebAssembly without threads,
 * from files of our own origin. Imported only when a camera starts in `face` mode.
 */

import { Human, type Config } from '@vladmandic/human'
import { modelBase, modelRouter, wasmPaths, type ModelHandler } from './faceModels.ts'
import type { Point } from './regions.ts'
import { sizeOf, type FrameImage } from './skinColor.ts'

const off = { enabled: false }

const config: Partial<Config> = {
  backend: 'wasm',
  // A map of names is as good to TensorFlow.js as a folder; the types of the package know folders
  // only.
  wasmPath: wasmPaths as unknown as string,
  wasmPlatformFetch: false,
  modelBasePath: modelBase,
  cacheModels: false,
  validateModels: false,
  warmup: 'none',
  debug: false,
  async: false,
  cacheSensitivity: 0,
  filter: off,
  gesture: off,
  body: off,
  hand: off,
  object: off,
  segmentation: off,
  face: {
    enabled: true,
    detector: {
      modelPath: 'blazeface.json',
      rotation: false,
      maxDetected: 1,
      minConfidence: 0.3,
      skipFrames: 0,
      skipTime: 0,
    },
    mesh: { enabled: true, modelPath: 'facemesh.json' },
    iris: off,
    attention: off,
    emotion: off,
    description: off,
    antispoof: off,
    liveness: off,
  },
}

/** What is used of TensorFlow.js, which the package hands out untyped. */
interface TensorFlow {
  env(): { set(flag: string, value: boolean): void }
  getBackend(): string
  readonly io: {
    registerLoadRouter(router: (name: string | string[]) => ModelHandler | null): void
  }
}

/** Wide enough for a face at arm's length, small enough for two a second. */
const detectWidth = 320

export class FaceFinder {
  readonly #human: Human
  readonly #canvas = new OffscreenCanvas(1, 1)

  private constructor(human: Human) {
    this.#human = human
  }

  static async load(): Promise<FaceFinder> {
    const human = new Human(config)
    const tensorFlow = human.tf as TensorFlow
    tensorFlow.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false)
    tensorFlow.io.registerLoadRouter(modelRouter)
    await human.load()
    if (tensorFlow.getBackend() !== 'wasm') throw new Error('WebAssembly did not start')
    return new FaceFinder(human)
  }

  /** Landmarks in shares of the picture; undefined when there is no face. */
  async find(frame: FrameImage): Promise<readonly Point[] | undefined> {
    const [width, height] = sizeOf(frame)
    this.#canvas.width = detectWidth
    this.#canvas.height = Math.round((detectWidth * height) / width)
    const context = this.#canvas.getContext('2d', { willReadFrequently: true })
    if (context === null) return undefined
    context.drawImage(frame, 0, 0, this.#canvas.width, this.#canvas.height)
    const image = context.getImageData(0, 0, this.#canvas.width, this.#canvas.height)
    const { face } = await this.#human.detect(image)
    const mesh = face[0]?.meshRaw
    if (mesh === undefined || mesh.length < 468) return undefined
    return mesh.map(([x, y]) => [x, y])
  }
}
