/**
 * What goes wrong, on a devnet of real processes: each thing has its code and its words, the chain
 * goes on, and nothing of before is lost.
 */
import '../../relay/polyfills.js'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test, type Page } from '@playwright/test'
import { CertifiedBlock, Header } from '../../src/core/codec/chain.ts'
import { ed25519PublicKey } from '../../src/core/crypto/ed25519.ts'
import { hex } from '../../src/core/base/bytes.ts'
import { nodeRandom } from '../../src/adapters/node/random.ts'
import type { PeerId } from '../../src/ports/transport.ts'
import { Devnet } from '../main/devnet.ts'
import { launchOptions } from '../main/launchOptions.ts'
import { makeKeys } from '../main/newcomer.ts'
import { ask, stranger, transferBytes } from './stranger.ts'

test.describe.configure({ mode: 'serial' })
// A camera that is there, and a browser that refuses it because nobody allowed it.
test.use({ launchOptions: launchOptions(['--use-fake-device-for-media-stream']) })

const minute = 60_000
/** Small, so that the last test need not wait two minutes. */
const params = { restartAfterMs: 4_000 }

let devnet: Devnet
let page: Page
let backup: Buffer

const height = async (): Promise<number> => (await devnet.archived(1))[0]?.height ?? 0

async function goesOn(): Promise<void> {
  const before = await height()
  await expect.poll(height, { timeout: minute }).toBeGreaterThan(before + 1)
}

test.beforeAll(async ({ browser }) => {
  test.setTimeout(4 * minute)
  devnet = await Devnet.start({ validators: 4, params })
  const context = await browser.newContext({ reducedMotion: 'reduce' })
  // A browser without Web Bluetooth, as Firefox and Safari are.
  await context.addInitScript(() => {
    Reflect.deleteProperty(Navigator.prototype, 'bluetooth')
  })
  page = await context.newPage()
  await expect.poll(height, { timeout: 2 * minute }).toBeGreaterThan(2)
})

test.afterAll(async () => {
  test.setTimeout(2 * minute)
  await page.close()
  await devnet.stop()
})

test('NET-6 malformed frames: a validator drops who sends them, others go on', async () => {
  test.setTimeout(2 * minute)
  const sender = await stranger(devnet)
  const { body } = await ask(devnet, 'epochs?limit=1')
  const [epoch] = body['items'] as { readonly epoch: number }[]
  const { body: detail } = await ask(devnet, `epochs/${String(epoch?.epoch ?? 0)}`)
  const seats = detail['seats'] as { readonly peerId: string }[]
  const target = seats[0]?.peerId as PeerId
  sender.keep([target])
  const isThere = (): boolean => sender.peers().some(({ peer }) => peer === target)
  await expect.poll(isThere, { timeout: 30_000 }).toBe(true)
  for (let index = 0; index < 8; index += 1) {
    const garbage = Uint8Array.of(255, index, 255, 255, 7)
    sender.publish('consensus', garbage)
    sender.publish('blocks', garbage)
    sender.send(target, garbage)
  }
  await expect.poll(isThere, { timeout: 30_000 }).toBe(false)
  await goesOn()
  await sender.stop()
})

test('REPLAY-1 a transfer counts once: again it is refused, and the balance stays', async () => {
  test.setTimeout(2 * minute)
  const to = ed25519PublicKey(nodeRandom.bytes(32))
  const transaction = await transferBytes(devnet, { nonce: 0, expiryEpoch: 50, to })
  expect((await ask(devnet, 'transactions', { transaction })).status).toBe(202)
  const account = async (): Promise<unknown> =>
    (await ask(devnet, `accounts/${hex(to)}`)).body['balanceMicro']
  await expect.poll(account, { timeout: minute }).toBe('1000000')
  expect(await ask(devnet, 'transactions', { transaction })).toEqual({
    status: 422,
    body: {
      code: 'TX_NONCE_USED',
      message: 'Its nonce was used before; the next one is 1.',
      fix: 'It may be executed already: look it up by its hash. Else sign it with the next nonce.',
    },
  })
  // By gossip too, past the relay's own check.
  const sender = await stranger(devnet)
  await expect.poll(() => sender.peers().length, { timeout: 30_000 }).toBeGreaterThan(0)
  sender.publish('tx', Uint8Array.from(Buffer.from(transaction, 'base64')))
  await goesOn()
  expect(await account()).toBe('1000000')
  await sender.stop()
})

test('ARC-3 a block without its certificate is refused, and the stored one stays', async () => {
  const top = await height()
  const stored = await devnet.archivedBlock(top)
  const { body } = await ask(devnet, `blocks/${String(top)}`)
  const bytes = Buffer.from(String(body['header']), 'base64')
  // Somebody's draft: the header of the newest block with one byte more in its last field.
  const header = Header.encode({ ...Header.decode(bytes), view: 1_000_000 })
  const path: Uint8Array[] = []
  const draft = CertifiedBlock.encode({ header, body: new Uint8Array(0), path })
  const block = Buffer.from(draft).toString('base64')
  expect(await ask(devnet, 'blocks', { block })).toMatchObject({
    status: 422,
    body: {
      code: 'ARCHIVE_BLOCK_UNCERTIFIED',
      message: expect.stringMatching(/^Block \d+ is refused: /) as unknown,
      fix:
        'Send it with the commit certificate of its committee; a proposal or a draft is not ' +
        'final.',
    },
  })
  expect(await devnet.archivedBlock(top)).toEqual(stored)
  await goesOn()
})

