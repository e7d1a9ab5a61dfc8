/**
 * A newcomer with a camera (SENS-2, READY-1): a face in a generated clip becomes a proof, a seat
 * beside the rehearsal validators, and votes in final blocks. Its own command: `npm run campaign`.
 */
import { expect, test } from '@playwright/test'
import { Devnet } from '../main/devnet.ts'
import { storedBlocks } from '../main/storedBlocks.ts'
import { FourTabs } from './fourTabs.ts'

test.setTimeout(900_000)

const minute = 60_000

let devnet: Devnet
let tabs: FourTabs

test.beforeAll(async () => {
  test.setTimeout(5 * minute)
  devnet = await Devnet.start({ validators: 4 })
  tabs = await FourTabs.open({ url: devnet.url, sensors: ['Open the camera'] })
})

test.afterAll(async () => {
  test.setTimeout(2 * minute)
  await tabs.close()
  await devnet.stop()
})

test('a face before the camera: rest, proof, seat, and the same final blocks', async () => {
  await tabs.join(0)
  const { page } = tabs.tab(0)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('You are validating.', {
    timeout: 10 * minute,
  })
  expect(await devnet.seatCount()).toBe(5)
  const height = await tabs.leastHeight()
  await expect
    .poll(async () => (await devnet.archived(1))[0]?.height ?? 0, { timeout: minute })
    .toBeGreaterThanOrEqual(height)
  const own = (await storedBlocks(page, 20)).find((block) => block.height === height)
  expect(own?.hash).toBe((await devnet.archivedBlock(height))?.hash)
})
