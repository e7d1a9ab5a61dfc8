/**
 * The invariants of the ledger, on what nodes hold after each final block: supply is conserved,
 * states are equal at equal heights and headers name their roots (BFT-2), nothing is paid twice,
 * one hand-over begins an epoch (EPOCH-2), and no committee falls below the bound of COM-5. It
 * imports nothing of the ledger: it reads leaves, headers and bodies by itself.
 */
import { readState, type SeenLeaf, type SeenState } from './leaves.ts'
import { hexOf, readHeader } from './messages.ts'
import { readPayments, type SeenPayment } from './payments.ts'
import { name } from './signed.ts'
import { bytesIn, fieldsOf } from './wire.ts'

export interface SeenAfter {
  readonly root: Uint8Array
  readonly leaves: readonly SeenLeaf[]
}

interface Place {
  readonly hash: string
  readonly epoch: number
  readonly committeeRoot: string
  readonly nextCommitteeRoot: string
  readonly isBoundary: boolean
}

/** What is the same at every node after a height. */
interface Height extends Place {
  readonly root: string
  readonly leaves: readonly SeenLeaf[]
}

interface HandOver {
  readonly root: string
  readonly committeeRoot: string
}

export class LedgerOracle {
  readonly #byzantine: ReadonlySet<number>
  readonly #fail: (text: string) => void
  readonly #seatsMost: number
  readonly #heights: Height[] = []
  readonly #first: SeenState
  readonly #genesisRoot: string
  readonly #nonces = new Map<string, number>()
  readonly #received = new Map<string, bigint>()
  readonly #handOvers = new Map<number, HandOver>()
  /** Seats of each committee that a state named. */
  readonly #seats = new Map<number, readonly string[]>()
  /** Payments in the final chain. */
  payments = 0

  constructor(
    genesis: SeenAfter,
    options: {
      readonly byzantine: ReadonlySet<number>
      readonly seatsMost: number
      readonly fail: (text: string) => void
    },
  ) {
    this.#byzantine = options.byzantine
    this.#fail = options.fail
    this.#seatsMost = options.seatsMost
    this.#first = readState(genesis.leaves)
    this.#genesisRoot = hexOf(genesis.root)
    this.#committees(this.#first)
    this.#supply(this.#first, 0)
  }

