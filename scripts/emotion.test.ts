import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { evaluate } from './emotion/evaluate.ts'
import { InputError } from './emotion/inputError.ts'
import { readRgb } from './emotion/readRgb.ts'
import { readRr } from './emotion/readRr.ts'
import { readEcg } from './emotion/readWave.ts'
import type { Recording } from './emotion/recording.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'emotion-'))
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})

function file(text: string): string {
  const path = join(folder, 'input.csv')
  writeFileSync(path, text)
  return path
}

function thrownBy(work: () => unknown): Pick<InputError, 'code' | 'line'> {
  try {
    work()
  } catch (thrown) {
    if (thrown instanceof InputError) return { code: thrown.code, line: thrown.line }
    throw thrown
  }
  throw new Error('nothing was thrown')
}

/** Twelve breaths of eight intervals about 840 ms; `change` replaces some of them. */
function series(change: Readonly<Record<number, string>> = {}): string[] {
  return Array.from(
    { length: 96 },
    (_, index) => change[index] ?? `${800 + 20 * Math.abs((index % 8) - 4)}`,
  )
}

describe('QUAL-1 npm run emotion: files that are wrong name code and line', () => {
  it.each([
    ['', 'FILE_EMPTY', undefined],
    ['\n\n', 'FILE_EMPTY', undefined],
    ['rr_ms\n', 'FILE_EMPTY', 1],
    ['800\n\u0000\n', 'FILE_BINARY', undefined],
    [series({ 4: 'NaN' }).join('\n'), 'NOT_A_NUMBER', 5],
    [series({ 4: '-800' }).join('\n'), 'NOT_A_NUMBER', 5],
    [series({ 4: '0' }).join('\n'), 'NOT_A_NUMBER', 5],
    [series({ 9: '90000' }).join('\n'), 'UNIT_WRONG', 10],
    [['0.8', '0.81', '0.79', '0.8'].join('\n'), 'UNIT_WRONG', 1],
    [['72', '73', '71', '72'].join('\n'), 'UNIT_WRONG', 1],
    [['800000', '810000', '790000'].join('\n'), 'UNIT_WRONG', 1],
    ['800\n810\n', 'TOO_SHORT', undefined],
    ['a,b\n1,2\n3,4\n5,6\n', 'COLUMN_UNKNOWN', 2],
    ['0,812\n0,798\n0,805\n', 'COLUMN_UNKNOWN', 1],
    ['t;rr_ms\n0;800\n1;812,5\n2;805\n', 'NOT_A_NUMBER', 3],
    ['t,rr_ms\n1,800\n2\n3,810\n', 'COLUMN_COUNT', 3],
    [`NaN\n${series().join('\n')}`, 'NOT_A_NUMBER', 1],
    [series({ 4: '0x320' }).join('\n'), 'NOT_A_NUMBER', 5],
    [series({ 4: `${'1'.repeat(100_000)}x` }).join('\n'), 'NOT_A_NUMBER', 5],
    [
      series()
        .map((_, at) => `${0.3 + 0.8 * at}`)
        .join('\n'),
      'UNIT_WRONG',
      1,
    ],
    [
      ['t,rr_ms', ...series().map((rr, at) => `${at === 9 ? 1 : at},${rr}`)].join('\n'),
      'TIME_WRONG',
      11,
    ],
    [['t_s,rr_ms', '1,800', '90000,810', '90001,800'].join('\n'), 'TIME_WRONG', 3],
  ])('--rr %#', (text, code, line) => {
    expect(thrownBy(() => readRr(file(text), {}))).toEqual({ code, line })
  })

  it.each([
    ['time,R,G\n0,1,2\n', undefined, 'COLUMN_UNKNOWN', 2],
    ['R,G,B\n200,1,2\n', undefined, 'TIME_WRONG', 2],
    ['time,R,G,B\n0,200,1,2\n33,200,1,2\n20,200,1,2\n', undefined, 'TIME_WRONG', 4],
    ['time,R,G,B\n0,200,1,2\n0.033,200,1,2\n0.066,200,1,2\n', undefined, 'UNIT_WRONG', 2],
    ['time,R,G,B\n0,200,1,2\n33,200,,2\n', undefined, 'NOT_A_NUMBER', 3],
    ['R,G,B\n200,1,2\n200,1,2\n', 30, 'TOO_SHORT', undefined],
    ['time,R,G,B\n0,200,1,2\n0,200,1,2\n0,200,1,2\n', undefined, 'TIME_WRONG', 2],
    ['time,R,G,B\n0,200,1,2\n33333,200,1,2\n', undefined, 'UNIT_WRONG', 2],
    ['time;R;G;B\n0;200,5;1;2\n33;200,5;1;2\n', undefined, 'NOT_A_NUMBER', 2],
    ['R,G,B\n200,1,2\n200,-1,2\n', 30, 'UNIT_WRONG', 3],
    ['R,G,B\n200,1,2\n1020,1,2\n', 30, 'UNIT_WRONG', 3],
    ['R,G,B\n0.6,0.4,0.3\n0.7,0.4,0.3\n', 30, 'UNIT_WRONG', 3],
    ['time,R,G,B\n0,200,1,2\n33,200,1,2\n66,200,1,2\n1e15,200,1,2\n', undefined, 'TIME_WRONG', 5],
    ['0,1,200,1,2\n1,33,200,1,2\n', undefined, 'COLUMN_UNKNOWN', 1],
    ['time,mean_r,std_r,mean_g,mean_b\n0,200,1,2,3\n', undefined, 'COLUMN_UNKNOWN', 2],
  ])('--rgb %#', (text, fps, code, line) => {
    expect(thrownBy(() => readRgb(file(text), { fps }))).toEqual({ code, line })
  })

  it('--ecg: a second of samples, a hole, a rate that contradicts the file', () => {
    const wave = Array.from({ length: 1300 }, (_, index) => Math.sin(index).toFixed(3))
    const code = (text: string) => thrownBy(() => readEcg(file(text), { hz: 130 }))
    expect(code(wave.slice(0, 130).join('\n'))).toMatchObject({ code: 'TOO_SHORT' })
    const holed = ['ecg', ...wave.slice(0, 50), 'nan', ...wave].join('\n')
    expect(code(holed)).toEqual({ code: 'NOT_A_NUMBER', line: 52 })
    const timed = (at: number): number => at / 130 + (at < 700 ? 0 : 50)
    const jumping = ['t,ecg', ...wave.map((value, at) => `${timed(at)},${value}`)].join('\n')
    expect(code(jumping)).toEqual({ code: 'TIME_WRONG', line: 702 })
    const timedMs = ['t_ms,ecg', ...wave.map((value, at) => `${(1000 * at) / 130},${value}`)]
    const at250 = thrownBy(() => readEcg(file(timedMs.join('\n')), { hz: 250 }))
    expect(at250).toEqual({ code: 'UNIT_WRONG', line: 2 })
    const stamped = ['1644226061', '64', ...wave].join('\n')
    expect(code(stamped)).toEqual({ code: 'UNIT_WRONG', line: 2 })
  })
})

