/** The cost of agreement as SVG: small charts by seats, by validators and by load. */
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

interface Axis {
  readonly name: string
  readonly isOn: (row: CostRow) => boolean
  /** Along the axis: 0 at its left end, and what it is called. */
  readonly at: (row: CostRow) => number
  readonly tick: (row: CostRow) => string
  /** What a line stands for. */
  readonly line: (row: CostRow) => string
}

const axes: Readonly<Record<'seats' | 'validators' | 'load', Axis>> = {
  seats: {
    name: 'by seats, 1,000 validators',
    isOn: ({ validators }) => validators === 1000,
    at: ({ seats }) => seats,
    tick: ({ seats }) => `${String(seats)} seats`,
    line: ({ tps }) => `${String(tps)} tps`,
  },
  validators: {
    name: 'by validators, without payments',
    isOn: ({ tps }) => tps === 0,
    // 100, 1,000 and 10,000 at equal distances.
    at: ({ validators }) => Math.log10(validators) - 1,
    tick: ({ validators }) => String(validators),
    line: ({ seats }) => `${String(seats)} seats`,
  },
  load: {
    name: 'by payments a second, 21 seats',
    isOn: ({ seats, validators }) => seats === 21 && validators === 1000,
    at: ({ tps }) => (tps === 0 ? 0 : Math.log10(tps) - 2),
    tick: ({ tps }) => String(tps),
    line: () => '1,000 validators',
  },
}

interface Chart {
  readonly title: string
  readonly axis: Axis
  readonly of: (row: CostRow) => number
}

const { seats: bySeats, validators: byValidators, load: byLoad } = axes

const charts: readonly Chart[] = [
  { title: 'p95 at the seats, ms', axis: bySeats, of: ({ seatsMs }) => seatsMs.p95 },
  { title: 'p95 at the others, ms', axis: bySeats, of: ({ othersMs }) => othersMs.p95 },
  {
    title: 'upload, kB a seat and view',
    axis: bySeats,
    of: ({ bytesPerSeatView }) => bytesPerSeatView / 1000,
  },
  { title: 'processor, ms a seat and view', axis: bySeats, of: ({ modelMs }) => modelMs },
  { title: 'p95 at the seats, ms', axis: byValidators, of: ({ seatsMs }) => seatsMs.p95 },
  { title: 'p95 at the others, ms', axis: byValidators, of: ({ othersMs }) => othersMs.p95 },
  { title: 'p95 at the seats, ms', axis: byLoad, of: ({ seatsMs }) => seatsMs.p95 },
  {
    title: 'upload, kB a seat and view',
    axis: byLoad,
    of: ({ bytesPerSeatView }) => bytesPerSeatView / 1000,
  },
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
    `<title>Cost of agreement by seats, validators and load</title>`,
    ...charts.map((chart, index) => {
      const x = left + (index % columns) * (width + gap)
      const y = top + Math.floor(index / columns) * each
      return `<g transform="translate(${String(x)} ${String(y)})">${drawn(chart, rows)}</g>`
    }),
    `</svg>\n`,
  ].join('')
}

function drawn({ title, axis, of }: Chart, all: readonly CostRow[]): string {
  const rows = all.filter((row) => axis.isOn(row))
  const most = Math.max(1, ...rows.map(of)) * 1.1
  const farthest = Math.max(1, ...rows.map((row) => axis.at(row)))
  const x = (row: CostRow): number => (axis.at(row) / farthest) * width
  const y = (value: number): number => height - (value / most) * height
  const lines = [...new Set(rows.map((row) => axis.line(row)))]
  const labels: Label[] = []
  const drawnLines = lines.map((line, index) => {
    const points = rows.filter((row) => axis.line(row) === line)
    const colour = colours[index % colours.length] ?? '#888'
    const path = points.map((row) => `${at(x(row))},${at(y(of(row)))}`).join(' ')
    const dots = points.map((row) => {
      const [cx, cy, value] = [x(row), y(of(row)), of(row)]
      labels.push({ x: cx, y: cy - 6, colour, text: value.toFixed(value < 10 ? 1 : 0) })
      return `<circle cx="${at(cx)}" cy="${at(cy)}" r="2.5" fill="${colour}"/>`
    })
    const place = `x="${String(70 * index)}" y="${String(height + 36)}"`
    const key = `<text ${place} fill="${colour}">${line}</text>`
    return `<polyline points="${path}" fill="none" stroke="${colour}"/>${dots.join('')}${key}`
  })
  const ticks = new Map(rows.map((row) => [axis.tick(row), x(row)]))
  return [
    `<text y="-22">${title}</text>`,
    `<text y="-8" font-size="9">${axis.name}</text>`,
    `<path d="M0 0V${String(height)}H${String(width)}" fill="none" stroke="#8886"/>`,
    ...[...ticks].map(([tick, cx]) => textAt(cx, height + 16, tick)),
    ...drawnLines,
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
