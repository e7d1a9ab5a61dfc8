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

/** Charts beside each other. */
const columns = 2

export function costPlot(rows: readonly CostRow[]): string {
  const wide = left + columns * (width + gap)
  const each = top + height + 60
  const down = each * Math.ceil(charts.length / columns)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(wide)} ${String(down)}"`,
    ` width="${String(wide)}" font-family="system-ui, sans-serif" font-size="11" fill="#888">`,
    `<title>Cost of agreement by seats and load, 1,000 validators</title>`,
    ...charts.map((chart, index) => {
      const x = left + (index % columns) * (width + gap)
      const y = top + Math.floor(index / columns) * each
      return `<g transform="translate(${String(x)} ${String(y)})">${drawn(chart, rows)}</g>`
    }),
    `</svg>\n`,
  ].join('')
}

function drawn({ title, of }: Chart, all: readonly CostRow[]): string {
  const rows = all.filter(({ validators }) => validators === 1000)
  const most = Math.max(1, ...rows.map(of)) * 1.1
  const seatsMost = Math.max(...rows.map(({ seats }) => seats))
  const x = (seats: number): number => (seats / seatsMost) * width
  const y = (value: number): number => height - (value / most) * height
  const loads = [...new Set(rows.map(({ tps }) => tps))]
  const labels: Label[] = []
  const lines = loads.map((tps, index) => {
    const points = rows.filter((row) => row.tps === tps)
    const colour = colours[index % colours.length] ?? '#888'
    const path = points.map((row) => `${at(x(row.seats))},${at(y(of(row)))}`).join(' ')
    const dots = points.map((row) => {
      const [cx, cy, value] = [x(row.seats), y(of(row)), of(row)]
      labels.push({ x: cx, y: cy - 6, colour, text: value.toFixed(value < 10 ? 1 : 0) })
      return `<circle cx="${at(cx)}" cy="${at(cy)}" r="2.5" fill="${colour}"/>`
    })
    const place = `x="${String(70 * index)}" y="${String(height + 36)}"`
    const key = `<text ${place} fill="${colour}">${String(tps)} tps</text>`
    return `<polyline points="${path}" fill="none" stroke="${colour}"/>${dots.join('')}${key}`
  })
  const counts = [...new Set(rows.map(({ seats }) => seats))]
  const ticks = counts.map((seats) => textAt(x(seats), height + 16, `${String(seats)} seats`))
  return [
    `<text y="-22">${title}</text>`,
    `<path d="M0 0V${String(height)}H${String(width)}" fill="none" stroke="#8886"/>`,
    ...ticks,
    ...lines,
    ...apart(labels).map(({ x: cx, y: cy, text, colour }) => textAt(cx, cy, text, colour)),
  ].join('')
}

interface Label {
  readonly x: number
  readonly y: number
  readonly text: string
  readonly colour: string
}

const lineHeight = 12

/** Of labels above one place each keeps clear of the one below it. */
function apart(labels: readonly Label[]): readonly Label[] {
  const free = new Map<number, number>()
  return labels
    .toSorted((one, other) => other.y - one.y)
    .map((label) => {
      const y = Math.min(label.y, free.get(label.x) ?? Infinity)
      free.set(label.x, y - lineHeight)
      return { ...label, y }
    })
}

function at(value: number): string {
  return value.toFixed(1)
}

function textAt(x: number, y: number, text: string, colour = '#888'): string {
  return `<text x="${at(x)}" y="${at(y)}" text-anchor="middle" fill="${colour}">${text}</text>`
}
