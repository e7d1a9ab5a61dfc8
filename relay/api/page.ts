/** Serves the built page (architecture.md): pre-compressed files, names with a hash for ever. */

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Api } from './typebox.ts'

/** Vite writes the hash of a file's content into its name. */
const hashedName = /[/\\]assets[/\\][^/\\]+-[A-Za-z0-9_-]{8}\.[a-z0-9]+(\.br|\.gz)?$/

export async function addPage(api: Api, webDirectory: string): Promise<void> {
  await api.register(fastifyStatic, {
    root: webDirectory,
    preCompressed: true,
    cacheControl: false,
    // The not-found handler decides what is a place in the page.
    wildcard: true,
    setHeaders(response, path) {
      const isHashed = hashedName.test(path)
      void response.header(
        'cache-control',
        isHashed ? 'public, max-age=31536000, immutable' : 'no-cache',
      )
    },
  })
}

/** A path without a file name is a place in the page, which finds its way itself. */
export async function servePlace(
  request: FastifyRequest,
  reply: FastifyReply,
  webDirectory: string | undefined,
): Promise<boolean> {
  const path = request.url.split('?')[0] ?? ''
  const last = path.slice(path.lastIndexOf('/') + 1)
  const wantsPage = request.headers.accept?.includes('text/html') === true
  if (webDirectory === undefined || request.method !== 'GET' || last.includes('.') || !wantsPage) {
    return false
  }
  if (existsSync(join(webDirectory, 'index.html'))) {
    await reply.sendFile('index.html')
    return true
  }
  await reply.code(503).send({
    code: 'PAGE_NOT_BUILT',
    message: 'The page is not built yet.',
    fix: 'Run `npm run build`; while it runs, load this again.',
  })
  return true
}