  /** Size of each committee, from epoch 0 on. */
  get committeeSizes(): readonly number[] {
    return [...this.#seats].toSorted(([a], [b]) => a - b).map(([, seats]) => seats.length)
  }

  /** How many validators ever had a seat. */
  get members(): number {
    return new Set([...this.#seats.values()].flat()).size
  }

  /** A block is final at a node, which holds this state now. */
  final(
    by: { readonly id: number; readonly validator: number },
    block: { readonly hash: Uint8Array; readonly header: Uint8Array; readonly body: Uint8Array },
    after: SeenAfter,
  ): void {
    if (this.#byzantine.has(by.validator)) return
    const header = readHeader(block.header)
    const { height } = header
    const known = this.#heights[height - 1]
    if (known !== undefined) {
      this.#same(by.id, height, known, after)
      return
    }
    const fields = fieldsOf(block.header)
    const place = {
      hash: hexOf(block.hash),
      epoch: header.epoch,
      committeeRoot: hexOf(bytesIn(fields, 13)),
      nextCommitteeRoot: hexOf(bytesIn(fields, 14)),
      isBoundary: bytesIn(fields, 16).length > 0,
    }
    const below = this.#heights[height - 2]
    const before = below?.root ?? this.#genesisRoot
    if (hexOf(bytesIn(fields, 9)) !== before) {
      this.#fail(`BFT-2: height ${String(height)} names another root of its parent's state`)
    }
    if (below !== undefined) this.#follows(below, place, height)
    this.#heights[height - 1] = { ...place, root: hexOf(after.root), leaves: after.leaves }
    const state = readState(after.leaves)
    this.#supply(state, height)
    for (const payment of readPayments(block.body)) this.#paid(payment, height)
    this.#balances(state, height)
    this.#committees(state)
  }

  /** A node begins an epoch on this block, with this committee. */
  begins(
    by: { readonly id: number; readonly validator: number },
    {
      epoch,
      root,
      committeeRoot,
    }: {
      readonly epoch: number
      readonly root: Uint8Array
      readonly committeeRoot: Uint8Array
    },
  ): void {
    if (this.#byzantine.has(by.validator)) return
    const node = by.id
    const seen = { root: hexOf(root), committeeRoot: hexOf(committeeRoot) }
    const known = this.#handOvers.get(epoch) ?? seen
    this.#handOvers.set(epoch, known)
    const at = `epoch ${String(epoch)}`
    if (known.root !== seen.root) this.#fail(`EPOCH-2: ${at} starts from two hand-overs`)
    if (known.committeeRoot !== seen.committeeRoot) {
      this.#fail(`EPOCH-2: ${name(node)} seats another committee in ${at}`)
    }
    const boundary = this.#heights.findLast((one) => one.epoch === epoch - 1)
    if (boundary === undefined) return
    if (boundary.hash !== seen.root) {
      this.#fail(`EPOCH-2: ${name(node)} starts ${at} from a block that is not its boundary`)
    }
    if (boundary.nextCommitteeRoot !== seen.committeeRoot) {
      this.#fail(`EPOCH-2: ${name(node)} seats in ${at} whom its boundary does not name`)
    }
  }

  #same(node: number, height: number, known: Height, { root, leaves }: SeenAfter): void {
    const isSameRoot = hexOf(root) === known.root
    if (isSameRoot && areEqual(leaves, known.leaves)) return
    const what = isSameRoot ? 'other leaves under the same root' : 'another state root'
    this.#fail(`state: ${name(node)} has ${what} at height ${String(height)}`)
  }

  #follows(below: Height, here: Place, height: number): void {
    const at = `at height ${String(height)}`
    if (here.epoch === below.epoch) {
      if (below.isBoundary) this.#fail(`EPOCH-2: an epoch goes on after its boundary ${at}`)
      if (here.committeeRoot !== below.committeeRoot) {
        this.#fail(`EPOCH-2: the committee changes within its epoch ${at}`)
      }
      const next = below.nextCommitteeRoot
      if (next !== '' && here.nextCommitteeRoot !== next) {
        this.#fail(`COM-6: the next committee changes after it was fixed ${at}`)
      }
      return
    }
    if (here.epoch !== below.epoch + 1 || !below.isBoundary) {
      this.#fail(`EPOCH-2: an epoch begins without a boundary ${at}`)
    }
    if (here.committeeRoot !== below.nextCommitteeRoot) {
      this.#fail(`EPOCH-2: the boundary named another committee than sits ${at}`)
    }
  }

  /** TX-3, added up anew from every leaf. */
  #supply({ accounts, stake, burnt, issued }: SeenState, height: number): void {
    const balances = accounts.reduce((sum, { balance }) => sum + balance, 0n)
    const held = balances + stake + burnt
    const first = this.#first.issued
    if (held === first && issued === first) return
    const text = `${String(held)} held, ${String(issued)} issued, ${String(first)} at the start`
    this.#fail(`supply: ${text}, height ${String(height)}`)
  }

  /** REPLAY-1: the payments of an account follow each other without a gap, none twice. */
  #paid({ sender, nonce, recipient, amount }: SeenPayment, height: number): void {
    this.payments += 1
    const next = this.#nonces.get(sender) ?? 0
    if (nonce !== next) {
      const what = nonce < next ? 'a second time' : 'before its turn'
      const which = `${sender.slice(0, 8)}:${String(nonce)}`
      this.#fail(`payment ${which} is in the chain ${what}, height ${String(height)}`)
    }
    this.#nonces.set(sender, Math.max(next, nonce + 1))
    this.#received.set(recipient, (this.#received.get(recipient) ?? 0n) + amount)
  }

  /** Each account counts its payments; who only receives has what the chain says it was sent. */
  #balances({ accounts, validators }: SeenState, height: number): void {
    const before = new Map(this.#first.accounts.map(({ id, balance }) => [id, balance]))
    for (const { id, nonce, balance } of accounts) {
      const at = `${id.slice(0, 8)} at height ${String(height)}`
      const paid = this.#nonces.get(id) ?? 0
      if (nonce !== paid) {
        this.#fail(`nonce ${String(nonce)} after ${String(paid)} payments of ${at}`)
      }
      if (paid > 0 || validators.has(id)) continue
      const due = (before.get(id) ?? 0n) + (this.#received.get(id) ?? 0n)
      if (balance !== due) {
        this.#fail(`${String(balance)} instead of ${String(due)} received by ${at}`)
      }
    }
  }

  /** COM-5: enough who confirmed, or the same as before. */
  #committees({ committees, active }: SeenState): void {
    for (const [epoch, seats] of [...committees].toSorted(([a], [b]) => a - b)) {
      if (this.#seats.has(epoch)) continue
      this.#seats.set(epoch, seats)
      const before = this.#seats.get(epoch - 1)
      if (new Set(seats).size < seats.length) {
        this.#fail(`COM-6: a validator sits twice in epoch ${String(epoch)}`)
      }
      if (before === undefined || seats.join() === before.join()) continue
      const least = leastSeats(before.length, active, this.#seatsMost)
      if (seats.length < least || seats.length > this.#seatsMost) {
        const count = `${String(seats.length)} seats, at least ${String(least)} are needed`
        this.#fail(`COM-5: ${count} in epoch ${String(epoch)}`)
      }
    }
  }
}

/** All seats when three validators are active for each; else two thirds of the last, and four. */
function leastSeats(now: number, active: number, most: number): number {
  return active >= 3 * most ? most : Math.max(4, Math.ceil((now * 2) / 3))
}

function areEqual(left: readonly SeenLeaf[], right: readonly SeenLeaf[]): boolean {
  return (
    left.length === right.length &&
    left.every((leaf, index) => {
      const other = right[index]
      if (other === leaf) return true
      return other !== undefined && isSame(leaf.key, other.key) && isSame(leaf.value, other.value)
    })
  )
}

function isSame(left: Uint8Array, right: Uint8Array): boolean {
  return (
    left === right ||
    (left.length === right.length && left.every((byte, index) => byte === right[index]))
  )
}
