/** What its owner decides of what a proof says, and of a rest that is not done. */
import { readFileSync } from 'node:fs'
import { expect, test, type Page } from '@playwright/test'
import type { NodeCommand, NodeSnapshot } from '../../src/node/api.ts'
import { buildHarness } from './builds.ts'
import { servePage, type PageServer } from './serve.ts'

declare const commands: readonly NodeCommand[]
declare const change: (part: Partial<NodeSnapshot>) => void

let server: PageServer

test.beforeAll(async () => {
  test.setTimeout(180_000)
  server = await servePage(await buildHarness())
})

test.afterAll(async () => {
  await server.stop()
})

/** What was asked of the node since the page was loaded, without the keys. */
function asked(page: Page): Promise<readonly string[]> {
  return page.evaluate(() =>
    commands.map((one) => (one.type === 'scoreMode' ? `${one.type} ${one.mode}` : one.type)),
  )
}

test('PRIV-5 what a proof says is a choice that lasts, and is heard before the keys', async ({
  page,
}) => {
  await page.goto(`${server.url}?scene=seated#/settings`)
  const threshold = page.getByRole('radio', { name: 'Calm enough, and no more' })
  const quantised = page.getByRole('radio', { name: /^How calm, in steps of 5.%$/ })
  await expect(threshold).toBeChecked()
  await expect.poll(() => asked(page)).toEqual(['scoreMode threshold', 'unlock'])
  await expect(quantised).toHaveAccessibleDescription(/public key and for good/)
  await quantised.check()
  await expect.poll(() => asked(page)).toContain('scoreMode quantised')

  await page.reload()
  await expect(quantised).toBeChecked()
  await expect.poll(() => asked(page)).toEqual(['scoreMode quantised', 'unlock'])
  await threshold.check()
  await page.reload()
  await expect(threshold).toBeChecked()
  await expect.poll(() => asked(page)).toEqual(['scoreMode threshold', 'unlock'])
})

test('STAKE-1 the bond is unbonded and withdrawn, with what that means said before', async ({
  page,
}) => {
  await page.goto(`${server.url}?scene=seated#/settings`)
  const bond = page.getByRole('region', { name: 'Bond', exact: true })
  await expect(bond).toContainText('10,000 EMO bonded')
  await bond.getByRole('button', { name: 'Unbond' }).click()
  await expect(bond).toContainText('It is free after 14 days.')
  await bond.getByRole('button', { name: 'Keep it bonded' }).click()
  expect(await asked(page)).not.toContain('unbond')
  await bond.getByRole('button', { name: 'Unbond' }).click()
  await bond.getByRole('button', { name: 'Yes, unbond 10,000 EMO' }).click()
  await expect.poll(() => asked(page)).toContain('unbond')
  await expect(bond.getByRole('status')).toHaveText('On its way, a block or two.')
  await expect(bond.getByRole('button', { name: 'Unbond' })).toBeDisabled()

  const unbonded = (freeInMs: number): Promise<void> =>
    page.evaluate((inMs) => {
      const parts = [{ amountMicro: '10000000000', freeFromMs: Date.now() + inMs }]
      const account = { id: 'ab', balanceMicro: '0', bondedMicro: '0', nonce: 5 }
      const chain = { unbondingMs: 1_209_600_000, consentVersion: 1, unbonding: parts }
      const duty = { state: 'absent', reason: 'UNBONDED' } as const
      change({ account: { ...account, ...chain }, duty })
    }, freeInMs)
  await unbonded(86_400_000)
  await expect(bond.getByRole('status')).toHaveCount(0)
  await expect(bond).toContainText('free from')
  await expect(bond.getByRole('button', { name: 'Withdraw' })).toHaveCount(0)
  await unbonded(-1)
  await bond.getByRole('button', { name: 'Withdraw' }).click()
  await expect.poll(() => asked(page)).toContain('withdraw')

  await page.getByRole('link', { name: 'Now', exact: true }).click()
  const heading = page.getByRole('heading', { level: 1 })
  await expect(heading).toHaveText('Off duty, without penalty.')
  await expect(page.getByRole('link', { name: 'Bond again' })).toBeVisible()
})

