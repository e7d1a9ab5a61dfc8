pragma circom 2.2.0;

include "circomlib/circuits/babyjub.circom";
include "circomlib/circuits/bitify.circom";
include "circomlib/circuits/escalarmulany.circom";
include "circomlib/circuits/escalarmulfix.circom";
include "integers.circom";

/// @title ElGamal in the exponent on Baby Jubjub: r * B and m * B + r * Y (PRIV-2)
///
/// The twin is src/core/wellness/makeShare.ts; B is BASE8, of prime order below 2^251. Both points
/// are of one r, whatever 251 bits it has: r and r + order give the same points.
///
/// The steps of circomlib add points of the Montgomery form without the case of equal ones. With B
/// and Y of that order and not the identity none are equal: of two that are added one is a multiple
/// by more than the other, and by less than the order. The last sum for r * B can be the identity,
/// which has no such form: four r of the 2^251 have no witness.
///
/// @input message  m, 0..messageMax, range-checked here
/// @input blinding r, 0..2^251 - 1, range-checked here
/// @input key[2]   Y, affine; of the subgroup and not the identity, checked by the verifier
/// @output first[2]  r * B, affine
/// @output second[2] m * B + r * Y, affine
/// @signal blinded[blindingBits] 0 or 1, lowest first, by Num2Bits: r has one form below 254 bits
/// @signal mask[2]               r * Y, affine, by EscalarMulAny
/// @signal counted[messageBits]  0 or 1, lowest first, by Num2Bits: bits of m
/// @signal meaning[2]            m * B, affine, by EscalarMulFix
template ElGamalShare(messageMax) {
    signal input message;
    signal input blinding;
    signal input key[2];
    signal output first[2];
    signal output second[2];

    var base[2] = [
        5299619240641551281634865583518297030282874472190772894086521144482721001553,
        16950150798460657717958625567821834550301663161624707787222815936182638968203
    ];
    var blindingBits = 251;
    var messageBits = floorLog2(messageMax) + 1;

    signal blinded[blindingBits] <== Num2Bits(blindingBits)(blinding);
    first <== EscalarMulFix(blindingBits, base)(blinded);
    signal mask[2] <== EscalarMulAny(blindingBits)(blinded, key);

    InRange(0, messageMax)(message);
    signal counted[messageBits] <== Num2Bits(messageBits)(message);
    signal meaning[2] <== EscalarMulFix(messageBits, base)(counted);
    component sum = BabyAdd();
    sum.x1 <== meaning[0];
    sum.y1 <== meaning[1];
    sum.x2 <== mask[0];
    sum.y2 <== mask[1];
    second <== [sum.xout, sum.yout];
}
