/**
 * What is cached on first use: files whose name pins their bytes.
 *
 * `/assets/*` carries a hash of the build; `/circuits/*?sha256=<hex>` is kept only when the bytes
 * have that hash, and refused when they have not (ZK-2).
 */

const assetCache = 'emo-assets-v1'
const circuitCache = 'emo-circuits-v1'

export function answerFromCaches(request: Request): Promise<Response> | undefined {
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== location.origin) return undefined
  if (url.pathname.startsWith('/assets/')) return cacheFirst(request)
  const sha256 = url.searchParams.get('sha256')
  if (!url.pathname.startsWith('/circuits/') || sha256 === null) return undefined
  return checkedFirst(request, sha256)
}

async function cacheFirst(request: Request): Promise<Response> {
  const cache = await caches.open(assetCache)
  const known = await cache.match(request, { ignoreVary: true })
  if (known !== undefined) return known
  const response = await fetch(request)
  if (response.ok) await keep(cache, request, response.clone())
  return response
}

async function checkedFirst(request: Request, sha256: string): Promise<Response> {
  const cache = await caches.open(circuitCache)
  const known = await cache.match(request, { ignoreVary: true })
  if (known !== undefined) return known
  const response = await fetch(request)
  if (!response.ok) return response
  const bytes = await response.arrayBuffer()
  if ((await digestHex(bytes)) !== sha256) {
    return new Response('The artifact does not have the hash that the page asked for.', {
      status: 502,
      headers: { 'content-type': 'text/plain' },
    })
  }
  const checked = new Response(bytes, { headers: response.headers })
  await keep(cache, request, checked.clone())
  return checked
}

/** A full disk must not break the answer itself. */
async function keep(cache: Cache, request: Request, response: Response): Promise<void> {
  try {
    await cache.put(request, response)
  } catch {
    // Next time it is fetched again.
  }
}

async function digestHex(bytes: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
