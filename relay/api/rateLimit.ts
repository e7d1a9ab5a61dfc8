/**
 * API-3: how many requests an address may make, over a window that slides: the times of the last
 * requests are kept, so there is no moment at which a burst counts as new.
 */

export interface RateLimit {
  readonly requestsMax: number
  readonly windowMs: number
}

export interface RateLimiter {
  /** 0 when it may go on, else how long until it may. */
  take(key: string, nowMs: number): number
}

/** Addresses remembered at most; beyond it the one unused for longest is forgotten. */
const keysMax = 10_000

export function makeRateLimiter(limit: RateLimit): RateLimiter {
  const times = new Map<string, number[]>()
  return {
    take(key, nowMs) {
      const known = times.get(key) ?? []
      const recent = known.filter((time) => time > nowMs - limit.windowMs)
      times.delete(key)
      times.set(key, recent)
      const oldestKey = times.keys().next()
      if (times.size > keysMax && oldestKey.done !== true) times.delete(oldestKey.value)
      if (recent.length >= limit.requestsMax) {
        return (recent[0] ?? nowMs) + limit.windowMs - nowMs
      }
      recent.push(nowMs)
      return 0
    },
  }
}

/** One IPv6 customer has a /64, so that is what counts. */
export function addressKey(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/, '')
  if (!plain.includes(':')) return plain
  const [head = '', tail] = plain.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length
  const groups = [...left, ...Array.from({ length: zeros }, () => '0'), ...right]
  return `${groups
    .slice(0, 4)
    .map((group) => parseInt(group, 16).toString(16))
    .join(':')}::/64`
}
