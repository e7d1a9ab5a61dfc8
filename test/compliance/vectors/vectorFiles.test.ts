import { describe, expect, it } from 'vitest'
import { blsBlst } from '../../../src/adapters/crypto/blsBlst.ts'
import { hasRecording, listRecordings, recordingsMissing } from '../recordings.ts'
import { createAnswers } from './answers.ts'
import { otherFiles } from './otherFiles.ts'
import {
  filesOf,
  isVectorFileMissing,
  statedIn,
  vectorFiles,
  type VectorGroup,
} from './vectorFiles.ts'

const answers = await createAnswers([blsBlst])
const groups = Object.keys(vectorFiles) as VectorGroup[]
const files = groups.flatMap((group) => filesOf(group))

/** Hundreds of signatures by the reference in one file. */
const timeoutMs = 600_000

describe.skipIf(isVectorFileMissing)(`SIG-1 BFT-10: published vectors ${recordingsMissing}`, () => {
  it.each(files)(
    '%s',
    async (path, file) => {
      const all = statedIn(path, file)
      expect(all).toHaveLength(file.questions)
      const given = await answers(all.map(({ question }) => question))
      const wrong = all
        .map((one, index) => ({ ...one, given: given[index] }))
        .filter((one) => one.given !== one.outcome)
      expect(wrong).toEqual([])
    },
    timeoutMs,
  )
})

describe.skipIf(!hasRecording('vectors'))(`the files of vectors ${recordingsMissing}`, () => {
  it('are each read, or concern no primitive of ours for a reason', () => {
    const read = files.map(([path]) => path)
    const known = [...read, ...Object.values(otherFiles).flat()]
    expect(known.toSorted()).toEqual(listRecordings('vectors').toSorted())
  })
})
