/** Starts sharingThread.ts from source: registers the TypeScript loader in the thread first. */

import { register } from 'tsx/esm/api'

register()
await import('./sharingThread.ts')
