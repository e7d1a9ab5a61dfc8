pragma circom 2.2.0;

include "integers.circom";

/// @title Clause 6: after one constant lag a second sensor saw the beats of the window (LIVE-5)
///
/// The twins are src/core/liveness/twoHearts.ts, which decides, and secondBeats.ts, which lays the
/// second series out for this. `late` is the window of clause 1, `prompt` the second series moved
/// by the lag; both in ticks of 1/1024 s from the window's start. With n late beats, m prompt beats
/// that are not before or behind all late ones by more than the tolerance, and k counted ones:
///
///     10 k >= 9 max(n, m),  max(n, m) >= 30
///
/// Slots of the second series may be empty anywhere. The prover leaves one empty where a late beat
/// has no partner; for a prompt beat without partner a late one takes its slot one further on. The
/// switches that do this are the prover's to set: each passes on one of two times of prompt beats,
/// so that whatever comes out is the time of a prompt beat. An empty slot has the time of the beat
/// before it, which is one.
///
/// Why no beat counts twice: beats of one series are at least 308 ticks apart, by HeartbeatWindow
/// and here, and a counted pair at most 61. Two late beats with one partner would be within 122.
///
/// m may be overstated, which makes it harder, and k understated. Neither goes the other way: a
/// beat is taken out of m alone where it is shown to lie outside, one at each end.
///
/// @input ticks[beats]            0..2048, 0 where not selected, by HeartbeatWindow
/// @input selected[beats]         1 for the used slots, then 0, by HeartbeatWindow
/// @input firstOffsetTicks        0..2048, by HeartbeatWindow
/// @input secondTicks[gaps]       308..4403 from the beat before, range-checked here; says nothing
/// in an empty slot
/// @input secondSelected[gaps]    1 for a slot with a beat; checked here
/// @input secondOffsetTicks       first beat of the second series from 9 s before the window's
/// start; bounded here, because it lies within 4525 ticks before the first late beat's tolerance
/// @input lagTicks                0..4096, range-checked here
/// @input skips[switches]         1 to take the time from further on, layer by layer; checked here
/// @input counted[beats + 1]      1 for a late beat that counts as matched; checked here
/// @input firstUnseen, lastUnseen 1 for a first, last prompt beat outside; checked here
/// @input overlap                 max(n, m), checked here
/// @signal late[beats + 1]   times of late beats, 0..61440, by HeartbeatWindow; behind the last
/// used slot that of the last
/// @signal prompt[gaps + 1]  times of prompt beats, never falling; by range checks here the first
/// is -4464..61 from the first late beat, and the last -61..4464 from the last
/// @signal before            0, or 0..reachMax where firstUnseen, range-checked here
/// @signal after             0, or 0..reachMax where lastUnseen, range-checked here
/// @signal routed[switches]  time of a prompt beat: one of two that are, by a boolean
/// @signal apart[beats + 1]  -61..61, range-checked here; 0 for a late beat that is not counted
template TwoHearts(beats, layers) {
    var rrTicksMin = 308;
    var gapExcessMax = 4095;
    var leadTicks = 9 * 1024;
    var lagTicksMax = 4 * 1024;
    var tolerance = 61;
    var overlapMin = 30;
    // Nine of ten: at most a ninth more prompt beats than late ones, and one outside at each end.
    var gaps = beats + (1 << layers);
    // Within one longest gap and the tolerances: a series need not go on beyond the next beat.
    var reachMax = rrTicksMin + gapExcessMax + 2 * tolerance;
    var switches = layers * gaps - ((1 << (layers + 1)) - 2 - layers);

    signal input ticks[beats];
    signal input selected[beats];
    signal input firstOffsetTicks;
    signal input secondTicks[gaps];
    signal input secondSelected[gaps];
    signal input secondOffsetTicks;
    signal input lagTicks;
    signal input skips[switches];
    signal input counted[beats + 1];
    signal input firstUnseen;
    signal input lastUnseen;
    signal input overlap;

    // Times of beats. Products keep each a wire: sums alone would be written out in every
    // constraint that a time stands in.
    signal late[beats + 1];
    late[0] <== firstOffsetTicks;
    var lateCount = 1;
    for (var i = 0; i < beats; i++) {
        late[i + 1] <== late[i] + selected[i] * ticks[i];
        lateCount += selected[i];
    }
    InRange(0, lagTicksMax)(lagTicks);
    signal prompt[gaps + 1];
    prompt[0] <== secondOffsetTicks - leadTicks + lagTicks;
    var promptCount = 1;
    for (var i = 0; i < gaps; i++) {
        secondSelected[i] * (secondSelected[i] - 1) === 0;
        InRange(0, gapExcessMax)(secondTicks[i] - rrTicksMin * secondSelected[i]);
        prompt[i + 1] <== prompt[i] + secondSelected[i] * secondTicks[i];
        promptCount += secondSelected[i];
    }

    // The second series spans the window, and ends are unseen as far as it is shown.
    firstUnseen * (firstUnseen - 1) === 0;
    lastUnseen * (lastUnseen - 1) === 0;
    InRange(0, reachMax)(late[0] + tolerance - prompt[0]);
    InRange(0, reachMax)(prompt[gaps] + tolerance - late[beats]);
    signal before <== firstUnseen * (late[0] - tolerance - 1 - prompt[0]);
    signal after <== lastUnseen * (prompt[gaps] - tolerance - 1 - late[beats]);
    InRange(0, reachMax)(before);
    InRange(0, reachMax)(after);

    // A time of the second series for each late beat: 0..2^layers - 1 slots further on.
    signal routed[switches];
    var at[gaps];
    for (var i = 0; i < gaps; i++) at[i] = prompt[i];
    var next = 0;
    var width = gaps;
    for (var layer = 0; layer < layers; layer++) {
        var step = 1 << layer;
        width -= step;
        for (var i = 0; i < width; i++) {
            skips[next] * (skips[next] - 1) === 0;
            routed[next] <== at[i] + skips[next] * (at[i + step] - at[i]);
            at[i] = routed[next];
            next += 1;
        }
    }

    // Counted beats.
    signal apart[beats + 1];
    var matched = 0;
    for (var i = 0; i <= beats; i++) {
        counted[i] * (counted[i] - 1) === 0;
        if (i > 0) counted[i] * (1 - selected[i - 1]) === 0;
        apart[i] <== counted[i] * (at[i] - late[i]);
        InRange(0, 2 * tolerance)(apart[i] + tolerance);
        matched += counted[i];
    }

    var seenCount = promptCount - firstUnseen - lastUnseen;
    InRange(0, gaps)(overlap - lateCount);
    InRange(0, gaps)(overlap - seenCount);
    (overlap - lateCount) * (overlap - seenCount) === 0;
    InRange(0, gaps)(overlap - overlapMin);
    InRange(0, 10 * gaps)(10 * matched - 9 * overlap);
}
