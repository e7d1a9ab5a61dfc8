/** The cost of agreement as SVG: four small charts over the seats, a line for each load. */
export interface CostRow {
  readonly seats: number
  readonly validators: number
  readonly tps: number
  /** Proposal to commit certificate, ms. */
  readonly seatsMs: { readonly p50: number; readonly p95: number }
  readonly othersMs: { readonly p50: number; readonly p95: number }
  readonly bytesPerSeatView: number
  /** Modelled for a tab, and measured here. */
  readonly modelMs: number
  readonly hostMs: number
  readonly views: number
  readonly blocks: number
  readonly violations: readonly string[]
}

const [width, height, gap, left, top] = [230, 170, 60, 50, 40]
const colours = ['#2a7', '#47c', '#d73']

interface Chart {
  readonly title: string
  readonly of: (row: CostRow) => number
}

const charts: readonly Chart[] = [
  { title: 'p95 at the seats, ms', of: ({ seatsMs }) => seatsMs.p95 },
  { title: 'p95 at the others, ms', of: ({ othersMs }) => othersMs.p95 },
  { title: 'upload, kB a seat and view', of: ({ bytesPerSeatView }) => bytesPerSeatView / 1000 },
  { title: 'processor, ms a seat and view', of: ({ modelMs }) => modelMs },
]

export function costPlot(rows: readonly CostRow[]): string {
  const all = left + charts.length * (width + gap)
  const down = top + height + 60
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${String(all)}" height="${String(down)}"`,
    ` font-family="system-ui" font-size="11" fill="#888">`,
    `<title>Cost of agreement by seats and load, 1,000 validators</title>`,
    ...charts.map((chart, index) => {
      const x = left + index * (width + gap)
      return `<g transform="translate(${String(x)} ${String(top)})">${drawn(chart, rows)}</g>`
    }),
    `</svg>\n`,
  ].join('')
}

function drawn({ title, of }: Chart, all: readonly CostRow[]): string {
  const rows = all.filter(({ validators }) => validators === 1000)
  const most = Math.max(1, ...rows.map(of)) * 1.1
  const seatsMost = Math.max(...rows.map(({ seats }) => seats))
  const x = (seats: number): string => ((seats / seatsMost) * width).toFixed(1)
  const y = (value: number): string => (height - (value / most) * height).toFixed(1)
  const loads = [...new Set(rows.map(({ tps }) => tps))]
  const lines = loads.map((tps, index) => {
    const points = rows.filter((row) => row.tps === tps)
    const colour = colours[index % colours.length] ?? '#888'
    const path = points.map((row) => `${x(row.seats)},${y(of(row))}`).join(' ')
    const dots = points.map((row) => {
      const [cx, value] = [x(row.seats), of(row)]
      const label = value.toFixed(value < 10 ? 1 : 0)
      const dot = `<circle cx="${cx}" cy="${y(value)}" r="2.5" fill="${colour}"/>`
      return `${dot}${textAt(cx, y(value + most * 0.03), label)}`
    })
    const place = `x="${String(70 * index)}" y="${String(height + 36)}"`
    const key = `<text ${place} fill="${colour}">${String(tps)} tps</text>`
    return `<polyline points="${path}" fill="none" stroke="${colour}"/>${dots.join('')}${key}`
  })
  const counts = [...new Set(rows.map(({ seats }) => seats))]
  const ticks = counts.map((seats) => textAt(x(seats), String(height + 16), String(seats)))
  return [
    `<text y="-22">${title}</text>`,
    `<path d="M0 0V${String(height)}H${String(width)}" fill="none" stroke="#8886"/>`,
    ...ticks,
    ...lines,
  ].join('')
}

function textAt(x: string, y: string, text: string): string {
  return `<text x="${x}" y="${y}" text-anchor="middle">${text}</text>`
}
