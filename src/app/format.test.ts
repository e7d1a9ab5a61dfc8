import { describe, expect, it } from 'vitest'
import {
  ago,
  bytes,
  days,
  duration,
  emo,
  percent,
  plural,
  shortId,
  timeOfDay,
  wait,
} from './format.ts'
import { routeOf } from './router.ts'

describe('UX-1 numbers as a person reads them', () => {
  it.each([
    ['110912000', '110.91 EMO'],
    ['10000000000', '10,000 EMO'],
    ['999999', '0.99 EMO'],
    ['0', '0 EMO'],
    ['123456789012345678901234', '123,456,789,012,345,678.90 EMO'],
    ['-1', '–'],
    ['1e3', '–'],
  ])('%s µEMO is %s', (micro, text) => {
    expect(emo(micro)).toBe(text)
  })

  it('never rounds up what is not there', () => {
    expect(percent(9999)).toBe('99 %')
    expect(emo('1999999')).toBe('1.99 EMO')
  })

  it('counts long spans in days', () => {
    expect(days(14 * 86_400_000)).toBe('14 days')
    expect(days(90_000_000)).toBe('2 days')
    expect(days(86_400_000)).toBe('1 day')
    expect(days(30_000)).toBe('30 s')
  })

  it('tells the time of day as a clock on the wall does', () => {
    expect(timeOfDay(new Date(2026, 5, 1, 14, 5, 59).getTime())).toBe('14:05')
  })

  it.each([
    [381, '0.38 s'],
    [12_640, '12.6 s'],
    [80_000, '1 min 20 s'],
    [-5, '0.00 s'],
  ])('%i ms take %s', (ms, text) => {
    expect(duration(ms)).toBe(text)
  })

  it('counts down in whole seconds and never below none', () => {
    expect([wait(80_000), wait(120_000), wait(1), wait(-1), wait(7_500_000)]).toEqual([
      '1 min 20 s',
      '2 min',
      '1 s',
      '0 s',
      '2 h 5 min',
    ])
  })

  it('says the rest', () => {
    expect(plural(1, 'peer')).toBe('1 peer')
    expect(plural(1204, 'peer')).toBe('1,204 peers')
    expect(ago(800)).toBe('just now')
    expect(bytes(212_000_000)).toBe('212 MB')
    expect(shortId('0123456789abcdef0123')).toBe('012345…0123')
  })
})

describe('UX-5 routes live in the fragment', () => {
  it.each([
    ['', { view: 'now' }],
    ['#/', { view: 'now' }],
    ['#/blocks', { view: 'blocks' }],
    ['#/blocks/48211', { view: 'block', height: 48_211 }],
    ['#/settings/', { view: 'settings' }],
    ['#/blocks/-1', { view: 'missing', path: 'blocks/-1' }],
    ['#/phone', { view: 'phone', link: undefined }],
    ['#/phone/aB-_9', { view: 'phone', link: 'aB-_9' }],
    ['#/phone/a/b', { view: 'missing', path: 'phone/a/b' }],
    ['#/nowhere', { view: 'missing', path: 'nowhere' }],
  ])('%j', (hash, route) => {
    expect(routeOf(hash)).toEqual(route)
  })
})