describe('SENS-3 npm run emotion: times beside intervals', () => {
  const ends = (rr: readonly string[], pauseMs: number, after: number): number[] => {
    let ms = 0
    return rr.map((one, at) => (ms += Number(one) + (at === after ? pauseMs : 0)))
  }

  it('of beats: one that is missing is a gap, named with its line and refused', () => {
    const rr = series()
    const rows = ends(rr, 820, 40).map((ms, at) => `${ms},${rr[at]}`)
    const read = readRr(file(['time_ms,rr_ms', ...rows].join('\n')), {})
    expect(read.notes).toEqual([expect.stringContaining('line 42: 820 ms')])
    expect(read.durationMs).toBe(ends(rr, 820, 40).at(-1))
    expect(evaluate(read).windows[0]).toMatchObject({ accepted: false, reasons: ['GAPS'] })
  })

  it('of packets: several beats in one and a late one are no gap, silence is', () => {
    const rr = series()
    const times = ends(rr, 0, 0)
    const log = (silenceMs: number): Recording => {
      const rows = rr.map((one, at) => {
        const packet = Math.floor(at / 3) * 3 + 2
        const late = at > 29 ? silenceMs : 0
        return `${(times[packet] ?? 0) + late},${one}`
      })
      return readRr(file(['time,rr', ...rows].join('\n')), {})
    }
    expect(log(0).notes).toEqual([])
    expect(log(2000).notes).toEqual([])
    expect(log(9000).notes).toHaveLength(1)
    expect(log(9000).durationMs - log(0).durationMs).toBeGreaterThan(8000)
  })

  it('a table of a wristband that missed most of a minute is refused', () => {
    const rows = series().map((rr, at) => `${4 * at},${Number(rr) / 1000}`)
    const read = readRr(file(['1644227574.000000, IBI', ...rows].join('\n')), { unit: 's' })
    expect(evaluate(read).overall).toMatchObject({ accepted: false, reasons: ['GAPS'] })
    expect(read.notes.length).toBeLessThan(30)
  })
})

