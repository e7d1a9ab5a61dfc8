pragma circom 2.2.0;

include "circomlib/circuits/bitify.circom";

// 65536 * ln(x) / 2 in integers, the twin of src/core/emotion/lnSqrt.ts (FIT-1). A test compares
// the tables.

function lnMantissaTable() {
    return [
        0, 508, 1008, 1501, 1987, 2465, 2936, 3401, 3860, 4311, 4757, 5197, 5631, 6060, 6482,
        6900, 7312, 7719, 8121, 8518, 8911, 9299, 9682, 10061, 10435, 10805, 11171, 11534, 11892,
        12246, 12596, 12943, 13286, 13626, 13962, 14295, 14624, 14950, 15273, 15593, 15909,
        16223, 16533, 16841, 17146, 17448, 17747, 18044, 18337, 18629, 18917, 19204, 19487,
        19769, 20048, 20324, 20598, 20870, 21140, 21407, 21673, 21936, 22197, 22456, 22713
    ];
}

function lnExponentTable() {
    return [
        0, 22713, 45426, 68139, 90852, 113565, 136278, 158991, 181704, 204417, 227130, 249844,
        272557, 295270, 317983, 340696, 363409, 386122, 408835, 431548, 454261, 476974, 499687,
        522400, 545113, 567826, 590539
    ];
}

/// @title One-hot form of three bits
/// @input bits[3] boolean, constrained by the caller, lowest first
/// @output out[8] one of them 1, the others 0: products of the bits
/// @signal both 0 or 1, the product of the lower two bits
template OneHot8() {
    signal input bits[3];
    signal output out[8];

    signal both <== bits[0] * bits[1];
    var quarters[4] = [1 - bits[0] - bits[1] + both, bits[0] - both, bits[1] - both, both];
    for (var i = 0; i < 4; i++) {
        out[4 + i] <== quarters[i] * bits[2];
        out[i] <== quarters[i] - out[4 + i];
    }
}

/// @title The entry of a table of 64 at an index given as two one-hot digits
/// @input high[8] one of them 1, by OneHot8
/// @input low[8]  one of them 1, by OneHot8
/// @output out an entry of the table
/// @signal rows[8] an entry of the table in the row that high has, 0 in the others
template Lookup64(table) {
    signal input high[8];
    signal input low[8];
    signal output out;

    signal rows[8];
    var sum = 0;
    for (var i = 0; i < 8; i++) {
        var row = 0;
        for (var j = 0; j < 8; j++) row += table[8 * i + j] * low[j];
        rows[i] <== high[i] * row;
        sum += rows[i];
    }
    out <== sum;
}

/// @title lnSqrtQ16
///
/// in * 2^(26 - e) = 2^26 + step * 2^20 + fraction, with e the place of the leading one; the result
/// is what the tables have for e and step, and floor(slope * fraction / 2^20) by dropping bits.
///
/// @input in 1..2^27 - 1, range-checked here
/// @output out 0..613251
/// @signal clear[28] 1 when no bit of in at or above i is set, else 0: products of bits of
/// Num2Bits. clear[0] is held at 0, which refuses in = 0
/// @signal mantissa 2^26..2^27 - 1: Num2Bits has 26 bits of what it is above 2^26
/// @signal low[8]  one of them 1, by OneHot8: lower three bits of step
/// @signal high[8] one of them 1, by OneHot8: upper three bits of step
/// @signal start 0..22456, an entry by Lookup64
/// @signal slope 257..508, an entry by Lookup64
/// @signal rise  0..508 * (2^20 - 1), below 2^29; in bits by Num2Bits
template LnSqrtQ16() {
    signal input in;
    signal output out;

    var exponents[27] = lnExponentTable();
    var knots[65] = lnMantissaTable();
    var starts[64];
    var slopes[64];
    for (var i = 0; i < 64; i++) {
        starts[i] = knots[i];
        slopes[i] = knots[i + 1] - knots[i];
    }

    component bits = Num2Bits(27);
    bits.in <== in;
    signal clear[28];
    clear[27] <== 1;
    var scale = 0;
    var exponent = 0;
    for (var i = 26; i >= 0; i--) {
        clear[i] <== clear[i + 1] * (1 - bits.out[i]);
        var isLeading = clear[i + 1] - clear[i];
        scale += isLeading * (1 << (26 - i));
        exponent += isLeading * exponents[i];
    }
    clear[0] === 0;

    signal mantissa <== in * scale;
    component parts = Num2Bits(26);
    parts.in <== mantissa - (1 << 26);
    var fraction = 0;
    for (var i = 0; i < 20; i++) fraction += parts.out[i] * (1 << i);
    signal low[8] <== OneHot8()([parts.out[20], parts.out[21], parts.out[22]]);
    signal high[8] <== OneHot8()([parts.out[23], parts.out[24], parts.out[25]]);
    signal start <== Lookup64(starts)(high, low);
    signal slope <== Lookup64(slopes)(high, low);

    signal rise <== slope * fraction;
    component riseBits = Num2Bits(29);
    riseBits.in <== rise;
    var interpolated = 0;
    for (var i = 20; i < 29; i++) interpolated += riseBits.out[i] * (1 << (i - 20));

    out <== exponent + start + interpolated;
}
