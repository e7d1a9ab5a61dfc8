/** The names under which `oneProcess.js` and the thread of the tests speak to each other. */

export function orders(pid) {
  return `emo-mutation-orders-${String(pid)}`
}

export function reports(pid) {
  return `emo-mutation-reports-${String(pid)}`
}
