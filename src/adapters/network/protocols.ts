/**
 * Names on the wire: every topic and protocol carries the chain, so chains never mix (NET-2,
 * NET-3).
 */
import type { RequestProtocol, Topic } from '../../ports/transport.ts'

export const topics: readonly Topic[] = [
  ...(['consensus', 'blocks', 'tx', 'ready', 'evidence', 'checkpoint'] as const),
]

/** Peers that speak this protocol offer circuit relay (circuit-relay-v2). */
export const hopProtocol = '/libp2p/circuit/relay/0.2.0/hop'

const chainIdForm = /^[a-z0-9][a-z0-9-]{0,63}$/

/** A chain id is part of protocol names, so it is kept to letters, digits and dashes. */
export function isChainId(text: string): boolean {
  return chainIdForm.test(text)
}

export function topicName(chainId: string, topic: Topic): string {
  return `/emo/${chainId}/${topic}`
}

export function protocolName(
  chainId: string,
  protocol: RequestProtocol | 'direct' | 'peers',
): string {
  return `/emo/${chainId}/${protocol}/1`
}
