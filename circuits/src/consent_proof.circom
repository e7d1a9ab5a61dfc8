pragma circom 2.2.0;

include "circomlib/circuits/poseidon.circom";
include "../lib/enrolled.circom";

/// @title consent_proof: whoever shows this has a live record of consent, and does not say who
///
/// The statement stands in docs/spec/proof.md. Public signals in the order of that document; their
/// names and indices live in src/core/consent/publicSignals.ts.
///
/// Public, set and checked by the verifier:
/// @input enrolmentRoot   field element; root that a final boundary carries
/// @input nullifier       field element; compared here with its preimage
/// @input chainId         253 bits, folded chain id
/// @input epoch           32 bits
/// @input scope           253 bits, folded name of the use
/// @input consentVersion  32 bits; equals the record's
///
/// Private, each with the part that checks it:
/// @input nullifierKey, identity, baselineCommitment, credentialExpiryEpoch: any field element
/// @input leafIndex, siblings[depth]: by Enrolled
///
/// @signal root         field element, by Enrolled; held equal to enrolmentRoot
/// @signal ownNullifier field element, by Poseidon; held equal to nullifier
template ConsentProof(depth) {
    signal input enrolmentRoot;
    signal input nullifier;
    signal input chainId;
    signal input epoch;
    signal input scope;
    signal input consentVersion;

    signal input nullifierKey;
    signal input identity;
    signal input baselineCommitment;
    signal input credentialExpiryEpoch;
    signal input leafIndex;
    signal input siblings[depth];

    // Clause 1.
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

    // Clause 2.
    var domain = 8035912694562683773513033330481; // "emo/consent/1"
    signal ownNullifier <== Poseidon(5)([domain, chainId, nullifierKey, epoch, scope]);
    ownNullifier === nullifier;
}

component main {
    public [enrolmentRoot, nullifier, chainId, epoch, scope, consentVersion]
} = ConsentProof(20);
