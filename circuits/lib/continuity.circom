pragma circom 2.2.0;

include "circomlib/circuits/comparators.circom";
include "circomlib/circuits/poseidon.circom";
include "integers.circom";

// Clause 4: S and S' (FIT-3). The twins are src/core/emotion/continuity.ts and commitments.ts.

/// @title Commitment to a level; the nullifier key is its salt (PRIV-5)
/// @input chainId      field element, folded, by the verifier
/// @input nullifierKey any field element
/// @input epoch        32 bits, by the verifier; one before the first for no level, too
/// @input level        0..10000, by the caller
/// @output out field element
template LevelCommitment() {
    signal input chainId;
    signal input nullifierKey;
    signal input epoch;
    signal input level;
    signal output out;

    var domain = 122618296735507023751622449; // "emo/state/1"
    out <== Poseidon(5)([domain, chainId, nullifierKey, epoch, level]);
}

/// @title What a score counts for behind an earlier level, and the level that it leaves
///
/// The level before moves towards rest by 100 for each epoch that was missed. What counts is at
/// most 1000 above that, and never above the score; what is left is at most 1000 below it.
///
/// @input score  0..10000, by Score
/// @input before 0..10000, range-checked here
/// @input missed 0..93, public, by the verifier: 100 * missed < 2^14
/// @output counted 0..10000, the lower of score and relaxed + 1000
/// @output level   0..10000, the higher of counted and relaxed - 1000
/// @signal isFarBelow 0 or 1, by IsNonNegative: |rest - before| < 2^14, and so less than 2^15 with
/// the reach
/// @signal isFarAbove 0 or 1, by IsNonNegative in the same way
/// @signal up      -9400..0, how far below rest it stays
/// @signal down    0..600, how far above
/// @signal relaxed 0..10000, between before and rest
/// @signal isTooHigh 0 or 1, by IsNonNegative: |score - relaxed| + 1000 < 2^14
/// @signal isTooLow  0 or 1, by IsNonNegative in the same way
template FollowedLevel() {
    signal input score;
    signal input before;
    signal input missed;
    signal output counted;
    signal output level;

    var rest = 9400;
    var relaxStep = 100;
    var levelStep = 1000;

    InRange(0, 10000)(before);
    var reach = relaxStep * missed;
    signal isFarBelow <== IsNonNegative(15)(rest - before - reach - 1);
    signal isFarAbove <== IsNonNegative(15)(before - rest - reach - 1);
    signal up <== isFarBelow * (before + reach - rest);
    signal down <== isFarAbove * (before - reach - rest);
    signal relaxed <== rest + up + down;

    signal isTooHigh <== IsNonNegative(14)(score - relaxed - levelStep - 1);
    counted <== score + isTooHigh * (relaxed + levelStep - score);
    signal isTooLow <== IsNonNegative(14)(relaxed - levelStep - counted - 1);
    level <== counted + isTooLow * (relaxed - levelStep - counted);
}

/// @title Opens S, which the proof before left, and makes S'
/// @input score        0..10000, by Score
/// @input levelBefore  range-checked by FollowedLevel; the one in S, and that of rest without S
/// @input stateBefore  S as the chain has it, 0 for none; opened here
/// @input missedEpochs 0..93, by the verifier: S is of epoch - 1 - missedEpochs; 0 without S
/// @input chainId, nullifierKey, epoch: as in the nullifier
/// @output counted     0..10000, for the threshold
/// @output stateAfter  S', field element
/// @signal isWithout 0 or 1, by IsEqual: whether there is no S
/// @signal opened    field element, by LevelCommitment; held equal to S where there is one
/// @signal level     0..10000, by FollowedLevel
template Continuity() {
    signal input score;
    signal input levelBefore;
    signal input stateBefore;
    signal input missedEpochs;
    signal input chainId;
    signal input nullifierKey;
    signal input epoch;
    signal output counted;
    signal output stateAfter;

    var rest = 9400;

    signal isWithout <== IsEqual()([stateBefore, 0]);
    isWithout * (levelBefore - rest) === 0;
    signal opened <== LevelCommitment()(
        chainId, nullifierKey, epoch - 1 - missedEpochs, levelBefore
    );
    (1 - isWithout) * (opened - stateBefore) === 0;

    signal level;
    (counted, level) <== FollowedLevel()(score, levelBefore, missedEpochs);
    stateAfter <== LevelCommitment()(chainId, nullifierKey, epoch, level);
}
