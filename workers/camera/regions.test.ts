import { describe, expect, test } from 'vitest'
import { FrameClock } from './frameClock.ts'
import {
  besideFace,
  besideOval,
  faceRegions,
  hasMoved,
  ovalGuide,
  ovalRegion,
  shareBpOf,
  type Point,
} from './regions.ts'

/** A mesh in which only the landmarks that matter are where a face has them. */
function mesh(shift = 0): Point[] {
  const points: Point[] = Array.from({ length: 468 }, () => [0.5, 0.5] as const)
  const at: readonly (readonly [number, number, number])[] = [
    [10, 0.5, 0.2],
    [9, 0.5, 0.35],
    [67, 0.42, 0.22],
    [297, 0.58, 0.22],
    [234, 0.35, 0.5],
    [454, 0.65, 0.5],
    [205, 0.43, 0.58],
    [425, 0.57, 0.58],
    [152, 0.5, 0.8],
  ]
  for (const [index, x, y] of at) points[index] = [x + shift, y]
  return points
}

describe('SENS-2 where skin is read', () => {
  test('forehead and both cheeks, apart from each other and inside the face', () => {
    const [forehead, left, right, ...more] = faceRegions(mesh())
    expect(more).toEqual([])
    expect(forehead!.y).toBeGreaterThan(0.2)
    expect(forehead!.y + forehead!.height).toBeLessThan(0.38)
    expect(left!.x).toBeGreaterThan(0.35)
    expect(left!.x + left!.width).toBeLessThan(right!.x)
    expect(right!.x + right!.width).toBeLessThan(0.65)
    expect(faceRegions([])).toEqual([])
  })

  test('LIVE-3 what is beside a face: left and right of it, apart from hair and shoulders', () => {
    const [left, right, ...more] = besideFace(mesh())
    expect(more).toEqual([])
    expect(left!.x).toBeGreaterThan(0)
    expect(left!.x + left!.width).toBeLessThan(0.3)
    expect(right!.x).toBeGreaterThan(0.7)
    expect(left!.y + left!.height).toBeCloseTo(0.8)
    expect(shareBpOf(besideFace(mesh()))).toBeGreaterThan(2000)
    // Close before the lens, at the edge of the picture, or no face at all.
    const near = mesh().map(([x, y]): Point => [0.5 + 2.8 * (x - 0.5), 0.5 + 2.8 * (y - 0.5)])
    expect(besideFace(near)).toEqual([])
    expect(besideFace(mesh(-0.3))).toHaveLength(1)
    expect(besideFace([])).toEqual([])
    const [first, second] = besideOval(640, 480)
    const oval = ovalGuide(640, 480)
    expect(first!.x + first!.width).toBeLessThan(oval.x)
    expect(second!.x).toBeGreaterThan(oval.x + oval.width)
    expect(shareBpOf([])).toBe(0)
  })

  test('regions follow a moved head and stay under a trembling one', () => {
    expect(hasMoved(faceRegions(mesh()), faceRegions(mesh(0.002)))).toBe(false)
    expect(hasMoved(faceRegions(mesh()), faceRegions(mesh(0.05)))).toBe(true)
    expect(hasMoved([], faceRegions(mesh()))).toBe(true)
  })

  test.each([
    [640, 480],
    [480, 640],
  ])('the oval that is read lies inside the one that is drawn, %i × %i', (width, height) => {
    const guide = ovalGuide(width, height)
    const region = ovalRegion(width, height)
    expect(guide.x).toBeGreaterThanOrEqual(0)
    expect(region.x).toBeGreaterThan(guide.x)
    expect(region.y).toBeGreaterThan(guide.y)
    expect(guide.y + guide.height).toBeLessThanOrEqual(1)
  })

  test('frame time leads to Unix time by the smallest delay, and follows a drifting clock', () => {
    const clock = new FrameClock()
    expect(clock.offsetMs(0, 1_000_040)).toBe(1_000_040)
    expect(clock.offsetMs(33, 1_000_040)).toBe(1_000_007)
    expect(clock.offsetMs(66, 1_000_200)).toBeCloseTo(1_000_007, 1)
    let offsetMs = 0
    for (let frame = 3; frame < 100_000; frame += 1) {
      const frameMs = frame * 33
      offsetMs = clock.offsetMs(frameMs, 1_000_007 + frameMs * 1.0001)
    }
    expect(offsetMs).toBeCloseTo(1_000_007 + 330, -1)
  })
})
