/**
 * The measuring side against recordings: reference values, what the gate refuses, a finger on the
 * camera against a strap and beside `vitallens`, breathing against a belt, stress against own rest,
 * and the breathing challenge in short (HRV-2, QUAL-1, LIVE-1).
 *
 * The recordings lie beside the project and are not part of it. `--runs` times twelve people for
 * each strength answer the challenge; it changes nothing else. `--svg FILE` has coverage and error.
 */

import type { Bench } from './bench.ts'
import { breathingFigures } from './emotion/breathing.ts'
import { curvePlot } from './emotion/curvePlot.ts'
import { faceWaves } from './emotion/faceWaves.ts'
import { curveOf, fingerRows, summaryOf } from './emotion/finger.ts'
import { outlookFigures } from './emotion/outlook.ts'
import { peerMethods } from './emotion/peer.ts'
import {
  breathingLines,
  faceLines,
  fingerLines,
  gateLines,
  outlookLines,
  referenceLines,
  stressLines,
  variantLines,
} from './emotion/print.ts'
import { hasRecordings, meanOf } from './emotion/recordings.ts'
import { compareReferences, ectopics } from './emotion/references.ts'
import { gateRows } from './emotion/refusals.ts'
import { fingerBreaths, respirationRows } from './emotion/respiration.ts'
import { stressSummary } from './emotion/stress.ts'
import { fingerVariants } from './emotion/variants.ts'

const peoplePerRun = 12

export const benchEmotion: Bench = async ({ runs }) => {
  if (!hasRecordings) {
    const text = 'No recordings beside the project (../shared/data/heart): nothing measured.'
    return { data: { bench: 'emotion', skipped: text }, table: [text] }
  }
  const references = compareReferences()
  const rmssd = ectopics()
  const gate = gateRows()
  const finger = await fingerRows()
  const summary = summaryOf(finger)
  const variants = fingerVariants(finger)
  const curve = curveOf(finger)
  const faces = faceWaves()
  const respiration = respirationRows()
  const breaths = fingerBreaths()
  const stress = stressSummary()
  const outlook = outlookFigures()
  const breathing = breathingFigures(peoplePerRun * runs)
  const peer = peerMethods.map((method) => {
    // A finger over a lamp may leave green and blue at zero: then these methods have no answer.
    const answers = finger.map((row) => row.peer[method]).filter(({ hr }) => Number.isFinite(hr))
    return {
      method,
      answered: answers.length,
      hrMae: meanOf(answers.map(({ hr }) => Math.abs(hr))),
      rmssdMae: meanOf(answers.map(({ rmssd }) => Math.abs(rmssd))),
    }
  })
  return {
    data: {
      bench: 'emotion',
      references,
      ectopics: rmssd,
      gate,
      finger: { rows: finger, summary, curve, peer, variants },
      faces,
      respiration,
      fingerBreaths: breaths,
      stress,
      breathing,
      outlook,
    },
    table: [
      ...referenceLines(references),
      `MIT-BIH 100, RMSSD ms: all beats ${rmssd.all.toFixed(2)}, normal by label ` +
        `${rmssd.labelled.toFixed(2)}, after our marks ${rmssd.marked.toFixed(2)}`,
      '',
      ...gateLines(gate),
      ...fingerLines({ rows: finger, summary, curve, peer }),
      ...variantLines(variants),
      ...faceLines(faces),
      ...respiration.map(
        ({ name, windows, answered, mae }) =>
          `Respiration, ${name}: ${answered} of ${windows} windows answered, ` +
          `MAE ${mae.toFixed(2)} a minute`,
      ),
      `Respiration, finger on the camera against the strap's intervals, which answer in ` +
        `${breaths.byStrap} of ${breaths.recordings}: intervals alone ${breaths.byIntervals}, ` +
        `MAE ${breaths.intervalsMae.toFixed(2)} a minute; colour too ${breaths.byColour}, ` +
        `MAE ${breaths.colourMae.toFixed(2)}`,
      '',
      ...stressLines(stress),
      '',
      ...breathingLines(breathing),
      '',
      ...outlookLines(outlook),
    ],
    svg: curvePlot(curve, summary.accepted / summary.rows, peer),
  }
}
