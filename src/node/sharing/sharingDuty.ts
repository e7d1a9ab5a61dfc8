/**
 * A seat's part in the sharing (BEACON-3 to BEACON-6): it deals when its epoch begins, opens when
 * the block that fixed the set is final, and shows its shares of what others have not opened.
 *
 * Deals follow from a seed that is durable with the epoch key, so a node that starts again in the
 * middle of an epoch makes the same deal and can open it.
 */
import { equalBytes, hex, u64be, utf8 } from '../../core/base/bytes.ts'
import type { SharingPart } from '../../core/codec/chain.ts'
import { Deal, DealOpening, DealShares } from '../../core/codec/sharing.ts'
import type { BeaconRound } from '../../core/committee/beacon/round.ts'
import { roundTimesOf } from '../../core/committee/beacon/roundTimes.ts'
import { committeeRoot } from '../../core/committee/handOver.ts'
import { hash } from '../../core/crypto/hash.ts'
import type { SharingInput } from '../../core/crypto/pvss/sharing.ts'
import { sharingInputOf } from '../../core/ledger/sharing/committeeSharing.ts'
import { dealHash } from '../../core/ledger/sharing/part.ts'
import { roundOf } from '../../core/ledger/sharing/roundState.ts'
import { read, readSingle } from '../../core/ledger/state.ts'
import { epochRecord, parameters, sharingDeals } from '../../core/ledger/tables.ts'
import type { SharingSecrets } from '../../ports/signer.ts'
import type { Chain } from '../chain.ts'
import { duty } from '../duty/ownTransactions.ts'
import { committeeOf } from '../epochEnv.ts'
import type { RunningEpoch } from '../epochRunner.ts'
import type { ActingSigner, MayAct } from '../mayAct.ts'
import type { NodeEvents } from '../nodeEvents.ts'
import { SerialQueue } from '../serialQueue.ts'
import type { SharingCrypto } from './crypto.ts'

/** What it needs of its node. */
interface Host {
  readonly chain: Chain
  readonly events: NodeEvents
  readonly mayAct: MayAct
  readonly running: RunningEpoch | undefined
  readonly isSyncing: boolean
  nowMs(): number
  submit(bytes: Uint8Array): Promise<{ readonly ok: boolean }>
}

const none = new Uint8Array(0)

/** Every node has one; it lives as long as the events of the node. */
export function withSharing<T extends Host>(node: T, work: SharingCrypto): T {
  const desk = new SharingDuty(node, work)
  node.events.on((event) => {
    if (event.type === 'final' || event.type === 'epoch') desk.look()
  })
  return node
}

/** The seat of this node in the round of the final state. */
interface Place {
  readonly round: BeaconRound
  readonly input: SharingInput
  readonly seat: number
  readonly secrets: SharingSecrets
  /** Since the start of the epoch, by the clock; negative before its first block. */
  readonly offsetMs: number
}

class SharingDuty {
  readonly #node: Host
  readonly #work: SharingCrypto
  readonly #queue: SerialQueue
  #isQueued = false
  /** What was said under one committee root: it is not said again while it waits for a block. */
  #said: { readonly root: string; readonly parts: Set<string> } = { root: '', parts: new Set() }
  #secrets: { readonly slot: string; readonly secrets: SharingSecrets } | undefined

