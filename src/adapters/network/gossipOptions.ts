/**
 * How gossip is configured (NET-2): strict signing, ids by content, scoring, every limit explicit.
 *
 * Two settings follow from running in browsers. Peers reached over WebRTC carry their relay's IP
 * address in their multiaddr, so the penalty for many peers behind one address stays off. And the
 * mesh-delivery penalty stays off until it can tell a silent peer from a silent network: in an
 * outage it would prune everyone at once.
 */
import { TopicValidatorResult, type GossipsubOpts } from '@libp2p/gossipsub'
import { createTopicScoreParams, type TopicScoreParams } from '@libp2p/gossipsub/score'
import { sha256 } from '@noble/hashes/sha2.js'
import { transportLimits, type PeerId, type Topic, type Verdict } from '../../ports/transport.ts'
import { utf8 } from '../../core/base/bytes.ts'
import { topicName } from './protocols.ts'

export const gossipLimits = {
  /** One answer to an IWANT may carry several messages. */
  rpcBytesMax: 8 * transportLimits.gossipBytesMax,
  sendBufferBytesMax: 16 * transportLimits.gossipBytesMax,
  topicsPerPeerBytesMax: 64 * 1024,
  /** Verdicts awaited at once; what comes on top is ignored and counted. */
  pendingVerdictsMax: 256,
  verdictTimeoutMs: 5_000,
} as const

export const results: Record<Verdict, TopicValidatorResult> = {
  accept: TopicValidatorResult.Accept,
  ignore: TopicValidatorResult.Ignore,
  reject: TopicValidatorResult.Reject,
}

export function gossipOptions(
  chainId: string,
  topics: readonly Topic[],
  appScore: (peer: PeerId) => number,
): Partial<GossipsubOpts> {
  const names = topics.map((topic) => topicName(chainId, topic))
  return {
    globalSignaturePolicy: 'StrictSign',
    msgIdFn: (message) => contentId(message.topic, message.data),
    allowedTopics: names,
    allowPublishToZeroTopicPeers: true,
    ignoreDuplicatePublishError: true,
    fallbackToFloodsub: false,
    emitSelf: false,
    // Own votes go to every peer at once: one hop to all of a small committee.
    floodPublish: true,
    runOnLimitedConnection: true,
    maxInboundDataLength: gossipLimits.rpcBytesMax,
    maxOutboundBufferSize: gossipLimits.sendBufferBytesMax,
    maxTopicBytesPerPeer: gossipLimits.topicsPerPeerBytesMax,
    scoreParams: {
      topics: Object.fromEntries(names.map((name) => [name, topicScore()])),
      topicScoreCap: 50,
      appSpecificScore: (peer) => appScore(peer as PeerId),
      appSpecificWeight: 1,
      IPColocationFactorWeight: 0,
      behaviourPenaltyWeight: -1,
      behaviourPenaltyThreshold: 6,
      behaviourPenaltyDecay: 0.9,
      decayInterval: 1_000,
      decayToZero: 0.01,
      retainScore: 10 * 60_000,
    },
    scoreThresholds: {
      gossipThreshold: -20,
      publishThreshold: -50,
      graylistThreshold: -80,
      acceptPXThreshold: 50,
      opportunisticGraftThreshold: 1,
    },
  }
}

/** The same bytes on the same topic are one message, whoever signed the envelope. */
export function contentId(topic: string, data: Uint8Array): Uint8Array {
  return sha256.create().update(utf8(topic)).update(Uint8Array.of(0)).update(data).digest()
}

function topicScore(): TopicScoreParams {
  return createTopicScoreParams({
    topicWeight: 1,
    timeInMeshWeight: 0.01,
    timeInMeshQuantum: 1_000,
    timeInMeshCap: 100,
    firstMessageDeliveriesWeight: 0.5,
    firstMessageDeliveriesDecay: 0.97,
    firstMessageDeliveriesCap: 20,
    meshMessageDeliveriesWeight: 0,
    meshFailurePenaltyWeight: 0,
    // Squared: four invalid messages within a few seconds cost -80, the graylist.
    invalidMessageDeliveriesWeight: -5,
    invalidMessageDeliveriesDecay: 0.95,
  })
}
