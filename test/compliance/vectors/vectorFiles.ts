/** Every published vector file that concerns a primitive of ours, and how it is read. */

import { gunzipSync } from 'node:zlib'
import { hasRecording, readRecording, readRecordingBytes } from '../recordings.ts'
import { blsFiles } from './blsFiles.ts'
import { ed25519Files } from './ed25519Files.ts'
import { hashFiles } from './hashFiles.ts'
import { mlDsa87Files } from './mlDsa87Files.ts'
import type { Stated, VectorFile, VectorFiles } from './stated.ts'

/** By primitive, then by path under `../shared/data/vectors`. */
export const vectorFiles = {
  Ed25519: ed25519Files,
  'ML-DSA-87': mlDsa87Files,
  BLS: blsFiles,
  'hash and sealing': hashFiles,
} as const satisfies Readonly<Record<string, VectorFiles>>

export type VectorGroup = keyof typeof vectorFiles

export function filesOf(group: VectorGroup): readonly (readonly [string, VectorFile])[] {
  return Object.entries(vectorFiles[group])
}

export const isVectorFileMissing = Object.values<VectorFiles>(vectorFiles)
  .flatMap((files) => Object.keys(files))
  .some((path) => !hasRecording(`vectors/${path}`))

export function statedIn(path: string, file: VectorFile): readonly Stated[] {
  const place = `vectors/${path}`
  const text = path.endsWith('.gz')
    ? gunzipSync(readRecordingBytes(place)).toString('utf8')
    : readRecording(place)
  return file.read(text)
}
