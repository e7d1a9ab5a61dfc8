/** What the proofs of this validator say of its score, as its owner chooses (PRIV-5). */
import type { ScoreMode } from '../core/emotion/scoreMode.ts'

export const claims: readonly {
  readonly mode: ScoreMode
  readonly name: string
  /** What it tells the world. */
  readonly tells: string
}[] = [
  {
    mode: 'threshold',
    name: 'Calm enough, and no more',
    tells:
      'One bit for each epoch that you are ready for, against your own rest. In the draw of ' +
      'seats it counts as just enough, however calm you are.',
  },
  {
    mode: 'quantised',
    name: 'How calm, in steps of 5\u00a0%',
    tells:
      'More than you agreed to when you joined: each proof puts on the chain, with your public ' +
      'key and for good, which step your score reached, such as 80\u00a0%. Whoever reads along ' +
      'sees how calm you were, epoch by epoch. In return a higher step, up to 85\u00a0%, is ' +
      'drawn for a seat more often.',
  },
]

/** Nothing finer unless it was chosen. */
export function claimOf(text: string | undefined): ScoreMode {
  return claims.find(({ mode }) => mode === text)?.mode ?? 'threshold'
}
