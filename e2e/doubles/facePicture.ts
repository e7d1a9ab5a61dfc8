/**
 * The portrait that the face model's own package carries, as a picture whose skin can be given a
 * pulse. A drawn oval would not be found as a face.
 */

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Page } from '@playwright/test'
import type { Picture } from './y4m.ts'

/** `page` decodes the JPEG; any page will do. `wall` is what lies beside the portrait. */
export async function facePicture(
  page: Page,
  width = 320,
  height = 240,
  wall = '#000',
): Promise<Picture> {
  const rgba = await page.evaluate(drawPortrait, { url: portraitUrl(), width, height, wall })
  const rgb = new Uint8Array(3 * width * height)
  const skin = new Uint8Array(width * height)
  for (let at = 0; at < width * height; at += 1) {
    const [r = 0, g = 0, b = 0] = rgba.slice(4 * at, 4 * at + 3)
    rgb.set([r, g, b], 3 * at)
    // The portrait fills the height; where its face lies is known, and its skin too pale to tell by
    // colour.
    const x = ((at % width) - width / 2) / height + 0.5
    const y = Math.floor(at / width) / height
    skin[at] = ((x - 0.49) / 0.29) ** 2 + ((y - 0.45) / 0.43) ** 2 < 1 ? 1 : 0
  }
  return { width, height, rgb, skin }
}

/** As a data URL. */
export function portraitUrl(): string {
  return `data:image/jpeg;base64,${portrait().replace(/^data:[^,]*,/, '')}`
}

function portrait(): string {
  const entry = createRequire(import.meta.url).resolve('@vladmandic/human')
  const source = readFileSync(join(dirname(entry), '../src/sample.ts'), 'utf8')
  const base64 = /export const face: string = `([^`]+)`/.exec(source)?.[1]
  if (base64 === undefined) throw new Error('the package carries no portrait')
  return base64.replace(/\s/g, '')
}

async function drawPortrait(options: {
  readonly url: string
  readonly width: number
  readonly height: number
  readonly wall: string
}): Promise<number[]> {
  const image = new Image()
  image.src = options.url
  await image.decode()
  const canvas = new OffscreenCanvas(options.width, options.height)
  const context = canvas.getContext('2d')
  if (context === null) return []
  context.fillStyle = options.wall
  context.fillRect(0, 0, options.width, options.height)
  // The whole portrait, in the middle.
  const scale = Math.min(options.width / image.width, options.height / image.height)
  const width = image.width * scale
  const height = image.height * scale
  const x = (options.width - width) / 2
  context.drawImage(image, x, (options.height - height) / 2, width, height)
  return [...context.getImageData(0, 0, options.width, options.height).data]
}
