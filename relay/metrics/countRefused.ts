/** A transport whose penalties are counted by code (NET-5, OPS-1). */

import type { NetworkTransport } from '../../src/adapters/network/options.ts'
import { RefusedCounters } from '../../src/node/refusedCounters.ts'
import type { RelayMetrics } from './metrics.ts'

export function countRefused(
  transport: NetworkTransport,
  { peersRefused }: Pick<RelayMetrics, 'peersRefused'>,
): NetworkTransport {
  const labels = new RefusedCounters()
  return {
    ...transport,
    penalise: (peer, code) => {
      peersRefused.inc({ code: labels.count(code) })
      transport.penalise(peer, code)
    },
  }
}
