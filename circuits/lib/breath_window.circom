pragma circom 2.2.0;

include "integers.circom";

/// @title A window of the breathing challenge, and its rhythm (LIVE-1)
///
/// The twins are src/core/liveness/window.ts and rhythm.ts. Time is cut into quarter seconds of 256
/// ticks; an interval is at least 308, so that at most one ends in each.
///
/// @input ends[quarters]     1 where an interval ends; checked here
/// @input endTicks[quarters] where in the quarter, 1..256; 0 where none ends; range-checked here
/// @input marks[quarters]    1 for an interval that is no normal beat, only where one ends; checked
/// @input firstOffsetTicks   start of the first interval, 0..4096, checked here
/// @output rhythm[quarters / 2] 616..4096: the unmarked interval that a beat then is in, or that
/// comes next, and the last to the end; two quarters added
/// @signal latest[quarters + 1] end of the latest interval before quarter i, or where the first one
/// began; 0..61440, never falling: its steps are the intervals themselves, 0 where none ends, else
/// range-checked here to 308..2048
/// @signal none[quarters + 1]   1 when no unmarked interval ends in quarter i or after it, else 0
/// @signal lasts[quarters]      308..2048 where the last unmarked interval ends, else 0
/// @signal held[quarters]       308..2048, the unmarked interval that ends in quarter i or next: it
/// is held backwards in time until the one before it ends
/// @signal tail                 308..2048, the last unmarked interval: there are some, by the count
template BreathWindow(seconds, unmarkedMin, markedMax) {
    var quarters = 4 * seconds;
    var quarterTicks = 256;
    var rrTicksMin = 308;
    var rrTicksMax = 2048;
    var edgeTicksMax = 4096;

    signal input ends[quarters];
    signal input endTicks[quarters];
    signal input marks[quarters];
    signal input firstOffsetTicks;
    signal output rhythm[quarters / 2];

    InRange(0, edgeTicksMax)(firstOffsetTicks);

    signal latest[quarters + 1];
    latest[0] <== firstOffsetTicks;
    var intervals[quarters];
    var unmarked[quarters];
    var sumMarks = 0;
    var sumUnmarked = 0;
    for (var i = 0; i < quarters; i++) {
        ends[i] * (ends[i] - 1) === 0;
        marks[i] * (marks[i] - 1) === 0;
        marks[i] * (1 - ends[i]) === 0;
        // endTicks - ends is 0..255, and 0 where none ends.
        InRange(0, quarterTicks - 1)(endTicks[i] - ends[i]);
        (endTicks[i] - ends[i]) * (1 - ends[i]) === 0;

        latest[i + 1] <== latest[i] + ends[i] * (quarterTicks * i + endTicks[i] - latest[i]);
        intervals[i] = latest[i + 1] - latest[i];
        InRange(0, rrTicksMax - rrTicksMin)(intervals[i] - rrTicksMin * ends[i]);
        unmarked[i] = ends[i] - marks[i];
        sumMarks += marks[i];
        sumUnmarked += unmarked[i];
    }
    InRange(0, edgeTicksMax)(quarterTicks * quarters - latest[quarters]);
    InRange(0, markedMax)(sumMarks);
    InRange(0, quarters - unmarkedMin)(sumUnmarked - unmarkedMin);

    // The last step of none is at the last unmarked interval.
    signal none[quarters + 1];
    signal lasts[quarters];
    none[quarters] <== 1;
    var last = 0;
    for (var i = quarters - 1; i >= 0; i--) {
        none[i] <== none[i + 1] * (1 - unmarked[i]);
        lasts[i] <== (none[i + 1] - none[i]) * intervals[i];
        last += lasts[i];
    }

    signal held[quarters];
    signal tail <== last;
    for (var i = quarters - 1; i >= 0; i--) {
        var next = i == quarters - 1 ? tail : held[i + 1];
        held[i] <== next + unmarked[i] * (intervals[i] - next);
    }
    for (var i = 0; i < quarters / 2; i++) {
        rhythm[i] <== held[2 * i] + held[2 * i + 1];
    }
}
