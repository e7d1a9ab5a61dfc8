/** History from the API of the relay that served this page; decoded strictly, shown unchecked. */

import type { BlockSummary, ValidatorSummary } from '../../node/api.ts'
import { blockSummary } from '../feedText.ts'
import type { Explorer } from '../services.ts'

const answerMsMax = 10_000
const validatorsMax = 1000

export class RelayExplorer implements Explorer {
  async blocks(
    beforeHeight: number | undefined,
    countMax: number,
  ): Promise<readonly BlockSummary[]> {
    const before = beforeHeight === undefined ? '' : `&before=${beforeHeight}`
    const answer = await ask(`/blocks?limit=${countMax}${before}`)
    return items(answer, 'blocks')
      .slice(0, countMax)
      .map(unchecked)
      .filter((block) => block !== undefined)
  }

  async block(height: number): Promise<BlockSummary | undefined> {
    return unchecked(await ask(`/blocks/${height}`))
  }

  async validators(): Promise<readonly ValidatorSummary[]> {
    return items(await ask('/validators'), 'validators')
      .slice(0, validatorsMax)
      .map(validator)
      .filter((found) => found !== undefined)
  }
}

async function ask(path: string): Promise<unknown> {
  const response = await fetch(path, {
    headers: { accept: 'application/json' },
    signal: AbortSignal.timeout(answerMsMax),
  })
  if (!response.ok) throw new Error(`The relay answered ${response.status}.`)
  return response.json()
}

function items(answer: unknown, name: string): readonly unknown[] {
  if (Array.isArray(answer)) return answer
  const list = field(answer, name)
  return Array.isArray(list) ? list : []
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}

/** Whatever a relay says about it, this browser has not checked it. */
function unchecked(input: unknown): BlockSummary | undefined {
  const block = blockSummary(input)
  return block === undefined ? undefined : { ...block, verified: false }
}

function validator(input: unknown): ValidatorSummary | undefined {
  const id = field(input, 'id')
  const bondedMicro = field(input, 'bondedMicro')
  if (typeof id !== 'string' || !/^[0-9a-f]{64}$/.test(id)) return undefined
  if (typeof bondedMicro !== 'string' || !/^\d{1,40}$/.test(bondedMicro)) return undefined
  return {
    id,
    bondedMicro,
    reputation: count(field(input, 'reputation')) ?? 0,
    registeredEpoch: count(field(input, 'registeredEpoch')) ?? 0,
    jailedUntilEpoch: count(field(input, 'jailedUntilEpoch')),
    absent: field(input, 'absent') === true,
    seated: field(input, 'seated') === true,
  }
}

function count(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined
}
