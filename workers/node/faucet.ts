/** Asks the relay's faucet for funds of a devnet. */
import { hex } from '../../src/core/base/bytes.ts'
import { err, ok, type Result } from '../../src/core/base/result.ts'

const timeoutMs = 15_000

export function faucetAt(url: string): (account: Uint8Array) => Promise<Result<undefined, string>> {
  return async (account) => {
    try {
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ account: hex(account) }),
        signal: AbortSignal.timeout(timeoutMs),
      })
      return answer.ok ? ok(undefined) : err(await messageOf(answer))
    } catch (error) {
      return err(error instanceof Error ? error.message : 'the faucet did not answer')
    }
  }
}

async function messageOf(answer: Response): Promise<string> {
  const body: unknown = await answer.json().catch(() => undefined)
  const hasMessage = typeof body === 'object' && body !== null && 'message' in body
  return hasMessage ? String(body.message).slice(0, 200) : `status ${String(answer.status)}`
}
