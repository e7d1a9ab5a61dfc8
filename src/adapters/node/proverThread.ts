/**
 * The prover worker's body in a thread of Node.
 *
 * Nothing but an entry: ffjavascript, below snarkjs, loads the package `web-worker`, which gives a
 * thread the global scope of a dedicated worker (`prover.ts` passes the thread data that it asks
 * for). A build puts this file beside the program that uses `prover.ts`, as `proverThread.js`.
 */

import '../../../workers/prover/worker.ts'
