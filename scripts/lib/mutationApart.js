/**
 * Files whose tests take seconds to half a minute, as they check against published vectors or other
 * implementations: each has a run of its own, judged by its tests alone, and is no part of the run
 * of its folder.
 */
export const apart = {
  'crypto/blsAhead.ts': 'src/core/crypto/blsAhead.test.ts',
  'crypto/blsNoble.ts': 'src/adapters/crypto/bls.test.ts',
  'crypto/blsRemembered.ts': 'src/core/crypto/blsRemembered.test.ts',
  'crypto/blsSecret.ts': 'src/core/crypto/blsSecret.test.ts',
  'crypto/ed25519.ts': 'src/core/crypto/ed25519.test.ts',
  'crypto/mlDsa87.ts': 'src/core/crypto/mlDsa87.test.ts',
}
