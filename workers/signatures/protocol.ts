/**
 * The conversation with a signature worker (SIG-1): packed batches one way, verdicts the other.
 * The client's side is `lane.ts`.
 *
 * The same for a dedicated worker of a page and for a thread of Node: both come as a
 * `SignatureChannel`. A batch is packed into one buffer that changes its owner: cloning thousands
 * of small arrays costs more than verifying them, and cloning views copies all that they look at.
 */

import type { SignatureItem } from '../../src/ports/signatureVerifier.ts'

/** Sizes of what a worker takes; anything else is not valid, and is not sent. */
const [publicKeyBytes, signatureBytes, lengthBytes] = [32, 64, 4]
const headBytes = publicKeyBytes + signatureBytes + lengthBytes

/** `count` times key, signature and length of the message; then all messages. */
export interface SignatureTask {
  readonly count: number
  readonly packed: Uint8Array<ArrayBuffer>
}

export type SignatureReply =
  /** 1 or 0 for each signature. */
  | { readonly kind: 'verdicts'; readonly verdicts: Uint8Array }
  | { readonly kind: 'crashed'; readonly reason: string }

export interface SignatureChannel {
  /** The buffer of the task is gone afterwards. */
  post(task: SignatureTask): void
  /** Set once, before the first post. */
  listen(onReply: (reply: SignatureReply) => void, onCrash: (reason: string) => void): void
  terminate(): void
}

export type OpenChannel = () => SignatureChannel

export function hasRightLengths({ publicKey, signature }: SignatureItem): boolean {
  return publicKey.length === publicKeyBytes && signature.length === signatureBytes
}

/** Items whose key and signature have their lengths. */
export function packTask(items: readonly SignatureItem[]): SignatureTask {
  const total = items.reduce((sum, { message }) => sum + message.length, 0)
  const packed = new Uint8Array(items.length * headBytes + total)
  const view = new DataView(packed.buffer)
  let [head, body] = [0, items.length * headBytes]
  for (const { publicKey, signature, message } of items) {
    packed.set(publicKey, head)
    packed.set(signature, head + publicKeyBytes)
    view.setUint32(head + publicKeyBytes + signatureBytes, message.length)
    packed.set(message, body)
    head += headBytes
    body += message.length
  }
  return { count: items.length, packed }
}

/** Views of the packed bytes. */
export function unpackTask({ count, packed }: SignatureTask): readonly SignatureItem[] {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.length)
  let body = count * headBytes
  return Array.from({ length: count }, (_, index) => {
    const key = index * headBytes
    const signature = key + publicKeyBytes
    const length = view.getUint32(signature + signatureBytes)
    body += length
    return {
      publicKey: packed.subarray(key, signature),
      signature: packed.subarray(signature, signature + signatureBytes),
      message: packed.subarray(body - length, body),
    }
  })
}
