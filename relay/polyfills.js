/**
 * What Node 20 lacks and libp2p needs, added only where it is missing.
 *
 * Imported before anything else by `relay/index.js`, `scripts/run.js` and the unit tests. Plain
 * JavaScript, so that it runs before any TypeScript does. Drop it with the move to Node 22.
 */

Promise.withResolvers ??= function withResolvers() {
  let resolve
  let reject
  const promise = new this((onValue, onError) => {
    resolve = onValue
    reject = onError
  })
  return { promise, resolve, reject }
}

if (globalThis.WebSocket === undefined) {
  const { WebSocket } = await import('ws')
  /**
   * As in browsers, an error that nobody listens for ends this socket and nothing else: a dial that
   * was given up may still fail, and must not take the process with it.
   */
  globalThis.WebSocket = class extends WebSocket {
    constructor(...args) {
      super(...args)
      this.on('error', () => undefined)
    }
  }
}
