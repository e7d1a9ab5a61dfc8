/** Gives the test the primitives as this browser computes them, over hexadecimal text. */
import { createAnswers } from '../../../test/compliance/vectors/answers.ts'

Object.assign(globalThis, { answers: await createAnswers([]) })
