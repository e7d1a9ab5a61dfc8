/**
 * A face before the screen, as the page's own camera: the portrait of the face model's package on a
 * canvas, lit by whatever colour the page shows, a little later. What answers is light, not a draw
 * that was read.
 */

import type { Page } from '@playwright/test'
import { portraitUrl } from './facePicture.ts'

export interface LitFace {
  /** Part of the screen's colour in what skin and wall throw back; 0 is a photo in the dark. */
  readonly skinPart: number
  readonly wallPart: number
  readonly lagMs: number
}

/** Before the page is opened: the camera that it gets is this one. */
export async function standLitFace(page: Page, face: LitFace): Promise<void> {
  await page.addInitScript(stand, { url: portraitUrl(), ...face })
}

function stand({ url, skinPart, wallPart, lagMs }: LitFace & { readonly url: string }): void {
  const [width, height, framesPerSecond] = [320, 240, 24]
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  const context = canvas.getContext('2d')
  const image = new Image()
  image.src = url
  const shown: { readonly atMs: number; readonly color: string }[] = []

  const draw = (): void => {
    if (context === null) return
    const dialog = document.querySelector('dialog')
    const color = dialog === null ? 'rgb(120 120 120)' : getComputedStyle(dialog).backgroundColor
    shown.push({ atMs: performance.now(), color })
    while ((shown[1]?.atMs ?? Infinity) <= performance.now() - lagMs) shown.shift()
    const light = shown[0]?.color ?? color
    context.globalAlpha = 1
    context.fillStyle = '#8f8a80'
    context.fillRect(0, 0, width, height)
    // The portrait is square; its face lies in the middle.
    context.drawImage(image, 60, 20, 200, 200)
    context.fillStyle = light
    context.globalAlpha = wallPart
    context.fillRect(0, 0, width, height)
    context.globalAlpha = skinPart
    context.beginPath()
    context.ellipse(60 + 0.49 * 200, 20 + 0.45 * 200, 0.29 * 200, 0.43 * 200, 0, 0, 7)
    context.fill()
  }

  const open = async (): Promise<MediaStream> => {
    await image.decode()
    setInterval(draw, 1000 / framesPerSecond)
    draw()
    return canvas.captureStream(framesPerSecond)
  }
  navigator.mediaDevices.getUserMedia = open
}
