/**
 * Whether a port can be had: asked before the network starts, to say in words which one is taken.
 */

import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'
import { ok, type Result } from '../src/core/base/result.ts'
import { listenFailure } from './api/server.ts'
import type { Failure } from './failure.ts'

export async function checkTcpPort(
  host: string,
  port: number,
  flag: string,
): Promise<Result<undefined, Failure>> {
  return await new Promise((resolve) => {
    const server = createServer()
    server.once('error', (thrown) => {
      resolve(listenFailure(thrown, host, port, flag))
    })
    server.listen({ host, port, exclusive: true }, () => {
      server.close(() => {
        resolve(ok(undefined))
      })
    })
  })
}

export async function checkUdpPort(
  host: string,
  port: number,
  flag: string,
): Promise<Result<undefined, Failure>> {
  return await new Promise((resolve) => {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4')
    socket.once('error', (thrown) => {
      socket.close()
      resolve(listenFailure(thrown, host, port, flag))
    })
    socket.bind({ address: host, port, exclusive: true }, () => {
      socket.close(() => {
        resolve(ok(undefined))
      })
    })
  })
}
