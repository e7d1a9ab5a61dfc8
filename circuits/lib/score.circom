pragma circom 2.2.0;

include "circomlib/circuits/comparators.circom";
include "integers.circom";
include "ln_sqrt.circom";

// The score of FIT-1, the twin of src/core/emotion/score.ts: equal to the last bit (FIT-4). The
// formulas stand in docs/spec/emotion.md under the same names. Inputs are outputs of
// HeartbeatWindow, whose bounds the widths below rest on.

/// @title Deviation from the baseline in 1/10000 of sigma, clipped to -30000..10000
/// @input difference |10000 * difference + 30000 * sigma| < 2^numeratorBits, by the caller
/// @input sigma 1..sigmaMax, by the caller
/// @output z -30000..10000
/// @signal shifted 0..40000, by ClampedQuotient
template ZScore(numeratorBits, sigmaMax) {
    signal input difference;
    signal input sigma;
    signal output z;

    signal shifted <== ClampedQuotient(numeratorBits, sigmaMax, 40000)(
        10000 * difference + 30000 * sigma,
        sigma
    );
    z <== shifted - 30000;
}

/// @title T of twice the mean z: the lowest of three straight lines
/// @input z2 -60000..20000, by ZScore
/// @output calm 0..10000, by DivideByConstant
/// @signal isBelowMinusOne 0 or 1, by LessThan: z2 + 60000 is 0..80000, below 2^17
/// @signal isBelowZero     0 or 1, by LessThan in the same way
/// @signal upper  120000..400000, the lower of the two lines for z >= -1
/// @signal lowest 0..400000, so that it has a quotient up to 10000
template Calm() {
    signal input z2;
    signal output calm;

    signal isBelowMinusOne <== LessThan(17)([z2 + 60000, 40000]);
    signal isBelowZero <== LessThan(17)([z2 + 60000, 60000]);
    signal upper <== 2 * z2 + 360000 + isBelowZero * 2 * z2;
    signal lowest <== upper + isBelowMinusOne * (3 * z2 + 60000);
    calm <== DivideByConstant(10000, 40)(lowest);
}

/// @title 10000 less five times the relative drift of the least-squares line
/// @input beatCount      n, 28..128, by HeartbeatWindow
/// @input unmarkedCount  u, 20..128, by HeartbeatWindow
/// @input unmarkedTicks  T, up to 61440, by HeartbeatWindow
/// @input indexSum       up to 8128, by HeartbeatWindow
/// @input indexSquares   up to 690880, by HeartbeatWindow
/// @input indexTicks     up to 127 * 61440, by HeartbeatWindow
/// @output stability 0..10000
/// @signal weightedTicks   0..128 * 127 * 61440, below 2^30
/// @signal covariance      C, within 2^30 on either side: what is taken off is below 2^30, too
/// @signal weightedSquares 0..128 * 690880
/// @signal variance        D, 1..128 * 690880, below 2^27: no two of u >= 2 indices are equal
/// @signal magnitude       0..2^30 - 1, by Absolute
/// @signal weight          560..2^14
/// @signal numerator       0..10000 * 2^44, below 2^58
/// @signal divisor         positive as its factors, below 2^43
/// @signal drift           0..2000, by ClampedQuotient
template Stability() {
    signal input beatCount;
    signal input unmarkedCount;
    signal input unmarkedTicks;
    signal input indexSum;
    signal input indexSquares;
    signal input indexTicks;
    signal output stability;

    signal weightedTicks <== unmarkedCount * indexTicks;
    signal covariance <== weightedTicks - indexSum * unmarkedTicks;
    signal weightedSquares <== unmarkedCount * indexSquares;
    signal variance <== weightedSquares - indexSum * indexSum;
    signal magnitude <== Absolute(30)(covariance);
    signal weight <== beatCount * unmarkedCount;
    signal numerator <== 10000 * magnitude * weight;
    signal divisor <== variance * unmarkedTicks;
    signal drift <== ClampedQuotient(58, 1 << 43, 2000)(numerator, divisor);
    stability <== 10000 - 5 * drift;
}

/// @title The score in basis points
/// @input beatCount      n, 28..128, by HeartbeatWindow
/// @input unmarkedCount  u, 20..128, by HeartbeatWindow
/// @input unmarkedTicks  T, up to 61440, by HeartbeatWindow
/// @input pairCount      p, 11..127, by HeartbeatWindow
/// @input pairSquares    S, up to 127 * 682^2, by HeartbeatWindow
/// @input indexSum       up to 8128, by HeartbeatWindow
/// @input indexSquares   up to 690880, by HeartbeatWindow
/// @input indexTicks     up to 127 * 61440, by HeartbeatWindow
/// @input restHrCentiBpm, hrSigmaCentiBpm, lnRmssdQ16, lnRmssdSigmaQ16 baseline; range-checked here
/// @input isCamera boolean, constrained by the caller; RMSSD of a camera has weight 0
/// @output score 0..10000, by DivideByConstant
/// @signal hr  3000..19948, by FloorDivide of u intervals that last 308 u..2048 u ticks
/// @signal hrZ -30000..10000, by ZScore: |10000 * 16948 + 30000 * 600| < 2^29
/// @signal meanSquare 0..256 * 682^2, by FloorDivide, which leaves it below 2^27 - 1
/// @signal ln  0..613251, by LnSqrtQ16
/// @signal lnZ -30000..10000, by ZScore: |10000 * 589824 + 30000 * 32768| < 2^34
/// @signal second -30000..10000, one of the two
/// @signal calm      0..10000, by Calm
/// @signal stability 0..10000, by Stability
/// @signal coverage  0..10000, by DivideByConstant: 625 * 61440 = 10000 * 3840
template Score() {
    signal input beatCount;
    signal input unmarkedCount;
    signal input unmarkedTicks;
    signal input pairCount;
    signal input pairSquares;
    signal input indexSum;
    signal input indexSquares;
    signal input indexTicks;
    signal input restHrCentiBpm;
    signal input hrSigmaCentiBpm;
    signal input lnRmssdQ16;
    signal input lnRmssdSigmaQ16;
    signal input isCamera;
    signal output score;

    InRange(3000, 11000)(restHrCentiBpm);
    InRange(300, 600)(hrSigmaCentiBpm);
    InRange(196608, 589824)(lnRmssdQ16);
    InRange(16384, 32768)(lnRmssdSigmaQ16);

    signal hr <== FloorDivide(32767, 61440)(6144000 * unmarkedCount, unmarkedTicks);
    signal hrZ <== ZScore(29, 600)(restHrCentiBpm - hr, hrSigmaCentiBpm);

    signal meanSquare <== FloorDivide((1 << 27) - 2, 127)(256 * pairSquares, pairCount);
    signal ln <== LnSqrtQ16()(1 + meanSquare);
    signal lnZ <== ZScore(34, 32768)(ln - lnRmssdQ16, lnRmssdSigmaQ16);

    signal second <== lnZ + isCamera * (hrZ - lnZ);
    signal calm <== Calm()(hrZ + second);
    signal stability <== Stability()(
        beatCount, unmarkedCount, unmarkedTicks, indexSum, indexSquares, indexTicks
    );
    signal coverage <== DivideByConstant(10000, 3840)(625 * unmarkedTicks);
    score <== DivideByConstant(10000, 10)(6 * calm + 3 * stability + coverage);
}
