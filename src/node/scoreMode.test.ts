/** What a validator lets its proofs say of its score, with real proofs over real nodes (PRIV-5). */
import { describe, expect, it } from 'vitest'
import { ensureTimeoutMs } from '../../circuits/tests/artifacts.fixture.ts'
import type { ReadyEntry } from '../core/codec/state.ts'
import { scoreWindow } from '../core/emotion/score.ts'
import { claimedBp } from '../core/emotion/scoreMode.ts'
import { read } from '../core/ledger/state.ts'
import { readyEntries } from '../core/ledger/tables.ts'
import {
  CountingProver,
  preparePerson,
  restBaseline,
  restPulse,
  restWindow,
} from './person.fixture.ts'
import { troublesOf, until } from './testNodes.fixture.ts'

const prover = new CountingProver()
const startPerson = preparePerson(prover)

describe('PRIV-5: a claim in steps of 500, on request', () => {
  it(
    'is accepted by every node; back to the threshold, a finer one that waits is not sent',
    async () => {
      const { nodes, service, account, unlock } = await startPerson(60_000)
      service.setPulse(restPulse)
      await service.command({ type: 'scoreMode', mode: 'quantised' })
      await unlock()
      const entries = (): readonly (ReadyEntry | undefined)[] =>
        nodes.running.map(({ node }) => read(node.chain.tip.state, readyEntries, account))
      const thresholdBp = nodes.genesis.parameters?.scoreMin ?? 0
      const { scoreBp } = scoreWindow(restWindow, restBaseline, 'simulated')
      const claimBp = claimedBp('quantised', scoreBp, thresholdBp)
      expect(claimBp).toBeGreaterThan(thresholdBp)

      await until(() => entries().every((entry) => entry !== undefined), 150_000)
      expect(entries().map((entry) => entry?.score)).toEqual(Array(5).fill(claimBp))
      const { epoch = 0 } = nodes.running[0]?.node.chain ?? {}

      // Its READY for the epoch after is proven and waits.
      await until(() => prover.made >= 2, 90_000)
      await service.command({ type: 'scoreMode', mode: 'threshold' })
      const isLater = (): boolean => nodes.running.every(({ node }) => node.chain.epoch > epoch)
      await until(() => isLater() && entries().every((entry) => entry !== undefined), 200_000)
      expect(entries().map((entry) => entry?.score)).toEqual(Array(5).fill(thresholdBp))
      expect(prover.made).toBeGreaterThanOrEqual(3)
      expect(troublesOf(nodes.running)).toEqual([])
    },
    ensureTimeoutMs,
  )
})
