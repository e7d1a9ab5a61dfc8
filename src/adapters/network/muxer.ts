/**
 * Yamux that survives the end of its connection.
 *
 * A stream writes some of its frames from a microtask, where nobody can catch anything: the frame
 * that opens it, and what had waited for room. When the connection closes in between, the library
 * throws there, and a whole process ends because one peer went away (js-libp2p issues 3415, 3512).
 * Here such a connection's streams are aborted instead, as its close event would do a moment later.
 */
import type { StreamMuxerFactory } from '@libp2p/interface'
import { yamux } from '@libp2p/yamux'

type Factory = ReturnType<ReturnType<typeof yamux>>
type Muxer = ReturnType<Factory['createStreamMuxer']>

export function guardedYamux(): () => StreamMuxerFactory {
  const create = yamux()
  return () => {
    const factory = create()
    return {
      protocol: factory.protocol,
      createStreamMuxer: (connection) => guard(factory.createStreamMuxer(connection)),
    }
  }
}

function guard(muxer: Muxer): Muxer {
  const send = muxer.send.bind(muxer)
  muxer.send = (bytes) => {
    try {
      return send(bytes)
    } catch (error) {
      if (!(error instanceof Error)) throw error
      if (muxer.status === 'open') muxer.abort(error)
      // Nothing will drain: whoever waits hears that its stream was aborted.
      return true
    }
  }
  return muxer
}
