/**
 * Passkeys with the PRF extension (WebAuthn 3): the authenticator gives a secret that exists
 * nowhere else, after the person confirmed. It only unlocks the vault on this device; nothing of it
 * is on the chain (TX-2).
 */

import { err, ok, type Result } from '../../core/base/result.ts'
import type { Random } from '../../ports/random.ts'

export interface PasskeyError {
  readonly code: 'PASSKEY_CANCELLED' | 'PASSKEY_UNSUPPORTED' | 'PASSKEY_FAILED'
}

export interface NewPasskey {
  readonly credentialId: Uint8Array
  /** 32 bytes, the same for the same passkey and salt. */
  readonly secret: Uint8Array
}

export interface Passkeys {
  /** This browser has an authenticator that may offer PRF. Whether it does shows at creation. */
  offered(): Promise<boolean>
  create(salt: Uint8Array): Promise<Result<NewPasskey, PasskeyError>>
  secret(credentialId: Uint8Array, salt: Uint8Array): Promise<Result<Uint8Array, PasskeyError>>
}

const timeoutMs = 120_000

/** ES256, Ed25519 and RS256: what authenticators know. The signature is not used. */
const algorithms = [-8, -7, -257]

export function createPasskeys(random: Random): Passkeys {
  async function secret(
    credentialId: Uint8Array,
    salt: Uint8Array,
  ): Promise<Result<Uint8Array, PasskeyError>> {
    const found = await asked(() =>
      navigator.credentials.get({
        publicKey: {
          challenge: owned(random.bytes(32)),
          allowCredentials: [{ type: 'public-key', id: owned(credentialId) }],
          userVerification: 'required',
          timeout: timeoutMs,
          extensions: { prf: { eval: { first: owned(salt) } } },
        },
      }),
    )
    if (!found.ok) return found
    const given = secretOf(found.value)
    return given === undefined ? err({ code: 'PASSKEY_UNSUPPORTED' }) : ok(given)
  }
  return {
    offered: isOffered,
    secret,
    async create(salt) {
      const made = await asked(() =>
        navigator.credentials.create({ publicKey: creationOptions(random, salt) }),
      )
      if (!made.ok) return made
      const credentialId = new Uint8Array(made.value.rawId)
      const atOnce = secretOf(made.value)
      if (atOnce !== undefined) return ok({ credentialId, secret: atOnce })
      const { prf } = made.value.getClientExtensionResults()
      if (prf?.enabled !== true) return err({ code: 'PASSKEY_UNSUPPORTED' })
      // Many authenticators evaluate only when the passkey is used: that asks the person once more.
      const later = await secret(credentialId, salt)
      return later.ok ? ok({ credentialId, secret: later.value }) : later
    },
  }
}

function creationOptions(random: Random, salt: Uint8Array): PublicKeyCredentialCreationOptions {
  return {
    challenge: owned(random.bytes(32)),
    rp: { name: 'EmotionalChain' },
    user: {
      id: owned(random.bytes(32)),
      name: 'EmotionalChain validator',
      displayName: 'EmotionalChain validator',
    },
    pubKeyCredParams: algorithms.map((alg) => ({ type: 'public-key', alg })),
    authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
    timeout: timeoutMs,
    extensions: { prf: { eval: { first: owned(salt) } } },
  }
}

async function isOffered(): Promise<boolean> {
  const api = (globalThis as { PublicKeyCredential?: typeof PublicKeyCredential })
    .PublicKeyCredential
  if (api === undefined) return false
  try {
    if (!(await api.isUserVerifyingPlatformAuthenticatorAvailable())) return false
    // Newer than the types: browsers without it may still offer PRF.
    const ask = (api as { getClientCapabilities?: () => Promise<Record<string, boolean>> })
      .getClientCapabilities
    const capabilities = await ask?.call(api)
    return capabilities?.['extension:prf'] !== false
  } catch {
    return false
  }
}

async function asked(
  ask: () => Promise<Credential | null>,
): Promise<Result<PublicKeyCredential, PasskeyError>> {
  try {
    const credential = await ask()
    if (credential instanceof PublicKeyCredential) return ok(credential)
    return err({ code: 'PASSKEY_FAILED' })
  } catch (error) {
    const name = error instanceof DOMException ? error.name : ''
    if (name === 'NotAllowedError' || name === 'AbortError') {
      return err({ code: 'PASSKEY_CANCELLED' })
    }
    const unsupported = name === 'NotSupportedError' || name === 'ConstraintError'
    return err({ code: unsupported ? 'PASSKEY_UNSUPPORTED' : 'PASSKEY_FAILED' })
  }
}

function secretOf(credential: PublicKeyCredential): Uint8Array | undefined {
  const first = credential.getClientExtensionResults().prf?.results?.first
  if (first === undefined) return undefined
  const view = ArrayBuffer.isView(first)
    ? new Uint8Array(first.buffer, first.byteOffset, first.byteLength)
    : new Uint8Array(first)
  return view.length === 32 ? view.slice() : undefined
}

function owned(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(bytes)
}