describe('QUAL-1 npm run emotion: the gate of the page', () => {
  it('accepts an even heart, and says the figures of the core', () => {
    const recording = readRr(file(series().join('\n')), {})
    const { windows, overall } = evaluate(recording)
    expect(overall).toMatchObject({ accepted: true, reasons: [] })
    expect(overall.normal.hrBpm).toBeCloseTo(60_000 / 840, 6)
    expect(windows).toHaveLength(1)
    expect(windows[0]).toMatchObject({ accepted: true, markedCount: 0 })
    expect(windows[0]?.rmssdMs).toBeCloseTo(overall.normal.rmssdMs ?? 0, 0)
  })

  it('a packet log with empty fields, a first beat without interval, seconds and ticks', () => {
    const log = ['t,rr_ms', '0,0', ...series().map((rr, at) => `${at},${at === 7 ? '' : rr}`)]
    const read = readRr(file(log.join('\n')), {})
    expect(read.intervals).toHaveLength(95)
    expect(read.notes).toHaveLength(1)
    const ticks = readRr(file(series().join(' ')), { unit: 'ticks' })
    expect(ticks.intervals[0]?.rrMs).toBe(880 / 1.024)
    const seconds = readRr(file('0.8\n0.82\n0.81\n'), { unit: 's' })
    expect(seconds.intervals[1]?.rrMs).toBe(820)
  })

  it('HRV-3 refuses bigeminy; a gap is named with its line and refused in its windows', () => {
    const two = Array.from({ length: 150 }, (_, index) => (index % 2 === 0 ? '420' : '1080'))
    const bigeminy = evaluate(readRr(file(two.join('\n')), {}))
    expect(bigeminy.overall.reasons).toContain('IRREGULAR_RHYTHM')
    expect(bigeminy.windows.every(({ accepted }) => !accepted)).toBe(true)
    const gap = readRr(file(series({ 30: '4100' }).join('\n')), {})
    expect(gap.notes).toEqual([expect.stringContaining('line 31')])
    expect(evaluate(gap).windows[0]).toMatchObject({ accepted: false, reasons: ['GAPS'] })
  })

  it('HRV-3 a whole recording jumps by the rule of a window', () => {
    // A fifth of the median is 160 ms; a fifth of the mean of 650 and 820 is 147.
    const rr = Array.from({ length: 150 }, (_, at) => (at % 4 === 1 ? '665' : '820'))
    expect(evaluate(readRr(file(rr.join('\n')), {})).overall.reasons).toContain('IRREGULAR_RHYTHM')
  })

  it('reads more beats than a day has', () => {
    const many = Array.from({ length: 130_000 }, () => '310')
    const { overall } = evaluate(readRr(file(many.join('\n')), {}))
    expect(overall).toMatchObject({ all: { beatCount: 130_000 }, reasons: ['TOO_FAST'] })
  })

  it('SENS-2 names of columns with units and parts of names', () => {
    const rows = Array.from({ length: 450 }, (_, at) => `${at / 30},${80 + (at % 2)},100,150`)
    const seconds = readRgb(file(['Time (s),mean B,mean G,mean R', ...rows].join('\n')), {})
    expect(seconds.durationMs).toBeCloseTo(449_000 / 30, 6)
    expect(seconds.kind).toBe('face')
  })

  it('a face without a pulse is refused by name; a flat ECG too', () => {
    const rows = Array.from({ length: 900 }, (_, at) => `${150 + (at % 3)},100,${80 + (at % 2)}`)
    const face = evaluate(readRgb(file(['R,G,B', ...rows].join('\n')), { fps: 30 }))
    expect(face.kind).toBe('face')
    expect(face.overall.accepted).toBe(false)
    expect(face.overall.reasons).toContain('PULSE_WEAK')
    const flat = evaluate(readEcg(file(Array(1500).fill('0.1').join('\n')), { hz: 130 }))
    expect(flat.overall.reasons).toContain('FLAT')
  })

  it('the command prints JSON and tells refusals from wrong files by its status', () => {
    const run = (...args: readonly string[]) => {
      const script = ['scripts/run.js', 'scripts/emotion.ts', ...args, '--json']
      const { status, stdout } = spawnSync(process.execPath, script, { encoding: 'utf8' })
      return { status, data: JSON.parse(stdout) as Record<string, unknown> }
    }
    const fine = run('--rr', file(series().join('\n')))
    expect(fine).toMatchObject({ status: 0, data: { overall: { accepted: true } } })
    expect(run('--rr', file(''))).toMatchObject({
      status: 2,
      data: { error: { code: 'FILE_EMPTY' } },
    })
    expect(run('--rr', '/dev/zero')).toMatchObject({
      status: 2,
      data: { error: { code: 'FILE_TOO_LARGE' } },
    })
    expect(run('--ecg', file('1'))).toMatchObject({ status: 2, data: { error: { code: 'USAGE' } } })
  })

  it('--help lists the options', () => {
    const script = ['scripts/run.js', 'scripts/emotion.ts', '--help']
    const { status, stdout } = spawnSync(process.execPath, script, { encoding: 'utf8' })
    expect(status).toBe(0)
    for (const option of ['--rr', '--ecg', '--ppg', '--rgb', '--json']) {
      expect(stdout).toContain(option)
    }
  })
})