  constructor(node: Host, work: SharingCrypto) {
    this.#node = node
    this.#work = work
    this.#queue = new SerialQueue((error) => {
      node.events.emit({ type: 'failure', error })
    })
  }

  look(): void {
    if (this.#isQueued) return
    this.#isQueued = true
    this.#queue.push(async () => {
      this.#isQueued = false
      try {
        await this.#act()
      } catch (thrown) {
        // The work was not done; the next block brings another chance.
        this.#node.events.emit({ type: 'notice', text: `sharing: ${String(thrown)}` })
      }
    })
  }

  async #act(): Promise<void> {
    const place = await this.#place()
    if (place === undefined) return
    switch (place.round.phase) {
      case 'dealing':
        await this.#deal(place)
        return
      case 'opening':
        await this.#open(place)
        return
      case 'sharing':
        await this.#open(place)
        await this.#show(place)
        return
      case 'failed':
        return
    }
  }

  /** Undefined for who has no seat, or a seat whose key is elsewhere or must not sign. */
  async #place(): Promise<Place | undefined> {
    const { running, mayAct, chain, isSyncing } = this.#node
    const { signer } = mayAct
    if (running?.seat === undefined || running.abstains !== undefined) return undefined
    if (signer === undefined || isSyncing) return undefined
    const { state } = chain.tip
    const record = readSingle(state, epochRecord)
    const committee = committeeOf(state, record.epoch)
    const round = roundOf(state)
    if (committee === undefined || round === undefined) return undefined
    // A Restart that was taken is not in the final state yet (RECOVER-1).
    const root = committeeRoot(committee)
    if (!equalBytes(root, committeeRoot(running.committee))) return undefined
    const { seat } = running
    const secrets = await this.#secretsOf(signer, committee.seats[seat]?.epochKey ?? none)
    if (secrets === undefined) return undefined
    if (!equalBytes(secrets.publicKey, committee.seats[seat]?.sharingKey ?? none)) return undefined
    if (this.#said.root !== hex(root)) this.#said = { root: hex(root), parts: new Set() }
    const input = sharingInputOf(chain.chainId, committee)
    const offsetMs = record.open ? this.#node.nowMs() - record.startMs : -1
    return { round, input, seat, secrets, offsetMs }
  }

  async #secretsOf(
    signer: ActingSigner,
    epochKey: Uint8Array,
  ): Promise<SharingSecrets | undefined> {
    const slot = hex(epochKey)
    if (this.#secrets?.slot === slot) return this.#secrets.secrets
    const key = await signer.openEpochKey(slot)
    if (!key.ok) return undefined
    const secrets = key.value.sharing()
    this.#secrets = { slot, secrets }
    return secrets
  }

  async #deal({ round, input, seat, secrets, offsetMs }: Place): Promise<void> {
    const { fixMs } = roundTimesOf(readSingle(this.#node.chain.tip.state, parameters))
    if (round.deals[seat] !== undefined || offsetMs >= fixMs) return
    await this.#say('deal', input, async () => {
      const deal = await this.#work.deal(input, seat, secrets.dealSeed)
      return { deal: Deal.encode(deal) }
    })
  }

  /** Only a deal that is this one: an opening of another would be wrong, as all could see. */
  async #open({ round, input, seat, secrets }: Place): Promise<void> {
    if (round.deals[seat] === undefined || round.secrets[seat] !== undefined) return
    const kept = read(this.#node.chain.tip.state, sharingDeals, seat)
    await this.#say('opening', input, async () => {
      const own = Deal.encode(await this.#work.deal(input, seat, secrets.dealSeed))
      if (kept === undefined || !equalBytes(dealHash(own), kept.hash)) return undefined
      return { opening: DealOpening.encode(await this.#work.open(input, seat, secrets.dealSeed)) }
    })
  }

  async #show({ round, input, seat, secrets }: Place): Promise<void> {
    for (const [dealer, deal] of round.deals.entries()) {
      const isShown = round.shares[dealer]?.some((one) => one.seat === seat) ?? false
      if (deal === undefined || round.secrets[dealer] !== undefined || isShown) continue
      await this.#say(`shares ${String(dealer)}`, input, async () => {
        // Its nonce follows from the key and the statement, which no two deals share.
        const { keySeed } = secrets
        const randomness = hash('keyDerivation', keySeed, utf8('sharing-nonce'), u64be(input.epoch))
        const key = { seat, seed: keySeed, randomness }
        return { shares: DealShares.encode(await this.#work.decrypt(input, deal, key)) }
      })
    }
  }

  async #say(
    name: string,
    { committeeRoot: root }: SharingInput,
    make: () => Promise<Partial<SharingPart> | undefined>,
  ): Promise<void> {
    const { parts } = this.#said
    if (parts.has(name)) return
    parts.add(name)
    const part = await make().catch((thrown: unknown) => {
      parts.delete(name)
      throw thrown
    })
    const { chain, mayAct } = this.#node
    const { signer } = mayAct
    if (part === undefined || signer === undefined) return
    const sharing = { committeeRoot: root, deal: none, opening: none, shares: none, ...part }
    const author = { chainId: chain.chainId, state: chain.tip.state, signer }
    const sent = await this.#node.submit(duty(author, { sharing }))
    // The next block may find it in its time; what is known already is refused for good.
    if (!sent.ok) parts.delete(name)
  }
}
