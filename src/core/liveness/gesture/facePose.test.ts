import { describe, expect, test } from 'vitest'
import { facePose, type MeshPoint } from './facePose.ts'

interface Drawn {
  /** Height of the open eye in parts of a hundred of its width. */
  readonly open?: number
  /** Of the nose, in parts of a hundred of half the face's width, to the person's left. */
  readonly nose?: number
  readonly degrees?: number
  readonly size?: number
}

/** A mesh in which only the landmarks that matter are where a face has them. */
function mesh({ open = 30, nose = 0, degrees = 0, size = 1000 }: Drawn = {}): readonly MeshPoint[] {
  const lid = (open / 100) * 0.2
  const eye = (x: number): readonly (readonly [number, number])[] => [
    [x - 0.1, -0.2],
    [x - 0.03, -0.2 - lid / 2],
    [x + 0.03, -0.2 - lid / 2],
    [x + 0.1, -0.2],
    [x + 0.03, -0.2 + lid / 2],
    [x - 0.03, -0.2 + lid / 2],
  ]
  const points: MeshPoint[] = Array.from({ length: 468 }, () => [0, 0] as const)
  const angle = (degrees * Math.PI) / 180
  const put = (index: number, [x, y]: readonly [number, number]): void => {
    const turned = [
      x * Math.cos(angle) - y * Math.sin(angle),
      x * Math.sin(angle) + y * Math.cos(angle),
    ]
    const [across = 0, down = 0] = turned.map((value) => Math.round(size * (value + 2)))
    points[index] = [across, down]
  }
  for (const [at, index] of [33, 160, 158, 133, 153, 144].entries()) put(index, eye(-0.25)[at]!)
  for (const [at, index] of [362, 385, 387, 263, 373, 380].entries()) put(index, eye(0.25)[at]!)
  put(234, [-0.5, 0])
  put(454, [0.5, 0])
  put(1, [nose / 200, 0.1])
  return points
}

describe('LIVE-4 poses from landmarks', () => {
  test('the eye aspect ratio is height over width', () => {
    expect(facePose(mesh({ open: 30 }))?.opennessBp).toBeCloseTo(3000, -2)
    expect(facePose(mesh({ open: 10 }))?.opennessBp).toBeCloseTo(1000, -2)
  })

  test('yaw is the way of the nose, to the person’s left above 0', () => {
    expect(facePose(mesh())?.yawBp).toBe(0)
    expect(facePose(mesh({ nose: 40 }))?.yawBp).toBeCloseTo(4000, -2)
    expect(facePose(mesh({ nose: -40 }))?.yawBp).toBeCloseTo(-4000, -2)
    expect(facePose(mesh({ nose: 300 }))?.yawBp).toBe(10_000)
  })

  test.each([20, -35])('a head tilted by %i degrees has the same pose', (degrees) => {
    const straight = facePose(mesh({ nose: 40 }))!
    const tilted = facePose(mesh({ nose: 40, degrees }))!
    expect(Math.abs(tilted.opennessBp - straight.opennessBp)).toBeLessThan(100)
    expect(Math.abs(tilted.yawBp - straight.yawBp)).toBeLessThan(100)
  })

  test('so has a face of another size', () => {
    const [near, far] = [facePose(mesh({ nose: 30 }))!, facePose(mesh({ nose: 30, size: 200 }))!]
    expect(Math.abs(near.opennessBp - far.opennessBp)).toBeLessThan(150)
    expect(Math.abs(near.yawBp - far.yawBp)).toBeLessThan(100)
  })

  test('points that are no face have none', () => {
    const face = mesh()
    expect(facePose([])).toBeUndefined()
    expect(facePose(face.slice(0, 400))).toBeUndefined()
    expect(facePose(face.map(() => [5, 5] as const))).toBeUndefined()
    expect(facePose(face.with(33, [0.5, 1]))).toBeUndefined()
    expect(facePose(face.with(1, [NaN, 1]))).toBeUndefined()
  })
})
