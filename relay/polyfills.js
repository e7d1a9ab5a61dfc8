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

globalThis.WebSocket ??= (await import('ws')).WebSocket
