pragma circom 2.2.0;

include "circomlib/circuits/bitify.circom";
include "circomlib/circuits/poseidon.circom";

// Clause 2: the enrolment leaf and its path (STATE-2). The twins are
// src/core/emotion/commitments.ts and enrolmentTree.ts.

/// @title Salted commitment to the baseline (PRIV-5)
/// The four values are packed side by side.
/// @input restHrCentiBpm   3000..11000, 16 bits of the pack; range-checked by Score
/// @input hrSigmaCentiBpm  300..600, 16 bits; range-checked by Score
/// @input lnRmssdQ16       196608..589824, 32 bits; range-checked by Score
/// @input lnRmssdSigmaQ16  16384..32768, 32 bits; range-checked by Score
/// @input salt             any field element; the prover draws 248 random bits
/// @output out field element
/// @signal packed below 2^80, one for each four values: none reaches the place of the next
template BaselineCommitment() {
    signal input restHrCentiBpm;
    signal input hrSigmaCentiBpm;
    signal input lnRmssdQ16;
    signal input lnRmssdSigmaQ16;
    signal input salt;
    signal output out;

    var domain = 2057193649803066781474430478790449; // "emo/baseline/1"
    signal packed <== restHrCentiBpm + hrSigmaCentiBpm * (1 << 16) + lnRmssdQ16 * (1 << 32)
        + lnRmssdSigmaQ16 * (1 << 64);
    out <== Poseidon(3)([domain, packed, salt]);
}

/// @title Root of the tree that a leaf belongs to
/// @input leaf            field element, a hash made by the caller
/// @input leafIndex       0..2^depth - 1, range-checked here
/// @input siblings[depth] from the leaf up, any field elements
/// @output root field element
/// @signal hashes[depth + 1] field elements, by Poseidon but the first, which is the leaf
/// @signal left[depth]       the hash, or the sibling where the index has a 1 by Num2Bits
template EnrolmentRoot(depth) {
    signal input leaf;
    signal input leafIndex;
    signal input siblings[depth];
    signal output root;

    component bits = Num2Bits(depth);
    bits.in <== leafIndex;
    signal hashes[depth + 1];
    signal left[depth];
    hashes[0] <== leaf;
    for (var i = 0; i < depth; i++) {
        left[i] <== hashes[i] + bits.out[i] * (siblings[i] - hashes[i]);
        hashes[i + 1] <== Poseidon(2)([left[i], hashes[i] + siblings[i] - left[i]]);
    }
    root <== hashes[depth];
}
