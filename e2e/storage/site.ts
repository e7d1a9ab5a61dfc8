/** The page of these tests. */
import { join } from 'node:path'
import { servePage, type Site } from '../servePage.ts'

export function serveStoragePage(): Promise<Site> {
  return servePage(join(import.meta.dirname, 'page'), 'storage-page')
}
