/** What seats of the simulated agreement send each other. */
import type { Certificate, Proposal, Vote } from '../../src/core/codec/chain.ts'

export type Message =
  | { readonly type: 'proposal'; readonly proposal: Proposal }
  | { readonly type: 'vote'; readonly vote: Vote }
  | { readonly type: 'certificate'; readonly certificate: Certificate }
