pragma circom 2.2.0;

include "integers.circom";

/// @title Clauses 1 and 3: a window of heartbeats (HRV-1) whose rhythm is not irregular (HRV-3),
/// and the sums that the score needs
///
/// Bounds of the statement, in ticks of 1/1024 s: intervals 308..2048, the longer of an unmarked
/// pair at most 3/2 of the shorter, at most `marksMax` marks, 61440 ticks filled to within one beat
/// at either end. From these follow 28 <= n, 20 <= u, 11 <= p for marksMax = 8: no divisor is 0.
///
/// Two neighbouring intervals, marked or not, jump when they differ by more than a fifth of their
/// mean; at most 15 % of the neighbours do. With d their difference and s their sum,
///
///     no jump    10 |d| <= s        100 d^2 <= s^2
///     3/2         5 |d| <= s         25 d^2 <= s^2
///
/// so that one comparison of squares is both bounds: s^2 <= 4096^2 = 2^24 and 100 d^2 < 2^29, and
/// a difference of them lies within 25 bits or is negative.
///
/// @input ticks[beats]     intervals, oldest first, 0 in unused slots; range-checked here
/// @input selected[beats]  1 for the n used slots, then 0; checked here
/// @input marks[beats]     1 for an interval that is no normal beat, only in used slots; checked
/// @input jumps[beats - 1] 1 where slot i jumps to the next, checked one way: 0 has to hold, and 1
/// counts against the 15 %; no use in saying it of others
/// @input firstOffsetTicks 0..2048, checked here
/// @output beatCount      n, 28..128
/// @output unmarkedCount  u, 20..128
/// @output unmarkedTicks  T, up to 61440
/// @output pairCount      p, 11..127
/// @output pairSquares    S, up to 127 * 682^2
/// @output indexSum       sum of i over unmarked intervals, up to 8128
/// @output indexSquares   sum of i^2, up to 690880
/// @output indexTicks     sum of i * r_i, up to 127 * 61440
///
/// Between slot i and the next where the shape is beats - 1; what is checked of inputs holds them:
/// @signal unmarked[beats]         0 or 1: a mark is in a used slot alone
/// @signal counted[beats]          308..2048, the interval where unmarked, else 0
/// @signal isPair[beats - 1]       0 or 1
/// @signal steps[beats - 1]        d, -1740..1740; 0 behind the last interval, where the next slot
/// is unused
/// @signal stepSquares[beats - 1]  d^2, 0..1740^2
/// @signal squares[beats - 1]      0..682^2, d^2 of a pair by the bound of 3/2, else 0
/// @signal totalSquares[beats - 1] s^2, 0..2^24
/// @signal isPairJump[beats - 1]   0 or 1
/// @signal bounds[beats - 1]       100 d^2, or for a jump 25 d^2 of a pair and 0 of others; 0..s^2,
/// range-checked here
template HeartbeatWindow(beats, marksMax) {
    var windowTicks = 61440;
    var rrTicksMin = 308;
    var rrTicksMax = 2048;
    var edgeTicksMax = 2048;

    signal input ticks[beats];
    signal input selected[beats];
    signal input marks[beats];
    signal input jumps[beats - 1];
    signal input firstOffsetTicks;
    signal output beatCount;
    signal output unmarkedCount;
    signal output unmarkedTicks;
    signal output pairCount;
    signal output pairSquares;
    signal output indexSum;
    signal output indexSquares;
    signal output indexTicks;

    signal unmarked[beats];
    signal counted[beats];
    var sumTicks = 0;
    var sumSelected = 0;
    var sumMarks = 0;
    var sumCounted = 0;
    var sumIndex = 0;
    var sumIndexSquares = 0;
    var sumIndexTicks = 0;
    for (var i = 0; i < beats; i++) {
        selected[i] * (selected[i] - 1) === 0;
        if (i > 0) selected[i] * (1 - selected[i - 1]) === 0;
        marks[i] * (marks[i] - 1) === 0;
        marks[i] * (1 - selected[i]) === 0;

        // A used slot holds rrTicksMin and an excess; an unused one holds nothing.
        var excess = ticks[i] - rrTicksMin * selected[i];
        InRange(0, rrTicksMax - rrTicksMin)(excess);
        excess * (1 - selected[i]) === 0;

        unmarked[i] <== selected[i] - marks[i];
        counted[i] <== unmarked[i] * ticks[i];
        sumTicks += ticks[i];
        sumSelected += selected[i];
        sumMarks += marks[i];
        sumCounted += counted[i];
        sumIndex += i * unmarked[i];
        sumIndexSquares += i * i * unmarked[i];
        sumIndexTicks += i * counted[i];
    }
    InRange(0, marksMax)(sumMarks);
    InRange(0, edgeTicksMax)(firstOffsetTicks);
    InRange(0, edgeTicksMax)(windowTicks - firstOffsetTicks - sumTicks);

    signal isPair[beats - 1];
    signal steps[beats - 1];
    signal stepSquares[beats - 1];
    signal squares[beats - 1];
    signal totalSquares[beats - 1];
    signal isPairJump[beats - 1];
    signal bounds[beats - 1];
    var sumPairs = 0;
    var sumSquares = 0;
    var sumJumps = 0;
    for (var i = 0; i < beats - 1; i++) {
        isPair[i] <== unmarked[i] * unmarked[i + 1];
        steps[i] <== selected[i + 1] * (ticks[i + 1] - ticks[i]);
        stepSquares[i] <== steps[i] * steps[i];
        squares[i] <== isPair[i] * stepSquares[i];
        totalSquares[i] <== (ticks[i] + ticks[i + 1]) * (ticks[i] + ticks[i + 1]);

        jumps[i] * (jumps[i] - 1) === 0;
        isPairJump[i] <== jumps[i] * isPair[i];
        bounds[i] <== (100 - 100 * jumps[i] + 25 * isPairJump[i]) * stepSquares[i];
        InRange(0, (1 << 25) - 1)(totalSquares[i] - bounds[i]);
        sumPairs += isPair[i];
        sumSquares += squares[i];
        sumJumps += jumps[i];
    }
    // 15 % of n - 1 neighbours.
    InRange(0, 3 * (beats - 1))(3 * (sumSelected - 1) - 20 * sumJumps);

    beatCount <== sumSelected;
    unmarkedCount <== sumSelected - sumMarks;
    unmarkedTicks <== sumCounted;
    pairCount <== sumPairs;
    pairSquares <== sumSquares;
    indexSum <== sumIndex;
    indexSquares <== sumIndexSquares;
    indexTicks <== sumIndexTicks;
}
