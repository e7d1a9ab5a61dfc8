import { describe, expect, it } from 'vitest'
import { utf8 } from '../../core/base/bytes.ts'
import { decodeBeats, encodeBeats, type RecordedBeats } from './recordedBeats.ts'

const minute: RecordedBeats = {
  provenance: 'strap+ecg',
  series: 7,
  beats: [
    { timeMs: 1000.25, rrTicks: 812 },
    { timeMs: 1800, rrTicks: 820, isDoubtful: true },
  ],
}

describe('PRIV-1: a recorded minute', () => {
  it('comes back as it was', () => {
    expect(decodeBeats(encodeBeats(minute))).toEqual(minute)
  })

  it.each([
    ['', 'nothing'],
    ['{', 'no JSON'],
    ['null', 'null'],
    ['[]', 'a list'],
    ['{"provenance":"ring","series":1,"beats":[]}', 'another sensor'],
    ['{"provenance":"strap","series":1.5,"beats":[]}', 'half a series'],
    ['{"provenance":"strap","series":1,"beats":{}}', 'no list of beats'],
    ['{"provenance":"strap","series":1,"beats":[[1]]}', 'a beat without interval'],
    ['{"provenance":"strap","series":1,"beats":[["1",2]]}', 'a time that is text'],
    ['{"provenance":"strap","series":1,"beats":[[1,2.5]]}', 'a broken interval'],
    ['{"provenance":"strap","series":1,"beats":[[1,2,0]]}', 'a doubt that is none'],
    ['{"provenance":"strap","series":1,"beats":[[1,2,1,1]]}', 'too much'],
  ])('is none when it reads %s (%s)', (text) => {
    expect(decodeBeats(utf8(text))).toBeUndefined()
  })

  it('is none when it is not text', () => {
    expect(decodeBeats(Uint8Array.of(0xff, 0xfe))).toBeUndefined()
  })
})
