/** Questions to the API of the relay that served this page (API-1). */

const answerMsMax = 10_000

/** Throws when the relay does not answer or refuses. */
export async function askRelay(path: string): Promise<unknown> {
  const response = await fetch(path, {
    headers: { accept: 'application/json' },
    signal: AbortSignal.timeout(answerMsMax),
  })
  if (!response.ok) throw new Error(`The relay answered ${response.status} to ${path}.`)
  return response.json()
}
