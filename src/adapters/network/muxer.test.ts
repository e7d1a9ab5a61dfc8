import { createLibp2p, type Libp2p } from 'libp2p'
import { noise } from '@libp2p/noise'
import { webSockets } from '@libp2p/websockets'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { guardedYamux } from './muxer.ts'

const protocol = '/emo/test/1.0.0'
const hosts: Libp2p[] = []

async function open(): Promise<Libp2p> {
  const host = await createLibp2p({
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0/ws'] },
    transports: [webSockets()],
    connectionEncrypters: [noise()],
    streamMuxers: [guardedYamux()],
    connectionGater: { denyDialMultiaddr: () => false },
  })
  hosts.push(host)
  return host
}

beforeAll(async () => {
  const [, server] = [await open(), await open()]
  await server.handle(protocol, (stream) => {
    stream.addEventListener('message', ({ data }) => stream.send(data))
  })
})

afterAll(async () => {
  for (const host of hosts) await host.stop()
})

const connect = async (): Promise<Awaited<ReturnType<Libp2p['dial']>>> => {
  const [client, server] = hosts
  if (client === undefined || server === undefined) throw new Error('two hosts are open')
  return client.dial(server.getMultiaddrs())
}

it('NET-6 carries a stream there and back', async () => {
  const stream = await (await connect()).newStream(protocol)
  const answer = new Promise<string>((resolve) => {
    stream.addEventListener('message', ({ data }) => {
      resolve(new TextDecoder().decode(data.subarray()))
    })
  })
  stream.send(new TextEncoder().encode('there'))
  expect(await answer).toBe('there')
  await stream.close()
})

// An exception that nobody caught fails the whole run, as it ends a validator.
it('NET-6 a connection that ends while a stream is opened fails that stream alone', async () => {
  const connection = await connect()
  const opening = connection.newStream(protocol)
  connection.abort(new Error('the peer went away'))
  await expect(opening).rejects.toThrow()
})
