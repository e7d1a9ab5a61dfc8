/** A leader's block: no transactions, or a body of the size that the run's load gives it. */
import { Body, Header } from '../../src/core/codec/chain.ts'
import type { BuildRequest, Input } from '../../src/core/bft/types.ts'
import { hex, unhex } from '../../src/core/base/bytes.ts'
import { hash } from '../../src/core/crypto/hash.ts'
import { merkleRoot, transactionTree } from '../../src/core/crypto/merkle.ts'
import { protocol } from '../../src/core/params.ts'
import type { Instance } from './instance.ts'
import type { Network } from './network.ts'

/** What of a run a leader needs. */
type Builder = Pick<Network, 'queue' | 'costs' | 'load' | 'evidence' | 'ledger' | 'isBoundary'> & {
  readonly metrics: Pick<Network['metrics'], 'begun'>
}

const none = new Uint8Array(0)
const zero = new Uint8Array(32)
const emptyRoot = merkleRoot(transactionTree, [])
const emptyBody = Body.encode({ transactions: [] })

export function buildBlock(sim: Builder, instance: Instance, request: BuildRequest): void {
  const { generation } = instance
  const waitMs = Math.max(0, request.notBeforeMs - instance.nowMs)
  let isBegun = false
  const begin = (): void => {
    if (isBegun) return
    if (instance.generation !== generation || instance.state.view !== request.view) return
    isBegun = true
    if (sim.ledger !== undefined) {
      sim.ledger.build(instance, request)
      return
    }
    const begunUs = sim.queue.nowUs
    const payload = sim.load ?? sim.evidence
    const body = payload?.body(instance, request) ?? emptyBody
    const costUs = sim.costs.execute + (sim.load?.executeUs(body) ?? 0)
    instance.take(() => built(sim, instance, { request, body }, begunUs), costUs)
  }
  sim.queue.after(waitMs * 1000, begin)
  const paced = sim.ledger?.paced ?? sim.evidence?.paced
  paced?.wait(instance, request, begin)
}

function built(
  sim: Builder,
  instance: Instance,
  { request, body }: { readonly request: BuildRequest; readonly body: Uint8Array },
  begunUs: number,
): Input {
  const { env } = instance
  const timeMs = Math.max(instance.nowMs, request.parentTimeMs + 1)
  const parent = unhex(request.parent)
  const header = Header.encode({
    version: protocol.version,
    chainId: env.chainId,
    epoch: env.epoch,
    height: request.parentHeight + 1,
    view: request.view,
    parent: parent.ok ? parent.value : zero,
    timeMs,
    seat: request.seat,
    parentStateRoot: zero,
    parentReceiptsRoot: zero,
    transactionsRoot: body === emptyBody ? emptyRoot : rootOf(body),
    justification: request.justification,
    committeeRoot: env.committeeRoot,
    nextCommitteeRoot: none,
    enrolmentRoot: none,
  })
  const block = { view: request.view, epoch: env.epoch, leader: instance.id, begunUs }
  const key = hex(hash('header', header))
  sim.metrics.begun(key, block)
  sim.load?.note(key, body)
  return {
    type: 'built',
    nowMs: instance.nowMs,
    view: request.view,
    header,
    body,
    isBoundary: sim.isBoundary(timeMs, env.epoch),
  }
}

function rootOf(body: Uint8Array): Uint8Array {
  return merkleRoot(transactionTree, Body.decode(body).transactions)
}
