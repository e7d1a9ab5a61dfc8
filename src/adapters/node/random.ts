/** The CSPRNG of Node (RAND-1). */

import { randomBytes } from 'node:crypto'
import type { Random } from '../../ports/random.ts'

export const nodeRandom: Random = {
  bytes: (length) => new Uint8Array(randomBytes(length)),
}
