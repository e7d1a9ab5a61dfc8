pragma circom 2.2.0;

include "circomlib/circuits/poseidon.circom";
include "../lib/breath_share.circom";
include "../lib/breath_window.circom";

/// @title liveness_proof: a heart followed the breaths that it was asked for
///
/// The statement stands in docs/spec/proof.md. Public signals in the order of that document; their
/// names and indices live in src/core/liveness/publicSignals.ts.
///
/// Public, set and checked by the verifier:
/// @input chainId   253 bits, folded chain id
/// @input epoch     32 bits; its beacon drew the codeword
/// @input beacon    253 bits, folded beacon
/// @input identity  253 bits, folded key of the validator
/// @input nkHash    field element; Poseidon(nk) of the registration, compared here
/// @input codeword  0..15, drawn by the verifier
/// @input shareMin  basis points, a step of the claims
///
/// Private, each with the part that checks it:
/// @input ends[quarters], endTicks[quarters], marks[quarters], firstOffsetTicks: by BreathWindow
/// @input chosen[codewords * lags], share: by BreathShare
/// @input nullifierKey: any field element
///
/// @signal ownHash field element, by Poseidon; held equal to nkHash
/// @signal chainIdSquare, epochSquare, beaconSquare, identitySquare field elements, by their
/// products; they stand nowhere else
template LivenessProof(seconds, unmarkedMin, markedMax, codewords, lags) {
    var quarters = 4 * seconds;
    var samples = 2 * seconds;

    signal input chainId;
    signal input epoch;
    signal input beacon;
    signal input identity;
    signal input nkHash;
    signal input codeword;
    signal input shareMin;

    signal input ends[quarters];
    signal input endTicks[quarters];
    signal input marks[quarters];
    signal input firstOffsetTicks;
    signal input chosen[codewords * lags];
    signal input share;
    signal input nullifierKey;

    // Clause 1.
    component window = BreathWindow(seconds, unmarkedMin, markedMax);
    window.ends <== ends;
    window.endTicks <== endTicks;
    window.marks <== marks;
    window.firstOffsetTicks <== firstOffsetTicks;

    // Clause 2.
    BreathShare(samples, codewords, lags)(window.rhythm, chosen, codeword, share, shareMin);

    // Clause 3.
    signal ownHash <== Poseidon(1)([nullifierKey]);
    ownHash === nkHash;

    // Public signals in no constraint could be exchanged: these are in the proof, too.
    signal chainIdSquare <== chainId * chainId;
    signal epochSquare <== epoch * epoch;
    signal beaconSquare <== beacon * beacon;
    signal identitySquare <== identity * identity;
}

component main {
    public [chainId, epoch, beacon, identity, nkHash, codeword, shareMin]
} = LivenessProof(60, 30, 8, 16, 5);
