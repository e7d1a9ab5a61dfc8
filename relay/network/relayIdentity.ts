/**
 * What makes a relay's addresses last (NET-13): the peer key, the certificate key and the
 * certificate.
 *
 * The certificate and its key live in libp2p's own store below the data directory; the peer seed
 * and the pass phrase of the keychain are small files that only the operator's user can read.
 */
import { randomBytes } from 'node:crypto'
import { chmod, mkdir, open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { FsDatastore } from 'datastore-fs'
import { hex, unhex } from '../../src/core/base/bytes.ts'

export interface RelayIdentity {
  /** 32 bytes of Ed25519 seed. */
  readonly peerSeed: Uint8Array
  readonly keychainPass: string
  readonly datastore: FsDatastore
}

const secretBytes = 32

export async function openRelayIdentity(dataDir: string): Promise<RelayIdentity> {
  const directory = join(dataDir, 'network')
  await mkdir(directory, { recursive: true, mode: 0o700 })
  await chmod(directory, 0o700)
  const peerSeed = await secret(join(directory, 'peer.key'))
  const keychainPass = hex(await secret(join(directory, 'keychain.key')))
  const datastore = new FsDatastore(join(directory, 'store'))
  await datastore.open()
  return { peerSeed, keychainPass, datastore }
}

export class RelayKeyError extends Error {
  constructor(path: string) {
    super(
      `${path} is damaged: restore it from a backup, or remove it to give the relay a new address`,
    )
    this.name = 'RelayKeyError'
  }
}

async function secret(path: string): Promise<Uint8Array> {
  const existing = await readFile(path, 'utf8').catch((failure: unknown) => {
    if (isMissing(failure)) return undefined
    throw failure
  })
  if (existing === undefined) return create(path)
  const bytes = unhex(existing.trim())
  if (!bytes.ok || bytes.value.length !== secretBytes) throw new RelayKeyError(path)
  return bytes.value
}

/** Complete before it has its name, so that a crash leaves either no key or all of it. */
async function create(path: string): Promise<Uint8Array> {
  const bytes = new Uint8Array(randomBytes(secretBytes))
  const temporary = `${path}.new`
  const file = await open(temporary, 'w', 0o600)
  try {
    await file.writeFile(`${hex(bytes)}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(temporary, path)
  return bytes
}

function isMissing(failure: unknown): boolean {
  return failure instanceof Error && 'code' in failure && failure.code === 'ENOENT'
}
