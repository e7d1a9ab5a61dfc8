pragma circom 2.2.0;

include "integers.circom";

/// @title Clause 1: a window of heartbeats (HRV-1), and the sums that the score needs
///
/// Bounds of the statement, in ticks of 1/1024 s: intervals 308..2048, the longer of an unmarked
/// pair at most 3/2 of the shorter, at most `marksMax` marks, 61440 ticks filled to within one beat
/// at either end. From these follow 28 <= n, 20 <= u, 11 <= p for marksMax = 8: no divisor is 0.
///
/// @input ticks[beats]     intervals, oldest first, 0 in unused slots; range-checked here
/// @input selected[beats]  1 for the n used slots, then 0; checked here
/// @input marks[beats]     1 for an interval that is no normal beat, only in used slots; checked
/// @input firstOffsetTicks 0..2048, checked here
/// @output beatCount      n, 28..128
/// @output unmarkedCount  u, 20..128
/// @output unmarkedTicks  T, up to 61440
/// @output pairCount      p, 11..127
/// @output pairSquares    S, up to 127 * 683^2
/// @output indexSum       sum of i over unmarked intervals, up to 8128
/// @output indexSquares   sum of i^2, up to 690880
/// @output indexTicks     sum of i * r_i, up to 127 * 61440
template HeartbeatWindow(beats, marksMax) {
    var windowTicks = 61440;
    var rrTicksMin = 308;
    var rrTicksMax = 2048;
    var edgeTicksMax = 2048;

    signal input ticks[beats];
    signal input selected[beats];
    signal input marks[beats];
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
    signal squares[beats - 1];
    var sumPairs = 0;
    var sumSquares = 0;
    for (var i = 0; i < beats - 1; i++) {
        isPair[i] <== unmarked[i] * unmarked[i + 1];
        steps[i] <== isPair[i] * (ticks[i + 1] - ticks[i]);
        squares[i] <== steps[i] * steps[i];
        // Without a pair 2 * rrTicksMax of slack makes both bounds hold for any two slots.
        var slack = (1 - isPair[i]) * 2 * rrTicksMax;
        InRange(0, 16383)(3 * ticks[i] - 2 * ticks[i + 1] + slack);
        InRange(0, 16383)(3 * ticks[i + 1] - 2 * ticks[i] + slack);
        sumPairs += isPair[i];
        sumSquares += squares[i];
    }

    beatCount <== sumSelected;
    unmarkedCount <== sumSelected - sumMarks;
    unmarkedTicks <== sumCounted;
    pairCount <== sumPairs;
    pairSquares <== sumSquares;
    indexSum <== sumIndex;
    indexSquares <== sumIndexSquares;
    indexTicks <== sumIndexTicks;
}
