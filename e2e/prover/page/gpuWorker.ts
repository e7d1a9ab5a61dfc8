/** The questions of the test, answered in a dedicated worker. */
import { answer, type Question } from './checks.ts'

addEventListener('message', ({ data }: MessageEvent<Question>) => {
  answer(data).then(
    (given) => {
      postMessage(given)
    },
    (error: unknown) => {
      postMessage({ wrong: [String(error)] })
    },
  )
})
