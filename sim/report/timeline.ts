/**
 * The views of a run as SVG, a row each, from the proposal on: when the nodes held QC or NC and FC.
 * A bar spans the middle eight tenths of the nodes, a tick is the median. A view without a proposal
 * begins with the certificate that opened it; what came after the right edge is written as seconds.
 */
import type { ViewTimes } from '../metrics.ts'

const rowHeight = 12
const left = 170
const top = 44
const rowsMax = 120
const plotWidth = 820
/** The axis is as long as the views are, within these. */
const axisMs = { least: 400, most: 4000 }

const kinds = [
  { name: 'QC: a quorum voted for the block', field: 'quorumUs', color: '#4477aa', lift: -2 },
  { name: 'NC: a quorum skipped the view', field: 'skipUs', color: '#cc4455', lift: -2 },
  { name: 'FC: final', field: 'finalUs', color: '#228833', lift: 2 },
] as const

export function timeline(views: readonly ViewTimes[]): string {
  const shown = views.toSorted((a, b) => firstUs(a) - firstUs(b)).slice(0, rowsMax)
  const begins = shown.map((view, index) => view.proposedUs ?? openedUs(view, shown[index - 1]))
  const longest = Math.max(
    axisMs.least,
    ...shown.map((view, index) => (Math.max(...allUs(view)) - (begins[index] ?? 0)) / 1000),
  )
  const spanMs = Math.min(axisMs.most, Math.ceil(longest / 100) * 100)
  const [width, height] = [left + plotWidth + 60, top + (shown.length + 1) * rowHeight]
  const rows = shown.map((view, index) => {
    const y = top + (index + 1) * rowHeight
    const atMs = ((begins[index] ?? 0) - (begins[0] ?? 0)) / 1000
    return rowOf(view, { y, atMs, beginUs: begins[index] ?? 0, pxPerMs: plotWidth / spanMs })
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(width)} ${String(height)}"`,
    ` width="${String(width)}" height="${String(height)}"`,
    ` font-family="system-ui, sans-serif" font-size="9">`,
    `<title>Views of a run: proposal, QC or NC, and FC at the nodes</title>`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    legend(),
    ...axis(spanMs, height),
    ...rows,
    `</svg>\n`,
  ].join('')
}

function allUs({ proposedUs, quorumUs, skipUs, finalUs }: ViewTimes): readonly number[] {
  const held = [quorumUs, skipUs, finalUs].flatMap((times) => [...times.values()])
  return proposedUs === undefined ? held : [proposedUs, ...held]
}

function firstUs(view: ViewTimes): number {
  return Math.min(...allUs(view))
}

/** The first node left the view before; what is known of this one may come later. */
function openedUs(view: ViewTimes, before: ViewTimes | undefined): number {
  const ends = [...(before?.quorumUs.values() ?? []), ...(before?.skipUs.values() ?? [])]
  return Math.min(firstUs(view), ...ends)
}

function legend(): string {
  const entries = [{ name: 'proposal', color: '#333' }, ...kinds]
  return entries
    .map(({ name, color }, index) => {
      const x = left + index * 190
      const mark = `<rect x="${String(x)}" y="6" width="10" height="4" fill="${color}"/>`
      return `${mark}<text x="${String(x + 14)}" y="11" fill="#333">${name}</text>`
    })
    .join('')
}

/** A line each 100 ms, or each 500 when that would be too many. */
function axis(spanMs: number, height: number): readonly string[] {
  const stepMs = spanMs > 1500 ? 500 : 100
  return Array.from({ length: Math.floor(spanMs / stepMs) + 1 }, (_none, index) => {
    const x = (left + (index * stepMs * plotWidth) / spanMs).toFixed(1)
    const label = `<text x="${x}" y="${String(top - 6)}" text-anchor="middle" fill="#555">`
    const line = `<path d="M${x} ${String(top)}V${String(height)}" stroke="#ddd"/>`
    return `${line}${label}${String(index * stepMs)} ms</text>`
  })
}

interface Row {
  readonly y: number
  /** Since the first view of the run. */
  readonly atMs: number
  readonly beginUs: number
  readonly pxPerMs: number
}

function rowOf(view: ViewTimes, { y, atMs, beginUs, pxPerMs }: Row): string {
  const { epoch, leader, proposedUs } = view
  const place = `${String(epoch)}/${String(view.view)} · seat ${String(leader)}`
  const labels = [
    `<text x="4" y="${String(y + 3)}" fill="#333">${place}</text>`,
    `<text x="${String(left - 12)}" y="${String(y + 3)}" fill="#777" text-anchor="end">`,
    `${(atMs / 1000).toFixed(1)} s</text>`,
  ]
  const proposal = `<path d="M${String(left)} ${String(y - 4)}v8" stroke="#333" stroke-width="1.5"/>`
  const marks = kinds.map(({ field, color, lift }) => {
    const ms = [...view[field].values()].map((us) => (us - beginUs) / 1000)
    return markOf(
      ms.toSorted((a, b) => a - b),
      { y: y + lift, color, pxPerMs },
    )
  })
  return [...labels, proposedUs === undefined ? '' : proposal, ...marks].join('')
}

/** The middle eight tenths, and the median. */
function markOf(
  ms: readonly number[],
  { y, color, pxPerMs }: { readonly y: number; readonly color: string; readonly pxPerMs: number },
): string {
  if (ms.length === 0) return ''
  const at = (share: number): number => ms[Math.round(share * (ms.length - 1))] ?? 0
  const right = left + plotWidth
  const [from, middle, to] = [at(0.1), at(0.5), at(0.9)].map((one) => left + one * pxPerMs)
  if (from === undefined || middle === undefined || to === undefined) return ''
  if (middle > right) {
    const seconds = (at(0.5) / 1000).toFixed(0)
    return `<text x="${String(right + 4)}" y="${String(y + 3)}" fill="${color}">${seconds} s</text>`
  }
  const width = Math.max(1.5, Math.min(to, right) - from).toFixed(1)
  const bar = `<rect x="${from.toFixed(1)}" y="${String(y - 1.5)}" width="${width}" height="3"`
  const tick = `<rect x="${(middle - 1).toFixed(1)}" y="${String(y - 2.5)}" width="2" height="5"`
  return `${bar} fill="${color}" opacity=".5"/>${tick} fill="${color}"/>`
}
