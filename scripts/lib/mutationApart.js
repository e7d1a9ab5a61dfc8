/**
 * Files whose tests take seconds to half a minute, as they check against published vectors, other
 * implementations or models, and files that nearly every test passes: each has a run of its own,
 * judged by its tests alone, and is no part of the run of its folder.
 */
const hashTests = 'src/core/crypto/{hash,blake3Chunk}.test.ts'
const treeTests = 'src/core/crypto/{smt,smtProof,smtRange,smtUpdate}.test.ts'

export const apart = {
  'crypto/blake3Chunk.ts': hashTests,
  'crypto/blake3Compress.ts': hashTests,
  'crypto/blsAhead.ts': 'src/core/crypto/blsAhead.test.ts',
  'crypto/blsNoble.ts': 'src/adapters/crypto/bls.test.ts',
  'crypto/blsRemembered.ts': 'src/core/crypto/blsRemembered.test.ts',
  'crypto/blsSecret.ts': 'src/core/crypto/blsSecret.test.ts',
  'crypto/ed25519.ts': 'src/core/crypto/ed25519.test.ts',
  'crypto/hash.ts': hashTests,
  'crypto/mlDsa87.ts': 'src/core/crypto/mlDsa87.test.ts',
  'crypto/smt.ts': treeTests,
  'crypto/smtProof.ts': treeTests,
  'crypto/smtRange.ts': treeTests,
  'crypto/smtUpdate.ts': treeTests,
}
