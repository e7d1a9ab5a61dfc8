/** A person who opens the page for the first time and becomes a validator, by the page alone. */
import { readFile } from 'node:fs/promises'
import { expect, type Page } from '@playwright/test'

const passphrase = 'correct horse battery staple'
const filePassphrase = 'another good passphrase'

/** Keys, a checked backup and consent; the sensor comes next. Returns the backup file. */
export async function makeKeys(page: Page, url: string): Promise<Buffer> {
  await page.goto(`${url}#/join`)
  const heading = page.getByRole('heading', { level: 1 })
  await page.getByLabel('Passphrase', { exact: true }).fill(passphrase)
  await page.getByLabel('The same again').fill(passphrase)
  await page.getByRole('button', { name: 'Create with a passphrase' }).click()
  await expect(heading).toHaveText('A backup that is known to work.', { timeout: 60_000 })
  await page.getByLabel('Passphrase for the file').fill(filePassphrase)
  await page.getByLabel('The same again').fill(filePassphrase)
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Save the backup file' }).click()
  const backup = await readFile(await (await download).path())
  const file = { name: 'x.emovault', mimeType: '', buffer: backup }
  await page.getByLabel('Backup file').setInputFiles(file)
  await page.getByLabel('Passphrase of the file').fill(filePassphrase)
  await page.getByRole('button', { name: 'Check by restoring' }).click()
  await expect(heading).toHaveText('What you agree to.', { timeout: 60_000 })
  await page.getByRole('checkbox').check()
  await page.getByRole('button', { name: 'Agree and go on' }).click()
  return backup
}

/** Opens the vault of this profile again after a reload. */
export async function unlock(page: Page): Promise<void> {
  await page.getByLabel('Passphrase', { exact: true }).fill(passphrase)
  await page.getByRole('button', { name: 'Unlock' }).click()
}

/** Takes over an identity from its backup file, in a profile that has none. */
export async function restoreKeys(page: Page, url: string, backup: Buffer): Promise<void> {
  await page.goto(`${url}#/join`)
  await page.getByRole('button', { name: 'Restore it' }).click()
  const file = { name: 'x.emovault', mimeType: '', buffer: backup }
  await page.getByLabel('Backup file', { exact: true }).setInputFiles(file)
  await page.getByLabel('Passphrase of the file').fill(filePassphrase)
  await page.getByRole('button', { name: 'Restore', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('What you agree to.', {
    timeout: 60_000,
  })
}

export type SensorButton = 'Simulate' | 'Connect a strap' | 'Open the camera'

/** Sensor, rest and bond: ends when the page says that it is done. */
export async function joinWith(page: Page, sensor: SensorButton): Promise<void> {
  const heading = page.getByRole('heading', { level: 1 })
  await page.getByRole('button', { name: sensor }).click()
  await page.getByRole('button', { name: 'Start recording' }).click({ timeout: 60_000 })
  const bond = page.getByRole('button', { name: 'Register and bond' })
  await expect(bond).toBeVisible({ timeout: 180_000 })
  await bond.click()
  await expect(page.getByRole('link', { name: 'Go to Now' })).toBeVisible({ timeout: 120_000 })
  await page.getByRole('link', { name: 'Go to Now' }).click()
  await expect(heading).toBeVisible()
}
