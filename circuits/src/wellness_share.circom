pragma circom 2.2.0;

include "circomlib/circuits/poseidon.circom";
include "../lib/elgamal.circom";
include "../lib/enrolled.circom";
include "../lib/integers.circom";

/// @title wellness_share: an enrolled person's part of a sum is a number in range, once an epoch
///
/// The statement stands in docs/spec/proof.md. Public signals in the order of that document; their
/// names and indices live in src/core/wellness/publicSignals.ts. Which person it is stays private.
///
/// Public, set and checked by the verifier:
/// @input enrolmentRoot   field element; root that a final boundary carries
/// @input nullifier       field element; compared here with its preimage
/// @input chainId         253 bits, folded chain id
/// @input epoch           32 bits; of the sum
/// @input consentVersion  32 bits
/// @input key[2]          Y, affine; of the subgroup and not the identity
/// @input first[2]        r * B, affine; compared here
/// @input second[2]       m * B + r * Y, affine; compared here
///
/// Private, each with the part that checks it:
/// @input message, blinding: by ElGamalShare
/// @input credentialExpiryEpoch: at most 2^32 - 1 after epoch
/// @input nullifierKey, identity, baselineCommitment: any field element
/// @input leafIndex, siblings[depth]: by Enrolled
///
/// @signal root         field element, by Enrolled; held equal to enrolmentRoot
/// @signal ownNullifier field element, by Poseidon; held equal to nullifier
template WellnessShare(depth, messageMax) {
    signal input enrolmentRoot;
    signal input nullifier;
    signal input chainId;
    signal input epoch;
    signal input consentVersion;
    signal input key[2];
    signal input first[2];
    signal input second[2];

    signal input message;
    signal input blinding;
    signal input nullifierKey;
    signal input identity;
    signal input baselineCommitment;
    signal input credentialExpiryEpoch;
    signal input leafIndex;
    signal input siblings[depth];

    // Clause 1.
    component share = ElGamalShare(messageMax);
    share.message <== message;
    share.blinding <== blinding;
    share.key <== key;
    share.first === first;
    share.second === second;

    // Clause 2.
    signal root <== Enrolled(depth)(
        nullifierKey,
        identity,
        baselineCommitment,
        consentVersion,
        credentialExpiryEpoch,
        leafIndex,
        siblings
    );
    root === enrolmentRoot;
    InRange(0, (1 << 32) - 1)(credentialExpiryEpoch - epoch);

    // Clause 3.
    var domain = 2057193649902309762160336366153521; // "emo/wellness/1"
    signal ownNullifier <== Poseidon(4)([domain, chainId, nullifierKey, epoch]);
    ownNullifier === nullifier;
}

component main {
    public [enrolmentRoot, nullifier, chainId, epoch, consentVersion, key, first, second]
} = WellnessShare(20, 1000);
