/**
 * The second thread of a proof: a dedicated worker that the prover's worker starts (ZK-12). It
 * loads no file and keeps nothing but the tables that it is handed.
 */

import type { FromThread, ToThread } from './protocol.ts'
import { SumServer } from './sumServer.ts'

/** What this needs of a worker's global scope. */
interface SumScope {
  onmessage: ((event: { readonly data: ToThread }) => void) | null
  postMessage(reply: FromThread): void
}

const scope = globalThis as unknown as SumScope
const server = new SumServer((reply) => scope.postMessage(reply))

scope.onmessage = ({ data }) => server.take(data)
