/**
 * The page while `npm start` prepares: what is being made and how long it took so far. It reloads
 * itself until the relay serves the real page on the same port.
 */
import { createServer } from 'node:http'

export interface Preparation {
  /** The newest line of a step. */
  note(step: string, line: string): void
  close(): Promise<void>
}

/** Undefined when the port is in use. */
export async function servePreparation(port: number): Promise<Preparation | undefined> {
  const notes = new Map<string, string>()
  const startedMs = Date.now()
  const server = createServer((_request, response) => {
    response.writeHead(503, {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'retry-after': '2',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
    })
    response.end(preparationPage(notes, Date.now() - startedMs))
  })
  const isListening = await new Promise<boolean>((done) => {
    server.once('error', () => {
      done(false)
    })
    server.listen(port, '127.0.0.1', () => {
      done(true)
    })
  })
  if (!isListening) return undefined
  return {
    note: (step, line) => notes.set(step, line),
    close: () =>
      new Promise((done) => {
        server.close(() => {
          done()
        })
        server.closeAllConnections()
      }),
  }
}

function preparationPage(notes: ReadonlyMap<string, string>, tookMs: number): string {
  const rows = [...notes].map(
    ([step, line]) => `<li><b>${escaped(step)}</b><br>${escaped(line)}</li>`,
  )
  const seconds = String(Math.round(tookMs / 1000))
  return `<!doctype html><html lang="en"><meta charset="utf-8">
<meta http-equiv="refresh" content="2">
<meta name="viewport" content="width=device-width"><title>EmotionalChain is preparing</title>
<style>body{font:17px/1.5 system-ui,sans-serif;background:#faf8f4;color:#1d2126;
max-width:34rem;margin:12vh auto;padding:0 1.25rem}
h1{font-size:30px;margin:0 0 .5rem}p,li{color:#5d636b}b{color:#1d2126}
ul{list-style:none;padding:0}li{padding:.75rem 0;border-top:1px solid #e8e3d9}
@media(prefers-color-scheme:dark){body{background:#121417;color:#eceef0}
p,li{color:#a6adb5}b{color:#eceef0}li{border-color:#2b2f35}}</style>
<h1>Preparing your devnet.</h1>
<p>The first start makes proving keys and builds the page: about a minute. Later
starts take seconds. ${seconds} s so far; this page continues by itself.</p>
<ul>${rows.join('')}</ul></html>`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
