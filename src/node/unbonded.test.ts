/** Who took the bond back, with real proofs over real nodes: no proof and no READY (STAKE-1). */
import { describe, expect, it } from 'vitest'
import { ensureTimeoutMs } from '../../circuits/tests/artifacts.fixture.ts'
import { read, readSingle } from '../core/ledger/state.ts'
import { epochRecord, readyEntries } from '../core/ledger/tables.ts'
import { validatorOf } from '../core/ledger/validators.ts'
import { phasesOf } from '../core/params.ts'
import { CountingProver, preparePerson, restPulse } from './person.fixture.ts'
import { troublesOf, until } from './testNodes.fixture.ts'

/** A proof that is begun in the first two thirds is made long before the end. */
const epochMs = 45_000
const { readyUntilMs } = phasesOf({ epochMs })

const prover = new CountingProver()
const startPerson = preparePerson(prover)

describe('STAKE-1, READY-1: a validator who took the bond back', () => {
  it(
    'sends no READY, not even one that is proven and waits, and proves nothing more',
    async () => {
      const { nodes, node, service, account, unlock } = await startPerson(epochMs)
      await unlock()
      const state = () => node.chain.tip.state
      const isLateIn = (epoch: number): boolean => {
        const record = readSingle(state(), epochRecord)
        return record.epoch === epoch && record.open && Date.now() - record.startMs > readyUntilMs
      }

      // Too late for the next epoch: what it proves now is for the one after, and waits.
      await until(() => isLateIn(0))
      expect(prover.asked).toBe(0)
      service.setPulse(restPulse)
      await until(() => prover.made === 1)
      expect(node.chain.epoch).toBe(0)
      expect(await service.command({ type: 'unbond' })).toEqual({ ok: true })
      await until(() => validatorOf(state(), account)?.bondedMicro === 0n)

      // In the next epoch it would send that READY at once, or make another.
      const isReady = (): boolean => read(state(), readyEntries, account) !== undefined
      await until(() => isReady() || isLateIn(1), 90_000)
      expect(isReady()).toBe(false)
      expect(service.snapshot().duty).toEqual({ state: 'absent', reason: 'UNBONDED' })
      expect(service.snapshot().lastProof).toBeUndefined()
      const notices = nodes.running[4]?.events.filter(({ type }) => type === 'notice')
      expect(notices).toEqual([{ type: 'notice', text: 'no READY for 1: NO_SENSOR' }])
      expect(prover.asked).toBe(1)
      expect(troublesOf(nodes.running)).toEqual([])
    },
    ensureTimeoutMs,
  )
})
