/**
 * The breathing challenge and its attackers (LIVE-1 to LIVE-8), on simulated people and on
 * recordings, never pooled: 12 people for each strength and 30 attacks of each species times
 * `--runs`. The challenges of a camera (LIVE-3, LIVE-4) on simulated faces alone. Everything
 * follows from seeds. The plot goes to `.cache/bench/liveness.svg`.
 */

import { mkdirSync, writeFileSync } from 'node:fs'
import type { Bench } from './bench.ts'
import type { Rate } from './liveness/bounds.ts'
import {
  challenges,
  measureAcceptance,
  measurePaced,
  measureRecordings,
  measureSpecies,
} from './liveness/measure.ts'
import { faceTable, measureFaces } from './liveness/face/faces.ts'
import { acceptancePlot } from './liveness/plot.ts'
import { hasHearts } from './liveness/recordings.ts'
import { percent, rateText } from './liveness/rateText.ts'
import { species } from './liveness/species.ts'
import { measureOneHeart, measureTwoHearts } from './liveness/twoHearts.ts'

const amplitudesMs = [10, 20, 30, 40, 50, 60, 80, 100]
const camerasMs = [10, 20, 30, 40]
const plotPath = '.cache/bench/liveness.svg'

export const benchLiveness: Bench = async ({ runs }) => {
  const measured = challenges.map(({ name, challenge }) => ({
    name,
    seconds: challenge.book.seconds,
    codewords: challenge.book.codewords.length,
    acceptance: amplitudesMs.map((each) => measureAcceptance(challenge, each, 12 * runs)),
    attacks: species.map((each) => measureSpecies(each, challenge, 30 * runs)),
    recordings: hasHearts ? measureRecordings(challenge) : null,
  }))
  const hearts = {
    one: camerasMs.map((cameraMs) => measureOneHeart(cameraMs, 30 * runs)),
    two: [5, 20, 60].map((breathMs) => ({ breathMs, ...measureTwoHearts(breathMs, 30 * runs) })),
  }
  const faces = measureFaces(30 * runs)
  const paced = hasHearts ? measurePaced() : null
  const curves = measured.map(({ seconds, acceptance }) => ({
    title: `Windows of ${seconds} s`,
    rows: acceptance,
  }))
  mkdirSync('.cache/bench', { recursive: true })
  writeFileSync(plotPath, acceptancePlot(curves))
  const data = { bench: 'liveness', challenges: measured, paced, hearts, faces, plot: plotPath }
  return Promise.resolve({
    data,
    table: [...measured.flatMap(tableOf), ...rest(data), ...faceTable(faces)],
  })
}

function tableOf(part: {
  readonly name: string
  readonly seconds: number
  readonly codewords: number
  readonly acceptance: readonly ReturnType<typeof measureAcceptance>[]
  readonly attacks: readonly ReturnType<typeof measureSpecies>[]
  readonly recordings: ReturnType<typeof measureRecordings> | null
}): readonly string[] {
  const { acceptance, attacks, recordings } = part
  return [
    `${part.name} challenge: ${part.seconds} s, ${part.codewords} codewords; simulated people:`,
    '  ± ms     one     two   three windows   BPCER, inconclusive',
    ...acceptance.map(
      ({ amplitudeMs, answered, inconclusive }) =>
        `${String(amplitudeMs).padStart(6)}${answered.map(percent).join('')}` +
        `${' '.repeat(10)}${rateText(inconclusive)}`,
    ),
    `  ${'simulated attacks'.padEnd(28)}${'one window'.padEnd(30)}APCER of the challenge`,
    ...attacks.map(
      (each) =>
        `  ${`${each.species}${each.isAdaptive ? ' (adaptive)' : ''}`.padEnd(28)}` +
        `${rateText(each.firstWindow).padEnd(30)}${rateText(each.challenge)}`,
    ),
    recordings === null ? '  recordings: not at hand' : recordingsText(recordings),
  ]
}

function recordingsText(measured: ReturnType<typeof measureRecordings>): string {
  const { windows, perWindow, recordings, challenges } = measured
  return (
    `  recordings: ${windows} windows, ${percent(perWindow).trim()} a window; ` +
    `${recordings} recordings, challenges ${rateText(challenges)}`
  )
}

function rest({
  hearts,
  paced,
}: {
  readonly hearts: {
    readonly one: readonly ReturnType<typeof measureOneHeart>[]
    readonly two: readonly (Rate & { readonly breathMs: number })[]
  }
  readonly paced: ReturnType<typeof measurePaced> | null
}): readonly string[] {
  return [
    ...(paced === null
      ? []
      : [
          'one paced recording, 4 breaths a minute, no codeword: ' +
            `R² ${paced.atFourBp / 10_000} at ` +
            `its own pace, at most ${paced.codewordBpMax / 10_000} at a codeword`,
        ]),
    'two sensors, one heart, taken for two, by the error of the camera:',
    ...hearts.one.map(
      ({ cameraMs, oneTakenForTwo }) => `  ${cameraMs} ms: ${rateText(oneTakenForTwo)}`,
    ),
    'two hearts of the same rate, taken for one, by the swing of a breath:',
    ...hearts.two.map(({ breathMs, ...rate }) => `  ± ${breathMs} ms: ${rateText(rate)}`),
  ]
}
