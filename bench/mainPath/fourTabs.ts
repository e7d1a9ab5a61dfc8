/**
 * Four tabs that are the whole network, as in the campaign: finality and proofs as their pages show
 * them, memory as the kernel counts it.
 */
import { readFile } from 'node:fs/promises'
import { expect, type Browser, type Page } from '@playwright/test'
import { FourTabs } from '../../e2e/campaign/fourTabs.ts'
import { Devnet } from '../../e2e/main/devnet.ts'
import { medianOf } from '../measure.ts'
import type { Row } from './row.ts'

const validators = [0, 1, 2, 3]
const minute = 60_000

/** A window is long enough for sixty blocks. */
const windowMs = minute

export async function measureFourTabs(windows: number): Promise<readonly Row[]> {
  const devnet = await Devnet.start({ validators: validators.length })
  const four = await FourTabs.open({
    url: devnet.url,
    sensors: ['Simulate', 'Simulate', 'Simulate', 'Simulate'],
  })
  try {
    // The rehearsal validators serve until the newcomers can take over, as in the campaign.
    await expect.poll(async () => (await devnet.archived(1)).length, { timeout: minute }).toBe(1)
    const leaving = Promise.all(validators.map((index) => devnet.leaveValidator(index)))
    await Promise.all(four.tabs.map((_, index) => four.join(index)))
    await Promise.all(four.tabs.map(({ page }) => untilValidating(page)))
    await leaving
    return await measure(four, windows)
  } finally {
    await four.close()
    await devnet.stop()
  }
}

async function untilValidating(page: Page): Promise<void> {
  const heading = page.getByRole('heading', { level: 1 })
  await expect(heading).toHaveText('You are validating.', { timeout: 12 * minute })
}

async function measure(four: FourTabs, windows: number): Promise<readonly Row[]> {
  const p50: number[] = []
  const p95: number[] = []
  const proofs: number[] = []
  const memory: number[] = []
  for (let window = 0; window < windows; window += 1) {
    const seen = await watch(four.tabs.map(({ page }) => page))
    p50.push(quantile(seen.finalityMs, 0.5))
    p95.push(quantile(seen.finalityMs, 0.95))
    if (seen.proofSeconds.length > 0) proofs.push(medianOf(seen.proofSeconds))
    memory.push(await largestTabMb(four.browser, four.tabs.length))
  }
  return [
    { name: 'finality in four tabs, p50', unit: 'ms', values: p50, budget: 300 },
    { name: 'finality in four tabs, p95', unit: 'ms', values: p95, budget: 700 },
    { name: 'proof with witness, in Chromium', unit: 's', values: proofs, budget: 3 },
    { name: 'largest validating tab, PSS', unit: 'MB', values: memory, budget: 400 },
  ]
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN
}

interface Seen {
  readonly finalityMs: readonly number[]
  readonly proofSeconds: readonly number[]
}

/** What the pages say while a window lasts: each block and each epoch's proof counts once a tab. */
async function watch(pages: readonly Page[]): Promise<Seen> {
  const finality = new Map<string, number>()
  const proofs = new Map<string, number>()
  const first = await Promise.all(pages.map(readPage))
  const before = new Set(first.flatMap((one, tab) => one.blocks.map(([name]) => `${tab} ${name}`)))
  const endMs = Date.now() + windowMs
  while (Date.now() < endMs) {
    await new Promise((done) => setTimeout(done, 2000))
    const shown = await Promise.all(pages.map(readPage))
    for (const [tab, { blocks, epoch, proof }] of shown.entries()) {
      for (const [name, seconds] of blocks) {
        const key = `${tab} ${name}`
        if (!before.has(key)) finality.set(key, 1000 * seconds)
      }
      if (proof !== undefined) proofs.set(`${tab} ${epoch}`, proof)
    }
  }
  return { finalityMs: [...finality.values()], proofSeconds: [...proofs.values()] }
}

interface Shown {
  /** Height and seconds until final, as the list of blocks has them. */
  readonly blocks: readonly (readonly [height: string, seconds: number])[]
  readonly epoch: string
  readonly proof: number | undefined
}

/** The page gives its text only: a function inside of this one would lose its name on the way. */
async function readPage(page: Page): Promise<Shown> {
  const { text, rows } = await page.evaluate(() => ({
    text: document.body.innerText,
    rows: [...document.querySelectorAll('tbody tr')].map((row) => ({
      height: row.querySelector('th')?.textContent ?? '',
      text: row.textContent,
    })),
  }))
  return {
    blocks: rows.flatMap((row) => {
      const seconds = numberIn(row.text, /final in ([\d.]+) s/)
      return seconds === undefined ? [] : [[row.height, seconds] as const]
    }),
    epoch: /epoch ([\d,]+)/i.exec(text)?.[1] ?? '',
    proof: numberIn(text, /made in ([\d.]+) s/),
  }
}

function numberIn(text: string, pattern: RegExp): number | undefined {
  const found = pattern.exec(text)?.[1]
  return found === undefined ? undefined : Number(found)
}

/** Proportional set size of the largest renderer: shared pages count by the share of each. */
async function largestTabMb(browser: Browser, tabs: number): Promise<number> {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  const renderers = processInfo.filter(({ type }) => type === 'renderer')
  const sizes = await Promise.all(renderers.map(({ id }) => pssMb(id)))
  if (sizes.length < tabs) throw new Error('fewer renderers than tabs')
  return Math.max(...sizes)
}

async function pssMb(pid: number): Promise<number> {
  const text = await readFile(`/proc/${String(pid)}/smaps_rollup`, 'utf8').catch(() => '')
  return Number(/^Pss:\s+(\d+) kB$/m.exec(text)?.[1] ?? 0) / 1000
}
