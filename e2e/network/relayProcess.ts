/**
 * A relay in its own process, for tests that kill it: `node scripts/run.js
 * e2e/network/relayProcess.ts DIR PORT CHAIN`.
 *
 * Prints its addresses as one line of JSON when it is ready.
 */
import { createRelayNode } from '../../relay/network/relayNode.ts'
import { testClock, testRandom } from './platform.ts'

const [dataDir, port, chainId] = process.argv.slice(2)
if (dataDir === undefined || port === undefined || chainId === undefined) {
  throw new Error('usage: relayProcess.ts DIR PORT CHAIN')
}
const relay = await createRelayNode({
  chainId,
  dataDir,
  host: '127.0.0.1',
  wsPort: Number(port),
  webRtcPort: Number(port) === 0 ? 0 : Number(port) + 1,
  clock: testClock,
  random: testRandom,
})
process.stdout.write(`${JSON.stringify({ peer: relay.self, addresses: relay.addresses() })}\n`)
