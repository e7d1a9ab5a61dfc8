/** What a relay's API answers, from the recorded scenes: for tests of the page alone. */

import type { ServerResponse } from 'node:http'
import { scene } from './scenes.ts'
import type { Answer } from './serve.ts'

export function recordedRelay(): Answer {
  const { feed } = scene('visitor', Date.now())
  const { epoch } = feed
  const previous =
    epoch === undefined ? [] : [{ epoch: epoch.epoch - 1, startMs: epoch.startMs - 30_400 }]
  const answers: Readonly<Record<string, unknown>> = {
    '/genesis': { chainId: 'emo-devnet-1', isDevnet: true },
    '/blocks': { items: feed.blocks.slice(0, 20), next: null },
    '/epochs': { items: [epoch, ...previous], next: null },
    [`/epochs/${String(epoch?.epoch)}`]: { ...epoch, ready: [] },
  }
  return (path, response) => {
    if (path === '/events') return stream(response)
    const answer = answers[path]
    if (answer === undefined) return false
    response.setHeader('Content-Type', 'application/json')
    response.end(JSON.stringify(answer))
    return true
  }
}

function stream(response: ServerResponse): boolean {
  response.setHeader('Content-Type', 'text/event-stream')
  response.write('retry: 2000\n\n')
  return true
}
