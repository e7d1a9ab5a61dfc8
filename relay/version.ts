/** The version of this program, as `package.json` has it. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from './root.ts'

export function ownVersion(): string {
  const text = readFileSync(join(projectRoot, 'package.json'), 'utf8')
  return (JSON.parse(text) as { readonly version: string }).version
}
