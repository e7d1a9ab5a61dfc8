pragma circom 2.2.0;

include "circomlib/circuits/comparators.circom";
include "circomlib/circuits/poseidon.circom";
include "continuity.circom";
include "enrolment.circom";
include "integers.circom";
include "score.circom";
include "window.circom";

/// @title An enrolled heart was calm enough by its own baseline
///
/// Clauses 1 to 5 of docs/spec/proof.md, for `emotional_proof` and `emotional_proof_signed`.
///
/// Public in both, set and checked by the verifier:
/// @input enrolmentRoot   field element; root that a final boundary carries
/// @input nullifier       field element; compared here with its preimage
/// @input chainId         253 bits, folded chain id
/// @input epoch           32 bits
/// @input beacon          253 bits, folded beacon; bound to the proof by its square
/// @input identity        253 bits, folded key of the validator
/// @input threshold       0..10000
/// @input consentVersion  32 bits
/// @input provenance      1..5; 3 is camera
/// @input scoreMode       0 or 1: `threshold` is the least that the score is, or its floor to 500
/// @input stateBefore     field element, as the chain has it; 0 for none
/// @input missedEpochs    0..93; 0 without stateBefore
/// @input stateAfter      field element; compared here
///
/// Private, each with the part that checks it:
/// @input ticks[beats], selected[beats], marks[beats], jumps[beats - 1], firstOffsetTicks: by
/// HeartbeatWindow
/// @input restHrCentiBpm, hrSigmaCentiBpm, lnRmssdQ16, lnRmssdSigmaQ16: by Score
/// @input baselineSalt, nullifierKey: any field element
/// @input levelBefore: by Continuity
/// @input credentialExpiryEpoch: at most 2^32 - 1 after epoch
/// @input leafIndex, siblings[depth]: by EnrolmentRoot
///
/// @signal baselineCommitment field element, by BaselineCommitment
/// @signal nkHash       field element, by Poseidon
/// @signal leaf         field element, by Poseidon
/// @signal root         field element, by EnrolmentRoot; held equal to enrolmentRoot
/// @signal isCamera     0 or 1, by IsEqual
/// @signal score        0..10000, by Score
/// @signal counted      0..10000, by Continuity
/// @signal ownState     field element, by Continuity; held equal to stateAfter
/// @signal ownNullifier field element, by Poseidon; held equal to nullifier
/// @signal beaconSquare field element, by its product; stands nowhere else
template EmotionalProof(beats, depth, marksMax) {
    signal input enrolmentRoot;
    signal input nullifier;
    signal input chainId;
    signal input epoch;
    signal input beacon;
    signal input identity;
    signal input threshold;
    signal input consentVersion;
    signal input provenance;
    signal input scoreMode;
    signal input stateBefore;
    signal input missedEpochs;
    signal input stateAfter;

    signal input ticks[beats];
    signal input selected[beats];
    signal input marks[beats];
    signal input jumps[beats - 1];
    signal input firstOffsetTicks;
    signal input restHrCentiBpm;
    signal input hrSigmaCentiBpm;
    signal input lnRmssdQ16;
    signal input lnRmssdSigmaQ16;
    signal input baselineSalt;
    signal input nullifierKey;
    signal input credentialExpiryEpoch;
    signal input levelBefore;
    signal input leafIndex;
    signal input siblings[depth];

    // Clauses 1 and 3.
    component window = HeartbeatWindow(beats, marksMax);
    window.ticks <== ticks;
    window.selected <== selected;
    window.marks <== marks;
    window.jumps <== jumps;
    window.firstOffsetTicks <== firstOffsetTicks;

    // Clause 2.
    signal baselineCommitment <== BaselineCommitment()(
        restHrCentiBpm, hrSigmaCentiBpm, lnRmssdQ16, lnRmssdSigmaQ16, baselineSalt
    );
    signal nkHash <== Poseidon(1)([nullifierKey]);
    signal leaf <== Poseidon(5)(
        [identity, nkHash, baselineCommitment, consentVersion, credentialExpiryEpoch]
    );
    signal root <== EnrolmentRoot(depth)(leaf, leafIndex, siblings);
    root === enrolmentRoot;
    InRange(0, (1 << 32) - 1)(credentialExpiryEpoch - epoch);

    // Clause 4.
    signal isCamera <== IsEqual()([provenance, 3]);
    signal score <== Score()(
        window.beatCount,
        window.unmarkedCount,
        window.unmarkedTicks,
        window.pairCount,
        window.pairSquares,
        window.indexSum,
        window.indexSquares,
        window.indexTicks,
        restHrCentiBpm,
        hrSigmaCentiBpm,
        lnRmssdQ16,
        lnRmssdSigmaQ16,
        isCamera
    );
    signal counted;
    signal ownState;
    (counted, ownState) <== Continuity()(
        score, levelBefore, stateBefore, missedEpochs, chainId, nullifierKey, epoch
    );
    ownState === stateAfter;
    InRange(0, 10000)(counted - threshold);
    InRange(0, 499)(scoreMode * (counted - threshold));

    // Clause 5.
    var domain = 526641574364186524598834042934275889; // "emo/nullifier/1"
    signal ownNullifier <== Poseidon(4)([domain, chainId, nullifierKey, epoch]);
    ownNullifier === nullifier;

    // A public signal in no constraint could be exchanged: this one is in the proof, too.
    signal beaconSquare <== beacon * beacon;
}
