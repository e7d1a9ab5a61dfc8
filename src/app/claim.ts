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
    name: 'Only that it is enough',
    tells:
      'One bit for each epoch that you are ready for: calm enough, against your own rest. ' +
      'In the draw of seats you count like everybody who says no more.',
  },
  {
    mode: 'quantised',
    name: 'The step of 5 % it reaches',
    tells:
      'More than you agreed to when you joined: in which step of 5 % your score was, such as 80 %. ' +
      'It stands on the chain with your public key, for good: whoever reads along sees how calm you ' +
      'were, epoch by epoch. In return a higher step, up to 85 %, is drawn for a seat more often.',
  },
]

/** Nothing finer unless it was chosen. */
export function claimOf(text: string | undefined): ScoreMode {
  return claims.find(({ mode }) => mode === text)?.mode ?? 'threshold'
}
