/** History from the API of the relay that served this page; decoded strictly, shown unchecked. */

import type { BlockSummary, ValidatorSummary } from '../../node/api.ts'
import { blockOf, blocksOf, countOf, fieldsOf, itemsOf, validatorOf } from '../feedText.ts'
import type { Explorer } from '../services.ts'
import { askRelay } from './relayApi.ts'

const validatorsMax = 100

export class RelayExplorer implements Explorer {
  async blocks(
    beforeHeight: number | undefined,
    countMax: number,
  ): Promise<readonly BlockSummary[]> {
    const before = beforeHeight === undefined ? '' : `&before=${beforeHeight}`
    return blocksOf(itemsOf(await askRelay(`/blocks?limit=${countMax}${before}`))).map(unchecked)
  }

  async block(height: number): Promise<BlockSummary | undefined> {
    const block = blockOf(await askRelay(`/blocks/${height}`))
    return block === undefined ? undefined : unchecked(block)
  }

  async validators(): Promise<readonly ValidatorSummary[]> {
    const [list, seated] = await Promise.all([
      askRelay(`/validators?limit=${validatorsMax}`),
      seatedNow(),
    ])
    return itemsOf(list)
      .map((item) => validatorOf(item, seated))
      .filter((validator) => validator !== undefined)
  }
}

async function seatedNow(): Promise<ReadonlySet<string>> {
  const newest = fieldsOf(itemsOf(await askRelay('/epochs?limit=1'))[0])
  const epoch = countOf(newest?.['epoch'])
  if (epoch === undefined) return new Set()
  const seats = fieldsOf(await askRelay(`/epochs/${epoch}`))?.['seats']
  const names = Array.isArray(seats) ? seats.map((seat) => fieldsOf(seat)?.['validator']) : []
  return new Set(names.filter((name) => typeof name === 'string'))
}

/** Whatever a relay says about it, this browser has not checked it. */
function unchecked(block: BlockSummary): BlockSummary {
  return { ...block, verified: false }
}
