/** What a store keeps beyond a call: bytes that nobody else holds. */

import type { StoredBlock } from './store.ts'

export function copyStoredBlock(block: StoredBlock): StoredBlock {
  return {
    height: block.height,
    epoch: block.epoch,
    hash: block.hash.slice(),
    header: block.header.slice(),
    body: block.body.slice(),
    certificate: block.certificate.slice(),
    path: block.path.map((header) => header.slice()),
  }
}
