import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openRelayIdentity, RelayKeyError } from './relayIdentity.ts'

let dataDir = ''

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'emo-identity-'))
})

afterEach(async () => {
  await rm(dataDir, { recursive: true, force: true })
})

describe('NET-13 the identity of a relay', () => {
  it('is made once and found again', async () => {
    const first = await openRelayIdentity(dataDir)
    const second = await openRelayIdentity(dataDir)
    expect(second.peerSeed).toEqual(first.peerSeed)
    expect(second.keychainPass).toBe(first.keychainPass)
    expect(first.peerSeed).toHaveLength(32)
    expect(first.keychainPass).not.toBe(Buffer.from(first.peerSeed).toString('hex'))
  })

  it('can be read by its user alone', async () => {
    await openRelayIdentity(dataDir)
    const directory = join(dataDir, 'network')
    expect((await stat(directory)).mode & 0o777).toBe(0o700)
    expect((await stat(join(directory, 'peer.key'))).mode & 0o777).toBe(0o600)
  })

  it.each(['', 'not hex', 'abcd'])(
    'damaged to "%s" it stops the relay and stays as it is',
    async (text) => {
      await openRelayIdentity(dataDir)
      const path = join(dataDir, 'network', 'peer.key')
      await writeFile(path, text)
      await expect(openRelayIdentity(dataDir)).rejects.toThrow(RelayKeyError)
      expect(await readFile(path, 'utf8')).toBe(text)
    },
  )
})
