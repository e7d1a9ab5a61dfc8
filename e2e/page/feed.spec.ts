/** The relay's feed beside the own node: one stream while it is needed, none afterwards. */

import type { ServerResponse } from 'node:http'
import { expect, test } from '@playwright/test'
import { recordedRelay } from './answers.ts'
import { buildHarness } from './builds.ts'
import { servePage, type PageServer } from './serve.ts'

/** A relay with much to do: its answers take longer than a node needs to catch up. */
const answerMs = 300

let server: PageServer
/** Event streams that are open. */
const streams = new Set<ServerResponse>()

test.beforeAll(async () => {
  test.setTimeout(180_000)
  const relay = recordedRelay()
  server = await servePage(await buildHarness(), (path, response) => {
    if (path === '/events') {
      streams.add(response)
      response.on('close', () => streams.delete(response))
    } else if (/^\/(genesis|blocks|epochs)/.test(path)) {
      setTimeout(() => {
        if (!relay(path, response)) response.writeHead(404).end()
      }, answerMs)
      return true
    }
    return relay(path, response)
  })
})

test.afterAll(async () => {
  await server.stop()
})

test('UX-4 a node that falls behind and catches up again leaves no stream open', async ({
  page,
}) => {
  const sync = (state: 'live' | 'syncing'): Promise<void> =>
    page.evaluate((now) => {
      const { change } = window as unknown as { change: (part: unknown) => void }
      change({ sync: { state: now, height: 48_211, target: now === 'live' ? 48_211 : 48_300 } })
    }, state)

  await page.goto(`${server.url}?scene=seated&feed=relay#/`)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('You are validating.')
  await expect.poll(() => streams.size).toBe(0)

  for (let count = 0; count < 8; count += 1) {
    await sync('syncing')
    await page.waitForTimeout(answerMs / 2)
    await sync('live')
  }
  await page.waitForTimeout(4 * answerMs)
  expect(streams.size).toBe(0)

  await sync('syncing')
  await expect.poll(() => streams.size).toBe(1)
  await sync('live')
  await expect.poll(() => streams.size).toBe(0)
})
