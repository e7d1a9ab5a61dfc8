/** A network of two devices in memory, for tests: messages arrive in the next turn, until cut. */
import { err, ok } from '../../../core/base/result.ts'
import { hex } from '../../../core/base/bytes.ts'
import type { DeviceChannel, DeviceLink } from '../../../ports/deviceLink.ts'

export class Pipes implements DeviceLink {
  readonly #listeners = new Map<string, (channel: DeviceChannel) => void>()
  #open: PipeEnd[] = []
  /** Nothing gets through, and nobody is told. */
  isCut = false
  /** Everything that crossed, both ways. */
  readonly crossed: Uint8Array[] = []

  listen: DeviceLink['listen'] = (peerSeed, onChannel) => {
    const name = hex(peerSeed)
    this.#listeners.set(name, onChannel)
    const stop = (): Promise<void> => {
      this.#listeners.delete(name)
      return Promise.resolve()
    }
    return Promise.resolve(ok({ stop }))
  }

  caller: DeviceLink['caller'] = (peerSeed) => {
    const connect = () => Promise.resolve(this.#connect(hex(peerSeed)))
    return Promise.resolve({ connect, stop: () => Promise.resolve() })
  }

  /** Breaks what is open, as a network does. */
  breakAll(): void {
    for (const end of this.#open.splice(0)) end.close()
  }

  /** A message to every listening end, from somebody on the way. */
  inject(message: Uint8Array): void {
    for (const end of this.#open) end.other?.deliver(message)
  }

  #connect(name: string) {
    const listener = this.#listeners.get(name)
    if (this.isCut) return err({ code: 'RELAY_UNREACHABLE' })
    if (listener === undefined) return err({ code: 'PAGE_ABSENT' })
    const [near, far] = [new PipeEnd(this), new PipeEnd(this)]
    near.other = far
    far.other = near
    this.#open.push(near)
    listener(far)
    return ok(near)
  }
}

class PipeEnd implements DeviceChannel {
  readonly #pipes: Pipes
  #message: ((message: Uint8Array) => void) | undefined
  #closed: (() => void) | undefined
  #isOpen = true
  other: PipeEnd | undefined

  constructor(pipes: Pipes) {
    this.#pipes = pipes
  }

  send(message: Uint8Array): boolean {
    if (!this.#isOpen) return false
    if (this.#pipes.isCut) return true
    this.#pipes.crossed.push(message)
    queueMicrotask(() => {
      this.other?.deliver(message)
    })
    return true
  }

  deliver(message: Uint8Array): void {
    if (this.#isOpen) this.#message?.(message)
  }

  onMessage(handler: (message: Uint8Array) => void): void {
    this.#message = handler
  }

  onClosed(handler: () => void): void {
    this.#closed = handler
  }

  close(): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    this.#closed?.()
    queueMicrotask(() => this.other?.close())
  }
}
