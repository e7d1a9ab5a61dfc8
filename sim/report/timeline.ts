/** The view timeline of a run as SVG: a row a block, from proposal to the last seat's finality. */
import type { BlockTimes } from '../metrics.ts'

const rowHeight = 14
const left = 90
const pxPerMs = 1.2
const rowsMax = 60

export function timeline(blocks: readonly BlockTimes[]): string {
  const shown = blocks.slice(0, rowsMax)
  const spans = shown.map(({ begunUs, finalUs }) =>
    [...finalUs.values()].map((us) => (us - begunUs) / 1000).toSorted((a, b) => a - b),
  )
  const widest = Math.max(100, ...spans.map((times) => times.at(-1) ?? 0))
  const width = Math.round(left + widest * pxPerMs + 40)
  const height = (shown.length + 3) * rowHeight
  const rows = shown.map((block, index) => rowOf(block, spans[index] ?? [], index))
  const marks = Array.from({ length: Math.floor(widest / 100) + 1 }, (_none, index) => {
    const x = left + index * 100 * pxPerMs
    const label = `<text x="${String(x)}" y="12" text-anchor="middle">${String(index * 100)}</text>`
    return `<path d="M${String(x)} 18V${String(height)}" stroke="#8884"/>${label}`
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${String(width)}" height="${String(height)}"`,
    ` font-family="system-ui" font-size="10" fill="#888">`,
    `<title>ms from proposal to finality; a dot is a seat</title>`,
    ...marks,
    ...rows,
    `</svg>\n`,
  ].join('')
}

function rowOf(block: BlockTimes, times: readonly number[], index: number): string {
  const y = (index + 2) * rowHeight
  const name = `${String(block.epoch)}/${String(block.view)} · ${String(block.leader)}`
  const label = `<text x="4" y="${String(y + 4)}">${name}</text>`
  const [first, last] = [times[0], times.at(-1)]
  if (first === undefined || last === undefined) {
    return `${label}<text x="${String(left)}" y="${String(y + 4)}" fill="#d55">not final</text>`
  }
  const [from, to] = [left + first * pxPerMs, left + last * pxPerMs]
  const waiting = `<path d="M${String(left)} ${String(y)}H${from.toFixed(1)}" stroke="#8886"/>`
  const span = `<path d="M${from.toFixed(1)} ${String(y)}H${to.toFixed(1)}" stroke="#3a7" stroke-width="4"/>`
  const dots = times.map(
    (ms) =>
      `<circle cx="${(left + ms * pxPerMs).toFixed(1)}" cy="${String(y)}" r="1.5" fill="#165"/>`,
  )
  return `${label}${waiting}${span}${dots.join('')}`
}
