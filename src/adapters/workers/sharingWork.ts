/** The sharing's cryptography in a page: a dedicated worker behind the port (BEACON-2). */
import type { SharingWork } from '../../ports/sharingWork.ts'
import { SharingLane, sharingWorkOf } from '../../../workers/sharing/lane.ts'
import type { SharingChannel, SharingOutcome } from '../../../workers/sharing/protocol.ts'

/** Starts its worker when first needed. */
export function createWorkerSharingWork(): SharingWork {
  return sharingWorkOf(new SharingLane(openWorker))
}

function openWorker(): SharingChannel {
  const worker = new Worker(new URL('../../../workers/sharing/worker.ts', import.meta.url), {
    type: 'module',
    name: 'sharing',
  })
  return {
    post: (task) => worker.postMessage(task),
    listen(onOutcome, onCrash) {
      worker.onmessage = (event: MessageEvent<SharingOutcome>) => onOutcome(event.data)
      worker.onerror = (event) => onCrash(event.message || 'the worker could not be started')
      worker.onmessageerror = () => onCrash('a message could not be read')
    },
    terminate: () => worker.terminate(),
  }
}
