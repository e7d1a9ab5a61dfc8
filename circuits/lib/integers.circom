pragma circom 2.2.0;

include "circomlib/circuits/bitify.circom";

// Integer arithmetic with fully constrained hints (FIT-4). Every `<--` below is followed by the
// constraints that leave one possible value. src/core/emotion/integers.ts holds the same functions.

function floorLog2(value) {
    var exponent = 0;
    while (value > 1) {
        value = value >> 1;
        exponent += 1;
    }
    return exponent;
}

/// @title least <= in <= most, exactly
/// The weights 1, 2, 4 … 2^(b-1) and one rest reach every integer of 0..most-least and no other.
/// @input in field element; after this in [least, most]
/// @signal bits[bitCount + extra] hints, each 0 or 1 by a product; with their weights they add
/// up to in - least, and to no more than 2^250. With a rest there may be two forms; `in` has one
template InRange(least, most) {
    signal input in;

    var width = most - least;
    assert(width > 0 && width < (1 << 250));
    var bitCount = floorLog2(width + 1);
    var rest = width - ((1 << bitCount) - 1);
    var extra = rest > 0 ? 1 : 0;

    signal bits[bitCount + extra];
    var value = in - least;
    var sum = 0;
    if (extra == 1) {
        bits[bitCount] <-- value > (1 << bitCount) - 1 ? 1 : 0;
        bits[bitCount] * (bits[bitCount] - 1) === 0;
        sum += bits[bitCount] * rest;
        value -= bits[bitCount] * rest;
    }
    for (var i = 0; i < bitCount; i++) {
        bits[i] <-- (value >> i) & 1;
        bits[i] * (bits[i] - 1) === 0;
        sum += bits[i] * (1 << i);
    }
    in === least + sum;
}

/// @title floor(numerator / divisor)
/// The equation is one of integers, which have one quotient and remainder: divisor - 1 is a sum of
/// two numbers below divisorMax, and quotientMax times twice that stays below the field's order.
/// @input numerator the caller bounds it: quotient <= quotientMax must be possible
/// @input divisor 1..divisorMax, bounded above by the caller; 0 has no remainder and fails here
/// @output quotient hint, 0..quotientMax, range-checked here; by the equation the only one
/// @signal remainder hint, 0..divisor - 1, by two range checks here; by the equation the only one
template FloorDivide(quotientMax, divisorMax) {
    assert(floorLog2(quotientMax) + floorLog2(divisorMax) < 248);
    signal input numerator;
    signal input divisor;
    signal output quotient;

    quotient <-- numerator \ divisor;
    signal remainder <-- numerator % divisor;
    numerator === quotient * divisor + remainder;
    InRange(0, quotientMax)(quotient);
    InRange(0, divisorMax - 1)(remainder);
    InRange(0, divisorMax - 1)(divisor - 1 - remainder);
}

/// @title floor(numerator / divisor) for a constant divisor
/// @input numerator 0..divisor * (quotientMax + 1) - 1, which is what the two checks here leave
/// @output quotient hint, 0..quotientMax, range-checked here; the only one that leaves a remainder
/// in 0..divisor - 1, since the product stays below the field's order
template DivideByConstant(quotientMax, divisor) {
    assert(floorLog2(quotientMax) + floorLog2(divisor) < 248);
    signal input numerator;
    signal output quotient;

    quotient <-- numerator \ divisor;
    InRange(0, quotientMax)(quotient);
    InRange(0, divisor - 1)(numerator - quotient * divisor);
}

/// @title 1 when in >= 0, else 0
/// @input in |in| < 2^bitCount, bounded by the caller
/// @output out 0 or 1, a bit of Num2Bits, which has one form below 254 bits
template IsNonNegative(bitCount) {
    assert(bitCount < 252);
    signal input in;
    signal output out;

    component bits = Num2Bits(bitCount + 1);
    bits.in <== in + (1 << bitCount);
    out <== bits.out[bitCount];
}

/// @title floor(clip(numerator, 0, quotientMax * divisor) / divisor)
/// @input numerator |numerator| < 2^numeratorBits, bounded by the caller
/// @input divisor 1..divisorMax, bounded above by the caller
/// @output quotient 0..quotientMax, by FloorDivide
/// @signal most below 2^mostBits, by the caller's bound of divisor
/// @signal isNonNegative 0 or 1, by IsNonNegative
/// @signal isAbove 0 or 1, by IsNonNegative: |numerator - most - 1| < 2^excessBits
/// @signal below the lower of numerator and most
/// @signal clamped 0..most, so that it has a quotient up to quotientMax
template ClampedQuotient(numeratorBits, divisorMax, quotientMax) {
    signal input numerator;
    signal input divisor;
    signal output quotient;

    var mostBits = floorLog2(quotientMax * divisorMax) + 1;
    var excessBits = (mostBits > numeratorBits ? mostBits : numeratorBits) + 1;

    signal most <== quotientMax * divisor;
    signal isNonNegative <== IsNonNegative(numeratorBits)(numerator);
    signal isAbove <== IsNonNegative(excessBits)(numerator - most - 1);
    signal below <== numerator + isAbove * (most - numerator);
    signal clamped <== isNonNegative * below;
    quotient <== FloorDivide(quotientMax, divisorMax)(clamped, divisor);
}

/// @title |in|
/// @input in |in| < 2^bitCount, range-checked here
/// @output out 0..2^bitCount - 1, range-checked here
/// @signal isNegative hint, 0 or 1 by a product; the range of out leaves one of them, and both
/// for in = 0, where out is 0 with either
template Absolute(bitCount) {
    signal input in;
    signal output out;

    signal isNegative <-- in < 0 ? 1 : 0;
    isNegative * (isNegative - 1) === 0;
    out <== in * (1 - 2 * isNegative);
    InRange(0, (1 << bitCount) - 1)(out);
}