test('UX-2 no Bluetooth and a refused camera: each says what to do instead', async () => {
  test.setTimeout(2 * minute)
  backup = await makeKeys(page, devnet.url)
  const strap = page.getByRole('listitem').filter({ hasText: 'Heart-rate strap' })
  await expect(strap).toContainText(
    'This browser has no Web Bluetooth. Use the camera here, or Chrome or Edge for a strap.',
  )
  await expect(strap.getByRole('button')).toBeDisabled()
  await page.getByRole('button', { name: 'Open the camera' }).click({ timeout: 15_000 })
  await expect(page.getByRole('alert')).toContainText(
    'The camera was not allowed. Allow the camera for this site, then try again.',
  )
  await expect(page.getByRole('button', { name: 'Simulate' })).toBeEnabled()
})

test('UX-2 a wrong passphrase opens nothing, the right one opens the same keys', async () => {
  await page.goto(`${devnet.url}#/join`)
  await page.reload()
  const field = page.getByLabel('Passphrase', { exact: true })
  const unlock = page.getByRole('button', { name: 'Unlock' })
  await field.fill('wrong horse battery staple')
  await unlock.click()
  const alert = page.getByRole('alert')
  await expect(alert).toContainText('This passphrase does not open it.', { timeout: 30_000 })
  await field.fill('correct horse battery staple')
  await unlock.click()
  await expect(field).toHaveCount(0, { timeout: 30_000 })
  await expect(alert).toHaveCount(0)
})

test('UX-2 a corrupt backup restores nothing, and says so', async ({ browser }) => {
  const context = await browser.newContext({ reducedMotion: 'reduce' })
  const other = await context.newPage()
  await other.goto(`${devnet.url}#/join`)
  await other.getByRole('button', { name: 'Restore it' }).click()
  const restore = async (buffer: Buffer): Promise<void> => {
    const file = { name: 'x.emovault', mimeType: '', buffer }
    await other.getByLabel('Backup file', { exact: true }).setInputFiles(file)
    await other.getByLabel('Passphrase of the file').fill('another good passphrase')
    await other.getByRole('button', { name: 'Restore', exact: true }).click()
  }
  const damaged = Buffer.from(backup)
  damaged[damaged.length >> 1] = (damaged[damaged.length >> 1] ?? 0) ^ 1
  await restore(damaged)
  await expect(other.getByRole('alert')).toContainText(
    'This file is damaged or is not a backup of a vault.',
    { timeout: 30_000 },
  )
  await restore(backup)
  await expect(other.getByRole('heading', { level: 1 })).toHaveText('What you agree to.', {
    timeout: minute,
  })
  await context.close()
})

test('REPLAY-1 a transfer whose last epoch is over is refused, and moves nothing', async () => {
  test.setTimeout(2 * minute)
  const epoch = async (): Promise<number> => {
    const { body } = await ask(devnet, 'status')
    return (body['archive'] as { readonly epoch: number }).epoch
  }
  await expect.poll(epoch, { timeout: minute }).toBeGreaterThan(0)
  const to = ed25519PublicKey(nodeRandom.bytes(32))
  const transaction = await transferBytes(devnet, { nonce: 1, expiryEpoch: 0, to })
  const answer = await ask(devnet, 'transactions', { transaction })
  expect(answer).toMatchObject({
    status: 422,
    body: {
      code: 'TX_EXPIRED',
      message: expect.stringMatching(
        /^Its last epoch is over; the chain is in epoch \d+\.$/,
      ) as unknown,
      fix: 'Sign it again with a later expiry epoch.',
    },
  })
  await goesOn()
  const { body } = await ask(devnet, `accounts/${hex(to)}`)
  expect(body['balanceMicro'] ?? '0').toBe('0')
})

test('RECOVER-1 two of four validators are gone: the owner restarts the chain', async () => {
  test.setTimeout(3 * minute)
  await Promise.all([devnet.stopValidator(2, 'SIGKILL'), devnet.stopValidator(3, 'SIGKILL')])
  await expect
    .poll(
      async () => {
        const before = await height()
        await new Promise((done) => setTimeout(done, params.restartAfterMs + 1_000))
        return (await height()) - before
      },
      { timeout: minute },
    )
    .toBe(0)
  const before = await height()
  const { code, text } = await restart()
  expect(text).toMatch(/ {2}in .*\n {2}in .*\n {2}out .*\n {2}out /)
  expect(text).toMatch(/Block \d+ is final: the chain goes on\.\n$/)
  expect(code).toBe(0)
  await expect.poll(height, { timeout: minute }).toBeGreaterThan(before + 3)
})

async function restart(): Promise<{ readonly code: number; readonly text: string }> {
  const words = ['--devnet', devnet.folder, '--url', devnet.url]
  const child = spawn(process.execPath, ['scripts/run.js', 'scripts/restart.ts', ...words])
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')))
  }
  const [code] = (await once(child, 'close')) as [number]
  return { code, text }
}
