/**
 * The signature worker (SIG-1): a dedicated worker of the page, and in Node the body of a thread.
 * Only what both worlds have is used here, so that both run the same code.
 */

import { webRandom } from '../../src/adapters/keys/webRandom.ts'
import { BatchVerifier } from './batch/batchVerifier.ts'
import { unpackTask, type SignatureReply, type SignatureTask } from './protocol.ts'

/** Of a worker's global scope; `src/adapters/node/signaturesThread.ts` makes one. */
interface SignatureScope {
  onmessage: ((event: { readonly data: SignatureTask }) => void) | null
  postMessage(reply: SignatureReply): void
}

const scope = globalThis as unknown as SignatureScope
let verifier: BatchVerifier | undefined

scope.onmessage = ({ data }) => {
  scope.postMessage(answer(data))
}

function answer(task: SignatureTask): SignatureReply {
  try {
    verifier ??= new BatchVerifier(webRandom)
    const verdicts = verifier.verify(unpackTask(task)).map(Number)
    return { kind: 'verdicts', verdicts: Uint8Array.from(verdicts) }
  } catch (error) {
    // Its memory may be in any state.
    verifier = undefined
    return { kind: 'crashed', reason: String(error).slice(0, 200) }
  }
}
