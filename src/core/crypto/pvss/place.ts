/** Whether an opening or shares belong to a deal (BEACON-4, BEACON-5). */
import type { Deal } from '../../codec/sharing.ts'
import type { PlaceError } from './errors.ts'

export function placeError(
  deal: Pick<Deal, 'epoch' | 'dealer'>,
  { epoch, dealer }: Pick<Deal, 'epoch' | 'dealer'>,
): PlaceError | undefined {
  if (epoch !== deal.epoch) return { code: 'PLACE_EPOCH', epoch }
  return dealer === deal.dealer ? undefined : { code: 'PLACE_DEALER' }
}
