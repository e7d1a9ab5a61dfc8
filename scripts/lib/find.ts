/** Where a program is. */

import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

export function findOnPath(name: string): string | undefined {
  // Ordinary users of Debian have no sbin on PATH, yet may run what is there.
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin']
  return folders.map((folder) => join(folder, name)).find(isExecutable)
}

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
