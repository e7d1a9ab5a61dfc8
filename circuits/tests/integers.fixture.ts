/** A circuit of the templates of integers.circom, and an input for it. */

/** Every template of integers.circom that computes, at ends and between, in one circuit. */
export const integers = `include "../lib/integers.circom";
template Integers() {
    signal input exact;
    signal input loose;
    signal input numerators[4];
    signal input divisors[4];
    signal input constants[3];
    signal input signs[2];
    signal input clamped[3];
    signal output out[15];
    InRange(0, 1023)(exact);
    InRange(0, 1000)(loose);
    for (var i = 0; i < 4; i++) out[i] <== FloorDivide(40, 60)(numerators[i], divisors[i]);
    for (var i = 0; i < 3; i++) {
        InRange(0, 5000)(constants[i]);
        out[4 + i] <== DivideByConstant(100, 40)(constants[i]);
    }
    for (var i = 0; i < 2; i++) out[7 + i] <== Absolute(8)(signs[i]);
    for (var i = 0; i < 3; i++) {
        out[9 + i] <== ClampedQuotient(12, 60, 30)(clamped[i], divisors[i]);
        out[12 + i] <== IsNonNegative(12)(clamped[i]);
    }
}
component main = Integers();
`
export const integersInput = {
  exact: '777',
  loose: '500',
  numerators: ['0', '399', '400', '2400'],
  divisors: ['1', '10', '60', '60'],
  constants: ['0', '1239', '4039'],
  signs: ['-77', '255'],
  clamped: ['-4000', '123', '4000'],
}
