/** What this thread holds after full collections, in bytes. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

export interface CollectedHeap {
  readonly heapBytes: number
  /** Arrays of bytes, which lie outside of the heap. */
  readonly arrayBytes: number
}

export function collectedHeap(): CollectedHeap {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  collect()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return { heapBytes: heapUsed, arrayBytes: arrayBuffers }
}
