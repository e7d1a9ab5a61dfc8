/** What the network did, for metrics: nothing that NET-6 drops is dropped silently. */
export interface NetworkCounters {
  bytesIn: number
  bytesOut: number
  gossipIn: number
  gossipOut: number
  gossipIgnored: number
  gossipRejected: number
  gossipDropped: number
  directIn: number
  directOut: number
  directDropped: number
  requestsIn: number
  requestsOut: number
  requestsFailed: number
  requestsRefused: number
  framesInvalid: number
  dialsOk: number
  dialsFailed: number
  peersBlocked: number
}

export function newCounters(): NetworkCounters {
  return {
    bytesIn: 0,
    bytesOut: 0,
    gossipIn: 0,
    gossipOut: 0,
    gossipIgnored: 0,
    gossipRejected: 0,
    gossipDropped: 0,
    directIn: 0,
    directOut: 0,
    directDropped: 0,
    requestsIn: 0,
    requestsOut: 0,
    requestsFailed: 0,
    requestsRefused: 0,
    framesInvalid: 0,
    dialsOk: 0,
    dialsFailed: 0,
    peersBlocked: 0,
  }
}