test('PRIV-4 ZK-3 consent is taken back by its owner, and given again by reading it', async ({
  page,
}) => {
  await page.addInitScript(() => {
    localStorage.setItem('emo.backup', 'checked')
    localStorage.setItem('emo.consent', '1')
  })
  await page.goto(`${server.url}?scene=seated#/settings`)
  const consent = page.getByRole('region', { name: 'Consent', exact: true })
  await consent.getByRole('button', { name: 'Take it back' }).click()
  await expect(consent).toContainText('goes silent without penalty')
  await consent.getByRole('button', { name: 'Yes, take it back' }).click()
  const versions = (): Promise<readonly number[]> =>
    page.evaluate(() => commands.flatMap((one) => (one.type === 'consent' ? [one.version] : [])))
  await expect.poll(versions).toEqual([0])

  await page.evaluate(() => {
    const account = { id: 'ab', balanceMicro: '0', bondedMicro: '10000000000', nonce: 5 }
    const chain = { unbondingMs: 1_209_600_000, consentVersion: 0, unbonding: [] }
    change({
      account: { ...account, ...chain },
      duty: { state: 'absent', reason: 'CONSENT_REVOKED' },
    })
  })
  await expect(consent).toContainText('Nothing is measured, proven or signed.')
  await consent.getByRole('link', { name: 'Consent again' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('What you agree to.')
  await page.getByRole('checkbox').check()
  await page.getByRole('button', { name: 'Agree and go on' }).click()
  await expect.poll(versions).toEqual([0, 1])
})

test('FIT-2 PRIV-1 a rest that is not done is shown, handed out and deleted', async ({ page }) => {
  await page.goto(`${server.url}?scene=resting#/settings`)
  const rest = page.getByText(/is kept until \d\d:\d\d, encrypted/)
  await expect(rest).toContainText('3 windows of a minute')
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Save the rest as a table' }).click()
  const lines = readFileSync(await (await download).path(), 'utf8').split('\n')
  expect(lines).toHaveLength(5)
  expect(lines[1]).toMatch(/^20\S+Z,20\S+Z,61\.00,44\.2$/)
  await page.getByRole('button', { name: 'Delete the rest' }).click()
  await expect.poll(() => asked(page)).toContain('forgetRest')
})

test('FIT-2 after a reload a rest waits to be gone on with, or to be begun anew', async ({
  page,
}) => {
  await page.addInitScript(() => {
    localStorage.setItem('emo.backup', 'checked')
    localStorage.setItem('emo.consent', '1')
  })
  await page.goto(`${server.url}?scene=resting#/join`)
  await expect(page.getByText('Paused, 1 min 30 s to go').first()).toBeVisible()
  await expect(page.getByText(/kept encrypted on this device until \d\d:\d\d/)).toBeVisible()
  await page.getByRole('button', { name: 'Begin anew' }).click()
  await page.getByRole('button', { name: 'Go on' }).click()
  await expect
    .poll(() => asked(page))
    .toEqual(expect.arrayContaining(['forgetRest', 'startBaseline']))
})

test('UX-6 the time left of a rest is read out twice a minute, not each second', async ({
  page,
}) => {
  await page.addInitScript(() => {
    localStorage.setItem('emo.backup', 'checked')
    localStorage.setItem('emo.consent', '1')
  })
  await page.goto(`${server.url}?scene=resting#/join`)
  await expect(page.getByText('Paused, 1 min 30 s to go').first()).toBeVisible()
  const live = page.locator('.progress [aria-live]')
  const said: string[] = []
  for (const recordedMs of [91_000, 92_000, 119_000, 121_000, 150_000, 179_000]) {
    await page.evaluate((ms) => {
      const baseline = { state: 'recording', recordedMs: ms, neededMs: 180_000 } as const
      change({ baseline: { ...baseline, restBpm: undefined, rmssdMs: undefined } })
    }, recordedMs)
    await expect(page.getByText(/^\d+ (min|s)[ \ds]* to go$/).first()).toBeVisible()
    said.push((await live.textContent()) ?? '')
  }
  expect([...new Set(said)]).toEqual(['1 min 30 s to go', '1 min to go', '30 s to go'])
})
