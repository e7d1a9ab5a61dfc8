/** The CSPRNG of a browser, in a window or a worker (RAND-1). */

import type { Random } from '../../ports/random.ts'

/** What the platform gives in one call. */
const chunkBytesMax = 65_536

export const webRandom: Random = {
  bytes(length) {
    const bytes = new Uint8Array(length)
    for (let offset = 0; offset < length; offset += chunkBytesMax) {
      crypto.getRandomValues(bytes.subarray(offset, offset + chunkBytesMax))
    }
    return bytes
  },
}
