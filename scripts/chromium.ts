/** Prints the Chromium that the end-to-end tests use, after fetching one if there is none. */

import { provideChromium } from './lib/chromium.ts'

const { path, origin } = await provideChromium()
console.log(`${path} (from ${origin})`)
