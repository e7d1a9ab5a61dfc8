pragma circom 2.2.0;

include "circomlib/circuits/babyjub.circom";
include "circomlib/circuits/eddsaposeidon.circom";
include "circomlib/circuits/poseidon.circom";

/// @title Clause 7: a sensor signed these intervals for this validator and epoch (ZK-10)
///
/// EdDSA over Baby Jubjub with Poseidon (circomlib, EIP-2494). The twin is
/// src/core/emotion/sensorSignature.ts. What is signed: the offset and all intervals, 12 bits each
/// and 21 to a word, and the challenge that the sensor was handed. The marks are the prover's.
///
/// circomlib's verifier keeps S below the order of the subgroup, so that a signature has one form,
/// and refuses a key of which 8 times is the identity; it takes the points as they come. Here both
/// points are on the curve, where its additions have no case of their own, and the key is 8 times a
/// point, which puts it into the subgroup of prime order: no key has a second form, and none of
/// small order is one.
///
/// @input ticks[beats]     0..2048, range-checked by HeartbeatWindow; 0 in unused slots
/// @input firstOffsetTicks 0..2048, range-checked by HeartbeatWindow
/// @input chainId          field element, folded, by the verifier
/// @input epoch            32 bits, by the verifier
/// @input beacon           field element, folded, by the verifier
/// @input identity         field element, folded, by the verifier
/// @input keyEighth[2]     affine; on the curve, checked here; the key is 8 times this point
/// @input signatureR8[2]   affine; on the curve, checked here
/// @input signatureS       0..order - 1, range-checked here
/// @output keyHash         Poseidon of the key's affine coordinates
/// @signal words[wordCount] below 2^252, 21 values of 12 bits each. Intervals are at least 308, so
/// that the words tell how many there are
/// @signal windowHash  field element, by Poseidon
/// @signal challenge   field element, by Poseidon; what the sensor was handed
/// @signal message     field element, by Poseidon
/// @signal double[2]   affine; on the curve, by BabyDbl of a point on it
/// @signal fourfold[2] affine; on the curve, by BabyDbl
/// @signal key[2]      affine; in the subgroup, by BabyDbl; not the identity, by the verifier
template SensorSignature(beats) {
    var bitsPerValue = 12;
    var valuesPerWord = 21;
    var wordCount = (beats + 1 + valuesPerWord - 1) \ valuesPerWord;
    var domain = 31390283964285590245293043505; // "emo/sensor/1"

    signal input ticks[beats];
    signal input firstOffsetTicks;
    signal input chainId;
    signal input epoch;
    signal input beacon;
    signal input identity;
    signal input keyEighth[2];
    signal input signatureR8[2];
    signal input signatureS;
    signal output keyHash;

    // The message.
    signal words[wordCount];
    for (var word = 0; word < wordCount; word++) {
        var packed = 0;
        for (var place = 0; place < valuesPerWord; place++) {
            var at = word * valuesPerWord + place;
            if (at == 0) packed += firstOffsetTicks;
            else if (at <= beats) packed += ticks[at - 1] * (1 << (bitsPerValue * place));
        }
        words[word] <== packed;
    }
    signal windowHash <== Poseidon(wordCount)(words);
    signal challenge <== Poseidon(4)([chainId, epoch, beacon, identity]);
    signal message <== Poseidon(3)([domain, windowHash, challenge]);

    // The key.
    BabyCheck()(keyEighth[0], keyEighth[1]);
    signal double[2];
    signal fourfold[2];
    signal key[2];
    (double[0], double[1]) <== BabyDbl()(keyEighth[0], keyEighth[1]);
    (fourfold[0], fourfold[1]) <== BabyDbl()(double[0], double[1]);
    (key[0], key[1]) <== BabyDbl()(fourfold[0], fourfold[1]);
    keyHash <== Poseidon(2)(key);

    // The signature.
    BabyCheck()(signatureR8[0], signatureR8[1]);
    component verifier = EdDSAPoseidonVerifier();
    verifier.enabled <== 1;
    verifier.Ax <== key[0];
    verifier.Ay <== key[1];
    verifier.S <== signatureS;
    verifier.R8x <== signatureR8[0];
    verifier.R8y <== signatureR8[1];
    verifier.M <== message;
}
