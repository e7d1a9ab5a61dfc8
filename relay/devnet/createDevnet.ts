/**
 * Makes a devnet: keys and stores of its rehearsal validators, faucet and restart key, genesis
 * (EPOCH-6). Everything a first committee needs is in it; nothing of it is of use elsewhere.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { blsBlst } from '../../src/adapters/crypto/blsBlst.ts'
import { openFileStore } from '../../src/adapters/node/fileStore.ts'
import { openKeyFile } from '../../src/adapters/node/keyFile.ts'
import { nodeRandom } from '../../src/adapters/node/random.ts'
import { peerIdOfSeed } from '../../src/adapters/network/peerIdOfSeed.ts'
import { u32be } from '../../src/core/base/bytes.ts'
import type { Genesis, GenesisSeat, GenesisValidator } from '../../src/core/codec/state.ts'
import { ed25519PublicKey } from '../../src/core/crypto/ed25519.ts'
import { hash } from '../../src/core/crypto/hash.ts'
import { commitBaseline, nullifierKeyHash } from '../../src/core/emotion/commitments.ts'
import { fieldToBytes } from '../../src/core/emotion/field.ts'
import { formatGenesis } from '../../src/core/ledger/genesis/genesisFile.ts'
import { defaultParams, microPerEmo, type Params } from '../../src/core/params.ts'
import { keepBaseline } from '../../src/node/duty/baselineRecorder.ts'
import { enrolmentSecrets } from '../../src/node/duty/secrets.ts'
import { createKeySigner } from '../../src/node/keySigner.ts'
import { heartOf, restBaseline } from './heart.ts'
import { devnetLayout } from './layout.ts'

export interface DevnetOptions {
  readonly folder: string
  readonly validators: number
  /** start(0); the validators should be up by then. */
  readonly startMs: number
  readonly params?: Partial<Params>
  /** For how many epochs the genesis grants a credential; 30. For chains that nobody answers. */
  readonly grantedCredentialEpochs?: number
  /** Rest that a newcomer records, ms; one window of a minute. */
  readonly baselineMs?: number
}

/** A devnet asks for less work than a main network (TX-2). */
const devnetParams: Partial<Params> = { workBits: 12 }

/**
 * Granted by the genesis, so that blocks come at once and a newcomer serves before it is asked:
 * 15 minutes, in which beacons draw the challenge that everybody must answer to stay (LIVE-6).
 */
const grantedEpochsDefault = 30

const firstScore = 7500

export async function createDevnet(options: DevnetOptions): Promise<Genesis> {
  const layout = devnetLayout(options.folder)
  const { grantedCredentialEpochs = grantedEpochsDefault, baselineMs = 60_000 } = options
  await mkdir(layout.root, { recursive: true, mode: 0o700 })
  const faucetSeed = nodeRandom.bytes(32)
  const restartSeed = nodeRandom.bytes(32)
  await writeSecret(layout.faucetKey, faucetSeed)
  await writeSecret(layout.restartKey, restartSeed)
  const made = []
  for (let index = 0; index < options.validators; index += 1) {
    made.push(await createValidator(options.folder, index, grantedCredentialEpochs))
  }
  const entropy = nodeRandom.bytes(32)
  const genesis: Genesis = {
    chainId: `emo-devnet-${Buffer.from(entropy.subarray(0, 3)).toString('hex')}`,
    startMs: options.startMs,
    parameters: { ...defaultParams, ...devnetParams, ...options.params },
    accounts: [
      { account: ed25519PublicKey(faucetSeed), balanceMicro: 100_000_000n * microPerEmo },
      ...made.map(({ validator }) => ({
        account: validator.account,
        balanceMicro: 1_000n * microPerEmo,
      })),
    ],
    validators: made.map(({ validator }) => validator),
    seats: made.map(({ seat }) => seat),
    beacons: [0, 1, 2, 3, 4].map((epoch) => hash('beacon', entropy, u32be(epoch))),
    devnet: {
      restartKey: ed25519PublicKey(restartSeed),
      faucetAccount: ed25519PublicKey(faucetSeed),
      allowSimulated: true,
      developmentProofKeys: true,
      grantedCredentialEpochs,
      baselineShortMs: baselineMs,
    },
  }
  await writeFile(layout.genesis, formatGenesis(genesis))
  return genesis
}

async function createValidator(
  folder: string,
  index: number,
  credentialExpiry: number,
): Promise<{ readonly validator: GenesisValidator; readonly seat: GenesisSeat }> {
  const layout = devnetLayout(folder).validator(index)
  await mkdir(layout.folder, { recursive: true, mode: 0o700 })
  const opened = await openKeyFile(layout.keyFile, nodeRandom)
  if (!opened.ok) throw new Error(`${opened.error.code}: ${layout.keyFile}`)
  const keys = opened.value
  const store = await openFileStore(layout.store)
  const signer = createKeySigner({ keys, store, bls: blsBlst, random: nodeRandom })
  const baseline = restBaseline(heartOf(signer.identity))
  await keepBaseline(store, nodeRandom, { proofSecret: keys.proofSecret, baseline })
  const epochKey = await signer.createEpochKey()
  await store.close()
  const { nullifierKey, baselineSalt } = enrolmentSecrets(keys.proofSecret, baseline)
  return {
    validator: {
      account: signer.identity,
      vrfKey: signer.vrfKey,
      vrfPossession: signer.proveVrfPossession(),
      bondedMicro: 20_000n * microPerEmo,
      nkHash: fieldToBytes(nullifierKeyHash(nullifierKey)),
      baselineCommitment: fieldToBytes(commitBaseline(baseline, baselineSalt)),
      consentVersion: 1,
      credentialExpiry,
    },
    seat: {
      validator: signer.identity,
      epochKey: epochKey.publicKey,
      epochKeyPossession: epochKey.possession,
      peerId: await peerIdOfSeed(keys.networkSeed),
      score: firstScore,
      sharingKey: epochKey.sharing().publicKey,
    },
  }
}

async function writeSecret(path: string, seed: Uint8Array): Promise<void> {
  await writeFile(path, `${Buffer.from(seed).toString('hex')}\n`, { mode: 0o600 })
}
