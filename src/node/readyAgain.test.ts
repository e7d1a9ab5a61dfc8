/** A READY that this node's verifier did not judge at once, with a real proof over real nodes. */
import { describe, expect, it } from 'vitest'
import { ensureTimeoutMs } from '../../circuits/tests/artifacts.fixture.ts'
import { read } from '../core/ledger/state.ts'
import { readyEntries } from '../core/ledger/tables.ts'
import type { Prover } from '../ports/prover.ts'
import { CountingProver, preparePerson, restPulse } from './person.fixture.ts'
import { troublesOf, until } from './testNodes.fixture.ts'

const prover = new CountingProver()
const startPerson = preparePerson(prover)

describe('ZK-5: a proof in time is not lost for a verifier that is busy', () => {
  it(
    'is sent again with the next block, while READY is open',
    async () => {
      let asked = 0
      const busyOnce: Prover = {
        prove: prover.prove,
        close: () => prover.close(),
        verify: (...claim) => {
          asked += 1
          if (asked > 1) return prover.verify(...claim)
          return Promise.resolve({ ok: false, error: { code: 'PROVER_BUSY' } })
        },
      }
      const refused: number[] = []
      const person = await startPerson(60_000, busyOnce)
      const { nodes, node: own, service, account, unlock } = person
      service.setPulse(restPulse)
      await service.command({ type: 'scoreMode', mode: 'threshold' })
      await unlock()
      own.events.on((event) => {
        const isOurs = event.type === 'notice' && event.text.startsWith('READY refused')
        if (isOurs) refused.push(own.chain.epoch)
      })
      const entry = (): unknown => read(own.chain.tip.state, readyEntries, account)
      await until(() => entry() !== undefined, 150_000)
      expect(refused).toEqual([own.chain.epoch])
      expect(service.snapshot().lastProof).toMatchObject({ accepted: true })
      expect(troublesOf(nodes.running)).toEqual([])
    },
    ensureTimeoutMs,
  )
})
