pragma circom 2.2.0;

include "circomlib/circuits/poseidon.circom";
include "enrolment.circom";

/// @title Root of the enrolment tree that holds the leaf of a key (STATE-2)
///
/// The twin is src/core/emotion/commitments.ts. All inputs but the index are bound by Poseidon
/// alone: whoever finds others for the same root has found a collision.
///
/// @input nullifierKey          any field element; its hash stands in the leaf
/// @input identity              field element, folded key of the validator
/// @input baselineCommitment    field element
/// @input consentVersion        32 bits, by the verifier
/// @input credentialExpiryEpoch field element; the chain writes 32 bits
/// @input leafIndex             0..2^depth - 1, range-checked here
/// @input siblings[depth]       from the leaf up, any field elements
/// @output root field element
/// @signal nkHash field element, by Poseidon
/// @signal leaf   field element, by Poseidon
template Enrolled(depth) {
    signal input nullifierKey;
    signal input identity;
    signal input baselineCommitment;
    signal input consentVersion;
    signal input credentialExpiryEpoch;
    signal input leafIndex;
    signal input siblings[depth];
    signal output root;

    signal nkHash <== Poseidon(1)([nullifierKey]);
    signal leaf <== Poseidon(5)(
        [identity, nkHash, baselineCommitment, consentVersion, credentialExpiryEpoch]
    );
    root <== EnrolmentRoot(depth)(leaf, leafIndex, siblings);
}
