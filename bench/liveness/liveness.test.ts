import { describe, expect, test } from 'vitest'
import { shortChallenge } from '../../src/core/liveness/rules.ts'
import { recordingsMissing } from '../../test/compliance/recordings.ts'
import { rateOf } from './bounds.ts'
import { measureGestureFaces, measureGestureSpecies } from './face/gestures.ts'
import { gestureSpecies } from './face/gestureSpecies.ts'
import { measureLightFaces, measureLightSpecies } from './face/light.ts'
import { lightSpecies } from './face/lightSpecies.ts'
import { measureAcceptance, measurePaced, measureRecordings, measureSpecies } from './measure.ts'
import { hasHearts } from './recordings.ts'
import { species } from './species.ts'
import { measureOneHeart, measureTwoHearts } from './twoHearts.ts'

const people = 12

describe('LIVE-1 simulated people', () => {
  test('who follow the guide with a clear response are accepted within three windows', () => {
    expect(measureAcceptance(shortChallenge, 60, people).answered[2]).toBe(1)
  })

  test('LIVE-7 weak responders are mostly inconclusive at first, and more windows help', () => {
    const { answered } = measureAcceptance(shortChallenge, 20, people)
    expect(answered[0]).toBeLessThan(0.8)
    expect(answered[2]).toBeGreaterThan(answered[0] ?? 1)
  })
})

describe('LIVE-8 attack species on simulated signals', () => {
  const measured = species.map((each) => measureSpecies(each, shortChallenge, people))
  const acceptedOf = (name: string) =>
    measured.find((each) => each.species === name)?.challenge.count

  test.each(['print', 'screen replay', 'blind strap replay', 'unmodulated pulse'])(
    '%s: none of twelve',
    (name) => {
      expect(acceptedOf(name)).toBe(0)
    },
  )

  test('LIVE-2 an answer to another codeword, or for another identity, is not accepted', () => {
    expect(acceptedOf('other codeword')).toBe(0)
    // Two identities are asked the same by chance, once in sixteen: that is a right answer.
    expect(acceptedOf('one heart, two identities')).toBeLessThanOrEqual(3)
  })

  test('a machine that reads the challenge passes: breathing does not stop it', () => {
    expect(acceptedOf('synthesised answer')).toBe(people)
    expect(acceptedOf('spliced library')).toBeGreaterThan(people / 2)
  })
})

describe('LIVE-5 simulated sensors', () => {
  test('one heart is one at a camera error of 20 ms, two of the same rate are two', () => {
    expect(measureOneHeart(20, 20).oneTakenForTwo.count).toBe(0)
    expect(measureTwoHearts(20, 20).count).toBe(0)
  })
})

describe('LIVE-3 simulated faces and attackers', () => {
  test('a face in a lit room is accepted, in a very bright one mostly not', () => {
    expect(measureLightFaces(200, people).notAccepted.count).toBeLessThanOrEqual(1)
    const { outcomes } = measureLightFaces(5000, people)
    expect(outcomes[0]?.[0]).toBe('REFLECTION_WEAK')
  })

  const accepted = new Map(
    lightSpecies.map((each) => [each.name, measureLightSpecies(each, people).accepted.count]),
  )

  test.each(lightSpecies.filter(({ isAdaptive }) => !isAdaptive))(
    '$name: none of twelve',
    ({ name }) => {
      expect(accepted.get(name)).toBe(0)
    },
  )

  test('who throws the light back in time passes, and so does paper cut to a face', () => {
    expect(accepted.get('relay in time')).toBeGreaterThan(people / 2)
    expect(accepted.get('print cut out along the face')).toBeGreaterThan(people / 2)
  })
})

describe('LIVE-4 simulated faces and attackers', () => {
  test.each([8, 30])('who follows is accepted at %i pictures a second', (rate) => {
    expect(measureGestureFaces(rate, people).notAccepted.count).toBeLessThanOrEqual(2)
  })

  test.each(gestureSpecies)('$name: none of twelve, but for who reads the draw', (each) => {
    const { count } = measureGestureSpecies(each, people).accepted
    if (each.isAdaptive) expect(count).toBeGreaterThan(people / 2)
    else expect(count).toBe(0)
  })
})

describe('LIVE-8 bounds', () => {
  test('0 of n bounds the rate by three in n; other counts as in tables', () => {
    expect(rateOf(0, 150).upper95).toBeCloseTo(1 - 0.05 ** (1 / 150), 9)
    expect(rateOf(0, 3000).upper95 * 3000).toBeCloseTo(3, 1)
    // Clopper and Pearson, one-sided 95 %: 1 of 10, 5 of 50.
    expect(rateOf(1, 10).upper95).toBeCloseTo(0.3942, 4)
    expect(rateOf(5, 50).upper95).toBeCloseTo(0.1991, 3)
    expect(rateOf(4, 4).upper95).toBe(1)
  })
})

describe.skipIf(!hasHearts)(
  `LIVE-8 recordings of people who were asked nothing${hasHearts ? '' : ` ${recordingsMissing}`}`,
  () => {
    test('answer a codeword in at most two of a hundred windows', () => {
      const found = measureRecordings(shortChallenge)
      expect(found.windows).toBeGreaterThan(200)
      expect(found.perWindow).toBeLessThan(0.02)
      expect(found.challenges.count).toBe(0)
    })

    test('the paced one, at 4 breaths a minute, answers its own pace and no codeword', () => {
      const { atFourBp, codewordBpMax } = measurePaced()
      expect(atFourBp).toBeGreaterThan(5000)
      expect(atFourBp).toBeGreaterThan(5 * codewordBpMax)
    })
  },
)
