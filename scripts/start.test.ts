import { spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from './lib/run.ts'

const data = join(tmpdir(), `emo-start-${String(process.pid)}`)

async function start(port: number): Promise<{ readonly code: number; readonly text: string }> {
  const words = ['scripts/run.js', 'scripts/start.ts', '--port', String(port), '--data', data]
  const child = spawn(process.execPath, words, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')))
  }
  const [code] = (await once(child, 'close')) as [number]
  return { code, text }
}

describe('npm start with a port in use', { timeout: 60_000 }, () => {
  it('names the ports of page and libp2p, says what to do, makes nothing', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    for (const first of [port, port - 1]) {
      const { code, text } = await start(first)
      expect(code).toBe(1)
      expect(text).toContain(`Port ${String(port)} is used by another program on this machine.`)
      expect(text).toContain(`npm start -- --port ${String(first + 100)} (PORT_IN_USE)`)
      expect(text).not.toMatch(/\n\s+at /)
    }
    expect(existsSync(data)).toBe(false)
    server.close()
  })

  it('names the UDP port of WebRTC too, and refuses what is no port', async () => {
    const socket = createSocket('udp4').bind(0, '127.0.0.1')
    await once(socket, 'listening')
    const { port } = socket.address()
    const { code, text } = await start(port - 2)
    expect(code).toBe(1)
    expect(text).toContain(`Port ${String(port)} is used by another program on this machine.`)
    socket.close()
    expect((await start(Number.NaN)).text).toContain('--port NaN is no port')
  })
})
