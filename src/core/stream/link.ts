/**
 * The link that pairs a phone with a page (SENS-6): the page's public key and a secret, in the
 * fragment of an address, which browsers send to no server.
 */

import { concat, readU64be, utf8 } from '../base/bytes.ts'
import { err, ok, type Result } from '../base/result.ts'
import { hash } from '../crypto/hash.ts'
import { streamKeyBytes } from './noise.ts'

/** 128 bits, used once. */
export const linkSecretBytes = 16
/** 48 bytes as base64url. */
export const linkCharacters = 64

export interface StreamLink {
  /** Of the page, X25519, made for this link alone. */
  readonly pageKey: Uint8Array
  readonly secret: Uint8Array
}

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** base64url without padding (RFC 4648, section 5). */
export function linkText({ pageKey, secret }: StreamLink): string {
  const bytes = concat(pageKey, secret)
  let text = ''
  for (let offset = 0; offset < bytes.length; offset += 3) {
    const [first = 0, second = 0, third = 0] = bytes.subarray(offset, offset + 3)
    const bits = (first << 16) | (second << 8) | third
    for (const shift of [18, 12, 6, 0]) text += digits.charAt((bits >> shift) & 63)
  }
  return text
}

export function parseLink(
  text: string,
): Result<StreamLink, { readonly code: 'STREAM_LINK_INVALID' }> {
  if (text.length !== linkCharacters) return err({ code: 'STREAM_LINK_INVALID' })
  const bytes = new Uint8Array(streamKeyBytes + linkSecretBytes)
  for (let index = 0; index < linkCharacters; index += 4) {
    let bits = 0
    for (const digit of text.slice(index, index + 4)) {
      const value = digits.indexOf(digit)
      if (value < 0) return err({ code: 'STREAM_LINK_INVALID' })
      bits = (bits << 6) | value
    }
    bytes.set([bits >> 16, (bits >> 8) & 255, bits & 255], (index / 4) * 3)
  }
  return ok({
    pageKey: bytes.slice(0, streamKeyBytes),
    secret: bytes.slice(streamKeyBytes),
  })
}

/** What a phone must know to come by this link. */
export function linkPsk({ secret }: StreamLink): Uint8Array {
  return hash('sensorStream', utf8('link'), secret)
}

/** What the same phone must know to come again, after its first handshake. */
export function returnPsk(exportKey: Uint8Array): Uint8Array {
  return hash('sensorStream', utf8('return'), exportKey)
}

/**
 * Seed of the network identity under which the page is found. Who has the link could take it: that
 * keeps a phone from finding the page, and does not make them the page.
 */
export function linkPeerSeed({ pageKey, secret }: StreamLink): Uint8Array {
  return hash('sensorStream', utf8('peer'), pageKey, secret)
}

/** Six digits that both screens show: equal only at the two ends of one handshake. */
export function checkNumber(transcript: Uint8Array): string {
  const number = readU64be(hash('sensorStream', utf8('number'), transcript)) % 1_000_000n
  const text = number.toString().padStart(6, '0')
  return `${text.slice(0, 3)} ${text.slice(3)}`
}
