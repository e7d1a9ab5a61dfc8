/**
 * Pictures of every view over recorded states, at phone and laptop size, light and dark:
 * `npx tsx e2e/page/screens.ts FOLDER [SCENE#ROUTE …]`. They are judged by eye against the look.
 */

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from '@playwright/test'
import { servePage } from './serve.ts'

const folder = process.argv[2] ?? '.cache/screens'
const wanted = process.argv.slice(3)
const all = [
  'visitor#/',
  'seated#/',
  'noSensor#/',
  'locked#/',
  'seated#/sensor',
  'joining#/join',
  'seated#/network',
  'visitor#/blocks',
  'visitor#/blocks/48211',
  'visitor#/validators',
  'seated#/settings',
]
const sizes = { phone: { width: 390, height: 844 }, laptop: { width: 1280, height: 900 } } as const

mkdirSync(folder, { recursive: true })
const server = await servePage(join(import.meta.dirname, '../../.cache/e2e-page'))
const browser = await chromium.launch({
  executablePath: process.env['EMO_CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-quic', '--no-first-run'],
})
for (const [size, viewport] of Object.entries(sizes)) {
  for (const colorScheme of ['light', 'dark'] as const) {
    const context = await browser.newContext({
      viewport,
      colorScheme,
      reducedMotion: 'no-preference',
    })
    for (const view of wanted.length > 0 ? wanted : all) {
      const [scene = '', route = '/'] = view.split('#')
      const page = await context.newPage()
      page.on('console', (message) => {
        process.stdout.write(`${view}: ${message.text()}\n`)
      })
      page.on('pageerror', (error) => {
        process.stdout.write(`${view}: ${error.message}\n`)
      })
      await page.goto(`${server.url}?scene=${scene}#${route}`)
      await page.waitForTimeout(scene === 'seated' && route === '/' ? 7000 : 900)
      const name = `${scene}${route.replaceAll('/', '-')}-${size}-${colorScheme}.png`
      await page.screenshot({ path: join(folder, name), fullPage: true })
      await page.close()
    }
    await context.close()
  }
}
await browser.close()
await server.stop()
