/** Chooses in the browser's device chooser, which no page can reach, as a person would. */

import type { Page } from '@playwright/test'

/**
 * From now on the first device that a chooser of this page lists is taken, or the chooser
 * cancelled.
 */
export async function answerDeviceChooser(page: Page, answer: 'first' | 'cancel'): Promise<void> {
  const session = await page.context().newCDPSession(page)
  // The prompt is announced again for every device found; answering one twice ends the browser.
  const answered = new Set<string>()
  session.on('DeviceAccess.deviceRequestPrompted', ({ id, devices }) => {
    const device = devices[0]
    if (answered.has(id)) return
    if (answer === 'cancel') {
      answered.add(id)
      void session.send('DeviceAccess.cancelPrompt', { id })
    } else if (device !== undefined) {
      answered.add(id)
      void session.send('DeviceAccess.selectPrompt', { id, deviceId: device.id })
    }
  })
  await session.send('DeviceAccess.enable')
}
