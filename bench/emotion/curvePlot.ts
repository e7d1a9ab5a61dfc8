/** Coverage against error, ours beside the peer's, as an SVG that needs nothing else. */

import type { CurvePoint } from './finger.ts'

interface PeerMean {
  readonly method: string
  readonly answered: number
  readonly hrMae: number
  readonly rmssdMae: number
}

interface Panel {
  readonly title: string
  readonly unit: string
  /** What the mean error of what is accepted may be at most. */
  readonly bound: number
  readonly of: (point: { readonly hrMae: number; readonly rmssdMae: number }) => number
}

const width = 760
const height = 360
const area = { width: 280, height: 220, top: 70 }
const panels: readonly Panel[] = [
  { title: 'Heart rate', unit: 'bpm', bound: 0.6, of: ({ hrMae }) => hrMae },
  { title: 'RMSSD', unit: 'ms', bound: 12, of: ({ rmssdMae }) => rmssdMae },
]

export function curvePlot(
  curve: readonly CurvePoint[],
  acceptedShare: number,
  peer: readonly PeerMean[],
): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" ` +
      'font-family="sans-serif" font-size="12" role="img">',
    '<title>Finger on the camera against a strap: mean error over the least doubtful share</title>',
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...panels.flatMap((panel, index) =>
      panelLines(panel, 60 + index * 370, { curve, acceptedShare, peer }),
    ),
    '</svg>',
    '',
  ].join('\n')
}

function panelLines(
  { title, unit, bound, of }: Panel,
  left: number,
  found: {
    readonly curve: readonly CurvePoint[]
    readonly acceptedShare: number
    readonly peer: readonly PeerMean[]
  },
): readonly string[] {
  const most = 1.1 * Math.max(bound, ...found.curve.map(of))
  const x = (share: number): number => left + area.width * share
  const y = (error: number): number => area.top + area.height * (1 - error / most)
  const line = (x1: number, y1: number, x2: number, y2: number, style: string): string =>
    `<line x1="${at(x1)}" y1="${at(y1)}" x2="${at(x2)}" y2="${at(y2)}" ${style}/>`
  const label = (px: number, py: number, text: string, more = ''): string =>
    `<text x="${at(px)}" y="${at(py)}" ${more}>${text}</text>`
  const points = found.curve.map((point) => `${at(x(point.coverage))},${at(y(of(point)))}`)
  const peers = found.peer.map((mean) => `${mean.method} ${of(mean).toFixed(1)}`).join(', ')
  const bottom = area.top + area.height
  return [
    label(left, 30, `${title}: mean error, ${unit}`, 'font-weight="bold"'),
    label(left, 48, `vitallens: ${peers} ${unit}`, 'fill="#666"'),
    ...[0, 0.25, 0.5, 0.75, 1].map((share) =>
      label(x(share), bottom + 18, `${100 * share} %`, 'text-anchor="middle"'),
    ),
    ...[0, bound / 2, bound].map((error) =>
      label(left - 8, y(error) + 4, error.toFixed(1), 'text-anchor="end"'),
    ),
    label(x(0.5), bottom + 38, 'of the recordings, the least doubtful', 'text-anchor="middle"'),
    line(left, bottom, left + area.width, bottom, 'stroke="#888"'),
    line(left, y(bound), left + area.width, y(bound), 'stroke="#c55" stroke-dasharray="4 3"'),
    line(x(found.acceptedShare), area.top, x(found.acceptedShare), bottom, 'stroke="#bbb"'),
    label(x(found.acceptedShare) - 4, area.top + 12, 'accepted', 'text-anchor="end" fill="#666"'),
    `<polyline points="${points.join(' ')}" fill="none" stroke="#123f82" stroke-width="2"/>`,
  ]
}

function at(value: number): string {
  return value.toFixed(1)
}
