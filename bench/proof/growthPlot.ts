/** Time and size of the emotional proof by the length of its window, as an SVG of two panels. */

export interface GrowthRow {
  readonly beats: number
  readonly constraintCount: number
  readonly keyBytes: number
  readonly keyGzBytes: number
  readonly wasmBytes: number
  readonly wasmGzBytes: number
  /** Medians, processor time of witness, proof and check. */
  readonly oursCpuMs: number
  readonly snarkjsCpuMs: number
}

const [width, height] = [760, 340]
const panel = { width: 290, height: 220, top: 60 }

interface Line {
  readonly name: string
  readonly colour: string
  readonly of: (row: GrowthRow) => number
}

const panels: readonly { readonly title: string; readonly lines: readonly Line[] }[] = [
  {
    title: 'witness, proof and check, ms of processor time',
    lines: [
      { name: 'snarkjs', colour: '#9aa7b8', of: ({ snarkjsCpuMs }) => snarkjsCpuMs },
      { name: 'ours', colour: '#123f82', of: ({ oursCpuMs }) => oursCpuMs },
    ],
  },
  {
    title: 'to load, MB',
    lines: [
      {
        name: 'all',
        colour: '#9aa7b8',
        of: ({ keyBytes, wasmBytes }) => (keyBytes + wasmBytes) / 1e6,
      },
      { name: 'gz', colour: '#123f82', of: (row) => (row.keyGzBytes + row.wasmGzBytes) / 1e6 },
    ],
  },
]

export function growthPlot(rows: readonly GrowthRow[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(width)} ${String(height)}" ` +
      'font-family="sans-serif" font-size="12" role="img">',
    '<title>The emotional proof by the most beats that its window may have</title>',
    `<rect width="${String(width)}" height="${String(height)}" fill="#fff"/>`,
    ...panels.flatMap(({ title, lines }, index) => panelOf(title, lines, rows, 60 + index * 370)),
    '</svg>',
    '',
  ].join('\n')
}

function panelOf(
  title: string,
  lines: readonly Line[],
  rows: readonly GrowthRow[],
  left: number,
): readonly string[] {
  const longest = Math.max(...rows.map(({ beats }) => beats))
  const most = Math.max(...lines.flatMap(({ of }) => rows.map(of)))
  const x = (beats: number): string => (left + (panel.width * beats) / longest).toFixed(1)
  const y = (value: number): string => (panel.top + panel.height * (1 - value / most)).toFixed(1)
  const bottom = String(panel.top + panel.height)
  return [
    `<text x="${String(left)}" y="40" font-weight="bold">${title}</text>`,
    `<line x1="${String(left)}" x2="${x(longest)}" y1="${bottom}" y2="${bottom}" stroke="#999"/>`,
    ...rows.map(
      ({ beats }) =>
        `<text x="${x(beats)}" y="${String(panel.top + panel.height + 18)}" ` +
        `text-anchor="middle">${String(beats)} beats</text>`,
    ),
    ...lines.flatMap(({ name, colour, of }) => [
      `<polyline points="${rows.map((row) => `${x(row.beats)},${y(of(row))}`).join(' ')}" ` +
        `fill="none" stroke="${colour}" stroke-width="2"/>`,
      ...rows.map((row, index) => {
        const value = of(row)
        const text = value >= 100 ? value.toFixed(0) : value.toFixed(1)
        const label = index === rows.length - 1 ? `${name} ${text}` : text
        return (
          `<text x="${x(row.beats)}" y="${String(Number(y(value)) - 8)}" text-anchor="middle" ` +
          `fill="${colour}">${label}</text>`
        )
      }),
    ]),
  ]
}
