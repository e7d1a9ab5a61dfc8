import type { Outlook } from '../core/emotion/outlook.ts'
import { percent } from './format.ts'

const trends = {
  rising: 'Getting calmer over the last minutes',
  falling: 'Getting less calm over the last minutes',
  steady: 'Steady over the last minutes',
} as const satisfies Record<Outlook['trend'], string>

/** FIT-5: a sentence about the last minutes and the next one, not about the person. */
export function outlookWords({ trend, fromBp, toBp }: Outlook): string {
  return `${trends[trend]}; the next minute will likely score ${percent(fromBp)} to ${percent(toBp)}.`
}
