/**
 * Published powers of tau that a key may be made from (ZK-9).
 *
 * Perpetual Powers of Tau, BN254: 54 contributions and a beacon, prepared for phase 2 and cut for
 * each power by the Hermez project. BLAKE2b-512 of each file as the README of snarkjs has it, the
 * version that this project pins; a test holds this table to it. The files of PSE from contribution
 * 80 (`ppot_0080_*.ptau`) are not here, since no hash of them is published.
 */

export interface KnownPowersOfTau {
  readonly file: string
  /** Circuits of up to 2^power rows. */
  readonly power: number
  /** Of the whole file, 64 bytes in hex. */
  readonly blake2b: string
  /** Where the hash is published. */
  readonly source: string
}

const source = 'https://github.com/iden3/snarkjs/blob/v0.7.6/README.md#7-prepare-phase-2'

export const knownPowersOfTau: readonly KnownPowersOfTau[] = [
  {
    file: 'powersOfTau28_hez_final_10.ptau',
    power: 10,
    blake2b:
      '6cfeb8cda92453099d20120bdd0e8a5c4e7706c2da9a8f09ccc157ed2464d921' +
      'fd0437fb70db42104769efd7d6f3c1f964bcf448c455eab6f6c7d863e88a5849',
    source,
  },
  {
    file: 'powersOfTau28_hez_final_11.ptau',
    power: 11,
    blake2b:
      '47c282116b892e5ac92ca238578006e31a47e7c7e70f0baa8b687f0a5203e28e' +
      'a07bbbec765a98dcd654bad618475d4661bfaec3bd9ad2ed12e7abc251d94d33',
    source,
  },
  {
    file: 'powersOfTau28_hez_final_12.ptau',
    power: 12,
    blake2b:
      'ded2694169b7b08e898f736d5de95af87c3f1a64594013351b1a796dbee393bd' +
      '825f88f9468c84505ddd11eb0b1465ac9b43b9064aa8ec97f2b73e04758b8a4a',
    source,
  },
  {
    file: 'powersOfTau28_hez_final_13.ptau',
    power: 13,
    blake2b:
      '58efc8bf2834d04768a3d7ffcd8e1e23d461561729beaac4e3e7a47829a1c906' +
      '6d5320241e124a1a8e8aa6c75be0ba66f65bc8239a0542ed38e11276f6fdb4d9',
    source,
  },
  {
    file: 'powersOfTau28_hez_final_14.ptau',
    power: 14,
    blake2b:
      'eeefbcf7c3803b523c94112023c7ff89558f9b8e0cf5d6cdcba3ade60f168af4' +
      'a181c9c21774b94fbae6c90411995f7d854d02ebd93fb66043dbb06f17a831c1',
    source,
  },
  {
    file: 'powersOfTau28_hez_final_15.ptau',
    power: 15,
    blake2b:
      '982372c867d229c236091f767e703253249a9b432c1710b4f326306bfa2428a1' +
      '7b06240359606cfe4d580b10a5a1f63fbed499527069c18ae17060472969ae6e',
    source,
  },
  {
    file: 'powersOfTau28_hez_final_16.ptau',
    power: 16,
    blake2b:
      '6a6277a2f74e1073601b4f9fed6e1e55226917efb0f0db8a07d98ab01df1ccf4' +
      '3eb0e8c3159432acd4960e2f29fe84a4198501fa54c8dad9e43297453efec125',
    source,
  },
  {
    file: 'powersOfTau28_hez_final_17.ptau',
    power: 17,
    blake2b:
      '6247a3433948b35fbfae414fa5a9355bfb45f56efa7ab4929e669264a0258976' +
      '741dfbe3288bfb49828e5df02c2e633df38d2245e30162ae7e3bcca5b8b49345',
    source,
  },
  {
    file: 'powersOfTau28_hez_final_18.ptau',
    power: 18,
    blake2b:
      '7e6a9c2e5f05179ddfc923f38f917c9e6831d16922a902b0b4758b8e79c2ab8a' +
      '81bb5f29952e16ee6c5067ed044d7857b5de120a90704c1d3b637fd94b95b13e',
    source,
  },
]
