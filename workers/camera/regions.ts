/** Where skin is read: forehead and cheeks of a face, or the oval that the page draws (SENS-2). */

import type { Region } from './protocol.ts'

/** Height of the oval in shares of the picture's, and its width in shares of its height. */
const ovalHeight = 0.72
const ovalAspect = 0.76
/** The edge of the oval may show hair or background. */
const ovalInner = 0.8

/** The oval to draw, for a picture of this many pixels. */
export function ovalGuide(width: number, height: number): Region {
  return ovalOf(ovalHeight, width, height)
}

/** The part of the oval that is read. */
export function ovalRegion(width: number, height: number): Region {
  return ovalOf(ovalHeight * ovalInner, width, height)
}

/** A finger on the lens fills the picture; at its edges light comes in from the side. */
export function fingerRegion(): Region {
  return { x: 0.2, y: 0.2, width: 0.6, height: 0.6, shape: 'rectangle' }
}

function ovalOf(share: number, width: number, height: number): Region {
  const widthShare = (share * ovalAspect * height) / width
  return {
    x: 0.5 - widthShare / 2,
    y: 0.5 - share / 2,
    width: widthShare,
    height: share,
    shape: 'ellipse',
  }
}

/** A landmark in shares of the picture. */
export type Point = readonly [x: number, y: number]

// Indices of the 468-point face mesh.
const foreheadTop = 10
const browCentre = 9
const chin = 152
const foreheadSides = [67, 297] as const
const cheeks = [205, 425] as const
const cheekEdges = [234, 454] as const

/** Forehead between hairline and brows, and the middle of both cheeks. */
export function faceRegions(mesh: readonly Point[]): readonly Region[] {
  const top = mesh[foreheadTop]
  const brow = mesh[browCentre]
  const [left, right] = foreheadSides.map((index) => mesh[index])
  const [edgeLeft, edgeRight] = cheekEdges.map((index) => mesh[index])
  const centres = cheeks.map((index) => mesh[index])
  if (!top || !brow || !left || !right || !edgeLeft || !edgeRight) return []
  const faceWidth = Math.abs(edgeRight[0] - edgeLeft[0])
  const foreheadHeight = brow[1] - top[1]
  const forehead = rectangle(
    (left[0] + right[0]) / 2,
    top[1] + 0.55 * foreheadHeight,
    Math.abs(right[0] - left[0]),
    0.6 * foreheadHeight,
  )
  const sides = centres.flatMap((centre) =>
    centre === undefined
      ? []
      : [rectangle(centre[0], centre[1], 0.2 * faceWidth, 0.7 * foreheadHeight)],
  )
  return [forehead, ...sides]
}

// Hair and shoulders are as near to the screen as the face: so far from it begins what is behind.
const sideMargin = 0.3
const pictureEdge = 0.02
/** Narrower is none. */
const besideWidthMin = 0.03

/** What is seen beside a face, left and right of it, from above its brow to its chin (LIVE-3). */
export function besideFace(mesh: readonly Point[]): readonly Region[] {
  const [edgeRight, edgeLeft] = cheekEdges.map((index) => mesh[index])
  const [top, bottom] = [mesh[foreheadTop], mesh[chin]]
  if (!edgeRight || !edgeLeft || !top || !bottom) return []
  const [left, right] = [Math.min(edgeRight[0], edgeLeft[0]), Math.max(edgeRight[0], edgeLeft[0])]
  const margin = sideMargin * (right - left)
  return beside(left - margin, right + margin, top[1], bottom[1])
}

/** The same of the oval that the page draws. */
export function besideOval(width: number, height: number): readonly Region[] {
  const { x, y, width: across, height: down } = ovalGuide(width, height)
  const margin = (sideMargin / 2) * across
  return beside(x - margin, x + across + margin, y, y + down)
}

function beside(left: number, right: number, top: number, bottom: number): readonly Region[] {
  const y = Math.max(pictureEdge, top)
  const height = Math.min(1 - pictureEdge, bottom) - y
  if (height <= 0) return []
  return [
    [pictureEdge, left],
    [right, 1 - pictureEdge],
  ].flatMap(([from = 0, to = 0]) =>
    to - from < besideWidthMin
      ? []
      : [{ x: from, y, width: to - from, height, shape: 'rectangle' as const }],
  )
}

/** Part of the picture that regions cover, in basis points. */
export function shareBpOf(regions: readonly Region[]): number {
  const share = regions.reduce(
    (total, { width, height, shape }) =>
      total + width * height * (shape === 'ellipse' ? Math.PI / 4 : 1),
    0,
  )
  return Math.floor(10_000 * Math.min(1, Math.max(0, share)))
}

function rectangle(centreX: number, centreY: number, width: number, height: number): Region {
  return { x: centreX - width / 2, y: centreY - height / 2, width, height, shape: 'rectangle' }
}

/** Regions stay put under small movements: each jump of a region is a step in its colour. */
const moveShareMin = 0.15

export function hasMoved(before: readonly Region[], now: readonly Region[]): boolean {
  if (before.length !== now.length) return true
  return now.some((region, at) => {
    const old = before[at]
    if (old === undefined) return true
    const limitX = moveShareMin * old.width
    const limitY = moveShareMin * old.height
    return (
      Math.abs(region.x - old.x) > limitX ||
      Math.abs(region.y - old.y) > limitY ||
      Math.abs(region.width - old.width) > 2 * limitX ||
      Math.abs(region.height - old.height) > 2 * limitY
    )
  })
}
