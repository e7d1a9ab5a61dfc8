/**
 * The camera worker's path with landmarks in each frame: find them, place the regions, read their
 * colour. The product looks for them twice a second.
 */

import { FaceFinder } from '../../../workers/camera/faceFinder.ts'
import { faceRegions } from '../../../workers/camera/regions.ts'
import { SkinReader } from '../../../workers/camera/skinColor.ts'

async function readAll(frames: ReadableStream<VideoFrame>): Promise<void> {
  const finder = await FaceFinder.load()
  const skin = new SkinReader()
  const source = frames.getReader()
  let found = 0
  for (;;) {
    const { value: frame, done } = await source.read()
    if (done) return
    try {
      const mesh = await finder.find(frame)
      if (mesh === undefined) continue
      await skin.read(frame, faceRegions(mesh))
      found += 1
      postMessage(found)
    } finally {
      frame.close()
    }
  }
}

addEventListener('message', ({ data }: MessageEvent<ReadableStream<VideoFrame>>) => {
  readAll(data).catch((error: unknown) => {
    throw error
  })
})
