/** What is said of peers that are not of the chain of this page (UX-2, ENC-2). */

import type { StrangerCode } from '../node/sameChain.ts'
import type { Words } from './words.ts'

/** ENC-2: what most peers are, when that is not the chain of this page. */
export const strangerWords: Readonly<Record<StrangerCode, Words>> = {
  PEER_NEWER: {
    sentence: 'Most peers speak a newer version of the protocol than this page.',
    next: 'Reload the page for the newest version.',
  },
  PEER_OLDER: {
    sentence: 'Most peers speak an older version of the protocol than this page.',
    next: 'Nothing to do here: they can join when their owners reload.',
  },
  PEER_OTHER_GENESIS: {
    sentence: 'Most peers belong to another chain that has the same name.',
    next: 'Check the address of this page, and ask who runs your network which chain is meant.',
  },
}
