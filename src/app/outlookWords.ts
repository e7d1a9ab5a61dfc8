/** The outlook in words (FIT-5): about the last minutes and the next one, not about the person. */
import type { Outlook } from '../core/emotion/outlook.ts'
import { percent } from './format.ts'

const trends = {
  rising: 'Getting calmer over the last minutes',
  falling: 'Getting less calm over the last minutes',
  steady: 'Steady over the last minutes',
} as const satisfies Record<Outlook['trend'], string>

export function outlookWords({ trend, fromBp, toBp }: Outlook): string {
  const range = `${percent(fromBp)} to ${percent(toBp)}`
  return `${trends[trend]}; the next minute will likely score ${range}.`
}
