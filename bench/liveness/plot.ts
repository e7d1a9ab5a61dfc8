/** Acceptance against the strength of the response, as an SVG that needs nothing else. */

import type { Acceptance } from './measure.ts'

export interface Curve {
  readonly title: string
  readonly rows: readonly Acceptance[]
}

const width = 760
const height = 360
const panel = { width: 300, height: 240, top: 60 }
const colours = ['#9aa7b8', '#4f7fc4', '#123f82']
const names = ['one window', 'two', 'three']

export function acceptancePlot(curves: readonly Curve[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" ` +
      'font-family="sans-serif" font-size="12" role="img">',
    '<title>Breathing challenge: simulated people who are accepted, by strength</title>',
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...curves.flatMap((curve, index) => panelLines(curve, 60 + index * 360)),
    '</svg>',
    '',
  ].join('\n')
}

function panelLines({ title, rows }: Curve, left: number): readonly string[] {
  const most = Math.max(...rows.map((row) => row.amplitudeMs))
  const x = (amplitudeMs: number): number => left + (panel.width * amplitudeMs) / most
  const y = (share: number): number => panel.top + panel.height * (1 - share)
  const shares = [0, 0.25, 0.5, 0.75, 1]
  return [
    `<text x="${left}" y="40" font-weight="bold">${title}</text>`,
    ...shares.flatMap((share) => [
      `<line x1="${left}" x2="${left + panel.width}" y1="${y(share)}" y2="${y(share)}" ` +
        'stroke="#ddd"/>',
      `<text x="${left - 8}" y="${y(share) + 4}" text-anchor="end">${100 * share} %</text>`,
    ]),
    ...rows.map(
      ({ amplitudeMs }) =>
        `<text x="${x(amplitudeMs)}" y="${panel.top + panel.height + 18}" ` +
        `text-anchor="middle">${amplitudeMs}</text>`,
    ),
    `<text x="${left + panel.width / 2}" y="${panel.top + panel.height + 38}" ` +
      'text-anchor="middle">response, ± ms</text>',
    ...names.flatMap((name, windows) => {
      const colour = colours[windows] ?? '#000'
      const points = rows.map((row) => `${x(row.amplitudeMs)},${y(row.answered[windows] ?? 0)}`)
      const nameX = left + panel.width - 74
      const nameY = panel.top + panel.height - 52 + 18 * windows
      return [
        `<polyline points="${points.join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>`,
        `<text x="${nameX}" y="${nameY}" fill="${colour}">${name}</text>`,
      ]
    }),
  ]
}
