import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'

let server: Server

beforeAll(async () => {
  server = createServer()
  server.on('upgrade', (_, socket) => {
    socket.end('HTTP/1.1 503 Service Unavailable\r\n\r\n')
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
})

afterAll(() => {
  server.close()
})

it('NET-5 a dial that nobody waits for may fail without taking the process along', async () => {
  const { port } = server.address() as AddressInfo
  const uncaught: unknown[] = []
  const keep = (thrown: unknown): void => void uncaught.push(thrown)
  process.on('uncaughtException', keep)
  // Whoever gave up has removed its listeners, as libp2p does when its dial is aborted.
  new WebSocket(`ws://127.0.0.1:${port}/`)
  await new Promise<void>((done) => server.once('upgrade', () => setTimeout(done, 200)))
  process.off('uncaughtException', keep)
  expect(uncaught).toEqual([])
})
