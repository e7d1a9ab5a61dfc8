/** Mean colour of regions of one frame (SENS-2). */

import type { Region } from './protocol.ts'

export interface Color {
  readonly r: number
  readonly g: number
  readonly b: number
}

interface Rectangle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export type FrameImage = VideoFrame | ImageBitmap

const redShareMin = 1.5

/** Light that went through a finger is red: blood takes green and blue. */
export function isFinger({ r, g, b }: Color): boolean {
  return r > redShareMin * g && r > redShareMin * b
}

export class SkinReader {
  #pixels = new Uint8ClampedArray(0)
  #canvas: OffscreenCanvasRenderingContext2D | undefined
  /** Some browsers cannot convert while copying. */
  #canCopy = true

  /** Undefined when no region lies in the picture. */
  async read(frame: FrameImage, regions: readonly Region[]): Promise<Color | undefined> {
    const [width, height] = sizeOf(frame)
    const sum: Sum = { r: 0, g: 0, b: 0, count: 0 }
    for (const region of regions) {
      const rectangle = pixelsOf(region, width, height)
      if (rectangle === undefined) continue
      const pixels = await this.#pixelsOf(frame, rectangle)
      addPixels(sum, pixels, rectangle, region.shape)
    }
    if (sum.count === 0) return undefined
    return { r: sum.r / sum.count, g: sum.g / sum.count, b: sum.b / sum.count }
  }

  async #pixelsOf(frame: FrameImage, rectangle: Rectangle): Promise<Uint8ClampedArray> {
    if (this.#canCopy && frame instanceof VideoFrame) {
      const length = rectangle.width * rectangle.height * 4
      if (this.#pixels.length < length) this.#pixels = new Uint8ClampedArray(length)
      try {
        await frame.copyTo(this.#pixels, { rect: rectangle, format: 'RGBA' })
        return this.#pixels
      } catch {
        this.#canCopy = false
      }
    }
    return this.#draw(frame, rectangle)
  }

  #draw(frame: FrameImage, { x, y, width, height }: Rectangle): Uint8ClampedArray {
    this.#canvas ??=
      new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true }) ?? undefined
    if (this.#canvas === undefined) return new Uint8ClampedArray(width * height * 4)
    const { canvas } = this.#canvas
    canvas.width = Math.max(canvas.width, width)
    canvas.height = Math.max(canvas.height, height)
    this.#canvas.drawImage(frame, x, y, width, height, 0, 0, width, height)
    return this.#canvas.getImageData(0, 0, width, height).data
  }
}

export function sizeOf(frame: FrameImage): readonly [width: number, height: number] {
  return frame instanceof VideoFrame
    ? [frame.codedWidth, frame.codedHeight]
    : [frame.width, frame.height]
}

/** Whole pixels inside the picture, even as subsampled colour wants them; undefined of too few. */
export function pixelsOf(region: Region, width: number, height: number): Rectangle | undefined {
  const even = (value: number, max: number) => 2 * Math.round(Math.min(max, Math.max(0, value)) / 2)
  const left = even(region.x * width, width)
  const top = even(region.y * height, height)
  const right = even((region.x + region.width) * width, width)
  const bottom = even((region.y + region.height) * height, height)
  if (right - left < 4 || bottom - top < 4) return undefined
  return { x: left, y: top, width: right - left, height: bottom - top }
}

interface Sum {
  r: number
  g: number
  b: number
  count: number
}

function addPixels(
  sum: Sum,
  pixels: Uint8ClampedArray,
  { width, height }: Rectangle,
  shape: Region['shape'],
): void {
  for (let row = 0; row < height; row += 1) {
    // Half the width of an ellipse in this row.
    const across = (2 * (row + 0.5)) / height - 1
    const half = shape === 'ellipse' ? (width / 2) * Math.sqrt(1 - across * across) : width / 2
    const from = Math.ceil(width / 2 - half)
    const to = Math.floor(width / 2 + half)
    for (let at = 4 * (row * width + from); at < 4 * (row * width + to); at += 4) {
      sum.r += pixels[at] ?? 0
      sum.g += pixels[at + 1] ?? 0
      sum.b += pixels[at + 2] ?? 0
    }
    sum.count += Math.max(0, to - from)
  }
}
