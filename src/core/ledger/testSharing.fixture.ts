/** What the seats of a test chain say in the sharing, with real keys, and who judges it. */
import { assert } from '../base/assert.ts'
import { equalBytes } from '../base/bytes.ts'
import { EvidenceKind, type Committee, type SharingPart } from '../codec/chain.ts'
import { Deal, DealOpening, DealShares } from '../codec/sharing.ts'
import { hash } from '../crypto/hash.ts'
import { decryptShares } from '../crypto/pvss/decryptShares.ts'
import { makeDeal } from '../crypto/pvss/makeDeal.ts'
import { openDeal } from '../crypto/pvss/openDeal.ts'
import type { Sharing } from '../crypto/pvss/sharing.ts'
import { verifyDeal } from '../crypto/pvss/verifyDeal.ts'
import { verifyOpening } from '../crypto/pvss/verifyOpening.ts'
import { verifyShares } from '../crypto/pvss/verifyShares.ts'
import { committeeRoot } from '../committee/handOver.ts'
import { sharingOf } from './sharing/committeeSharing.ts'
import { keptDeal } from './sharing/roundState.ts'
import { sharingQuestion } from './sharing/question.ts'
import { read, readSingle } from './state.ts'
import { committees, epochRecord } from './tables.ts'
import {
  signed,
  testSharingKey,
  testSharingSeeds,
  unsigned,
  type TestChain,
  type TestKeys,
} from './testChain.fixture.ts'
import type { DecodedTransaction } from './transactionBytes.ts'

const none = new Uint8Array(0)
const noParts = { deal: none, opening: none, shares: none }

/** The seats of a committee with their secrets; who stays on has those of an older epoch. */
export interface TestSeats {
  readonly sharing: Sharing
  readonly root: Uint8Array
  readonly keys: (seat: number) => TestKeys
  readonly seeds: (seat: number) => ReturnType<typeof testSharingSeeds>
}

export function seatsOf(chain: TestChain): TestSeats {
  const { epoch } = readSingle(chain.state, epochRecord)
  const committee = read(chain.state, committees, epoch)
  assert(committee !== undefined, 'the running epoch has a committee')
  const sharing = sharingOf(chain.genesis.chainId, committee)
  assert(sharing !== undefined, 'the keys of a test chain are keys')
  const indexOf = (seat: number): number =>
    chain.keys.findIndex(({ account }) => equalBytes(account, memberOf(committee, seat).validator))
  return {
    sharing,
    root: committeeRoot(committee),
    keys: (seat) => {
      const keys = chain.keys[indexOf(seat)]
      assert(keys !== undefined, 'seats have test keys')
      return keys
    },
    seeds: (seat) => {
      const index = indexOf(seat)
      const made = [epoch, ...Array.from({ length: epoch }, (_, at) => at), 500 + epoch].find(
        (at) => equalBytes(testSharingKey(index, at), memberOf(committee, seat).sharingKey),
      )
      assert(made !== undefined, 'the sharing key of a seat is a test key')
      return testSharingSeeds(index, made)
    },
  }
}

export function partOf(
  chain: TestChain,
  seat: number,
  part: Partial<SharingPart>,
): DecodedTransaction {
  const { root, keys } = seatsOf(chain)
  const { epoch } = readSingle(chain.state, epochRecord)
  const sharing = { committeeRoot: root, ...noParts, ...part }
  return signed(chain, keys(seat), { sharing }, { expiryEpoch: epoch })
}

export function dealOf(
  chain: TestChain,
  seat: number,
  change: (deal: Deal) => Deal = (deal) => deal,
): DecodedTransaction {
  const { sharing, seeds } = seatsOf(chain)
  const deal = makeDeal(sharing, seat, seeds(seat).dealSeed)
  return partOf(chain, seat, { deal: Deal.encode(change(deal)) })
}

export function openingOf(chain: TestChain, seat: number): DecodedTransaction {
  const { sharing, seeds } = seatsOf(chain)
  const opening = openDeal(sharing, seat, seeds(seat).dealSeed)
  return partOf(chain, seat, { opening: DealOpening.encode(opening) })
}

/** The shares of `seat` of the deal of `dealer`, which the state holds. */
export function sharesOf(
  chain: TestChain,
  dealer: number,
  seat: number,
  change: (shares: DealShares) => DealShares = (shares) => shares,
): DecodedTransaction {
  const { sharing, seeds } = seatsOf(chain)
  const deal = keptDeal(chain.state, dealer, sharing.epoch)
  assert(deal !== undefined, 'the deal counts')
  const key = { seat, seed: seeds(seat).keySeed, randomness: hash('message') }
  const shares = decryptShares(sharing, deal, key)
  assert(shares.ok, 'the deal was judged')
  return partOf(chain, seat, { shares: DealShares.encode(change(shares.value)) })
}

export function wrongSharingOf(chain: TestChain, first: Uint8Array): DecodedTransaction {
  const others = { header: none, justification: none, parentHeader: none, statement: none }
  const shown = { first, second: none, ...others }
  return unsigned(chain, { evidence: { kind: EvidenceKind.E8_WRONG_SHARING, ...shown } })
}

/** Judges what the chain at its present state would ask about these, and remembers it. */
export function judged(chain: TestChain, transactions: readonly DecodedTransaction[]): TestChain {
  const known = new Map<string, boolean>()
  const { sharing } = seatsOf(chain)
  for (const transaction of transactions) {
    const question = sharingQuestion(chain.state, transaction, chain.env.verifier)
    if (question === undefined) continue
    const { key, object } = question
    if (object.kind === 'deal') known.set(key, verifyDeal(sharing, object.deal).ok)
    if (object.kind === 'opening') known.set(key, verifyOpening(object.deal, object.opening).ok)
    if (object.kind === 'shares')
      known.set(key, verifyShares(sharing, object.deal, object.shares).ok)
  }
  const { verdicts } = chain.env
  const partIsRight = (key: string): boolean | undefined => known.get(key)
  const partIsWrong = (key: string): boolean | undefined => {
    const isRight = known.get(key)
    return isRight === undefined ? undefined : !isRight
  }
  return { ...chain, env: { ...chain.env, verdicts: { ...verdicts, partIsRight, partIsWrong } } }
}

function memberOf({ seats }: Committee, seat: number): Committee['seats'][number] {
  const member = seats[seat]
  assert(member !== undefined, 'the committee has that seat')
  return member
}
