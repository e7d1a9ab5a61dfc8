/** What the relay counts, in one registry with libp2p's figures (OPS-1); names carry their unit. */

import { Counter, Gauge, Histogram, type Registry } from 'prom-client'

export interface RelayMetrics {
  readonly registry: Registry
  readonly archiveHeight: Gauge
  readonly archiveDatabaseUp: Gauge
  readonly archiveBlocks: Counter
  readonly archiveTransactions: Counter
  readonly archiveAppendSeconds: Histogram
  readonly archiveRefused: Counter<'code'>
  readonly peersRefused: Counter<'code'>
  readonly requestSeconds: Histogram<'method' | 'route' | 'status'>
  readonly limitedRequests: Counter
  readonly eventClients: Gauge
}

export function makeMetrics(registry: Registry): RelayMetrics {
  const registers = [registry]
  return {
    registry,
    archiveHeight: new Gauge({
      name: 'emo_archive_height',
      help: 'Height of the newest block in the archive.',
      registers,
    }),
    archiveDatabaseUp: new Gauge({
      name: 'emo_archive_database_up',
      help: '1 while the archive has its database.',
      registers,
    }),
    archiveBlocks: new Counter({
      name: 'emo_archive_blocks_total',
      help: 'Blocks written since the relay started.',
      registers,
    }),
    archiveTransactions: new Counter({
      name: 'emo_archive_transactions_total',
      help: 'Transactions written since the relay started.',
      registers,
    }),
    archiveAppendSeconds: new Histogram({
      name: 'emo_archive_append_seconds',
      help: 'Time to make a batch of blocks durable.',
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
      registers,
    }),
    archiveRefused: new Counter({
      name: 'emo_archive_refused_total',
      help: 'Blocks refused, by code.',
      labelNames: ['code'] as const,
      registers,
    }),
    peersRefused: new Counter({
      name: 'emo_peers_refused_total',
      help: 'What peers sent that was refused, and peers of another chain, by code.',
      labelNames: ['code'] as const,
      registers,
    }),
    requestSeconds: new Histogram({
      name: 'emo_http_request_seconds',
      help: 'Time to answer an HTTP request.',
      labelNames: ['method', 'route', 'status'] as const,
      buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5],
      registers,
    }),
    limitedRequests: new Counter({
      name: 'emo_http_limited_total',
      help: 'Requests answered with 429.',
      registers,
    }),
    eventClients: new Gauge({
      name: 'emo_events_clients',
      help: 'Clients that follow /events.',
      registers,
    }),
  }
}
