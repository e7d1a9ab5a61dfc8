pragma circom 2.2.0;

include "integers.circom";
include "codebook60.circom";

/// @title The asked codeword explains the rhythm better than every other (LIVE-1)
///
/// The twin is src/core/liveness/explained.ts. R² of a codeword at a lag is energy / spread, where
/// the products with the tables are linear and so cost nothing. With the claim in basis points
///
///     10000 * N * energy(asked, its best lag) >= share * spread
///     10000 * N * energy(any other, any lag)  <  share * spread
///
/// for a share between the claim and 10000: R² of the asked one in whole basis points is above that
/// of every other. A spread of 0 or below fails the second line.
///
/// Widths, for rhythm[i] in 616..4096 and 120 samples: each table adds up to 0 and so picks up the
/// deviation from 2356, of squared length at most 120 * 1740^2 < 2^28.5; a table has squared length
/// below 1.02 * 2^20. So energy < 2^49.6, 10000 * N * energy < 2^69.8, |share * spread| < 2^70, and
/// each difference lies within 2^71 on either side of 0, far from the field's order.
///
/// @input rhythm[samples] 616..4096, by BreathWindow
/// @input chosen[codewords * lags] 1 for the asked codeword's lag, else 0; checked here
/// @input codeword index of the asked one, public
/// @input share of the asked one in basis points, claim..10000; range-checked here
/// @input claim 0..10000, public, by the verifier
///
/// Products of rhythm and tables, held by the range of rhythm; i counts codewords and lags:
/// @signal squares[samples]        616^2..2^24
/// @signal total                   120 * 616..120 * 4096
/// @signal totalSquare             below 2^37.9
/// @signal lineSquare, parabolaSquare below 2^48.6
/// @signal spread                  -2^56.5..2^55.4
/// @signal needed                  -2^69.8..2^68.7, as share is 0..10000
/// @signal cosines[codewords * lags], sines[codewords * lags] below 2^48.6
/// @signal taken[codewords * lags]  energy where chosen, else 0; below 2^49.6
/// @signal others[codewords * lags] energy of codewords that are not asked, else 0; below 2^49.6
template BreathShare(samples, codewords, lags) {
    signal input rhythm[samples];
    signal input chosen[codewords * lags];
    signal input codeword;
    signal input share;
    signal input claim;

    var tables[2 * codewords * lags][samples] = breathTables();
    var lineEntries[samples] = lineTable();
    var parabolaEntries[samples] = parabolaTable();
    var scaleSquare = 1 << 20;
    var margin = (1 << 71) - 1;

    InRange(0, 10000)(share);
    InRange(0, 10000)(share - claim);

    signal squares[samples];
    var sum = 0;
    var sumSquares = 0;
    var alongLine = 0;
    var alongParabola = 0;
    for (var i = 0; i < samples; i++) {
        squares[i] <== rhythm[i] * rhythm[i];
        sum += rhythm[i];
        sumSquares += squares[i];
        alongLine += lineEntries[i] * rhythm[i];
        alongParabola += parabolaEntries[i] * rhythm[i];
    }
    signal total <== sum;
    signal totalSquare <== total * total;
    signal lineSquare <== alongLine * alongLine;
    signal parabolaSquare <== alongParabola * alongParabola;
    signal spread <== scaleSquare * (samples * sumSquares - totalSquare)
        - samples * (lineSquare + parabolaSquare);
    signal needed <== share * spread;

    // Exactly one choice, and it is of the asked codeword.
    var countChosen = 0;
    var chosenCodeword = 0;
    for (var i = 0; i < codewords * lags; i++) {
        chosen[i] * (chosen[i] - 1) === 0;
        countChosen += chosen[i];
        chosenCodeword += (i \ lags) * chosen[i];
    }
    countChosen === 1;
    chosenCodeword === codeword;

    signal cosines[codewords * lags];
    signal sines[codewords * lags];
    signal taken[codewords * lags];
    signal others[codewords * lags];
    var energyTaken = 0;
    for (var k = 0; k < codewords; k++) {
        var isAsked = 0;
        for (var lag = 0; lag < lags; lag++) isAsked += chosen[lags * k + lag];
        for (var lag = 0; lag < lags; lag++) {
            var i = lags * k + lag;
            var alongCosine = 0;
            var alongSine = 0;
            for (var j = 0; j < samples; j++) {
                alongCosine += tables[2 * i][j] * rhythm[j];
                alongSine += tables[2 * i + 1][j] * rhythm[j];
            }
            cosines[i] <== alongCosine * alongCosine;
            sines[i] <== alongSine * alongSine;
            var energy = cosines[i] + sines[i];
            taken[i] <== chosen[i] * energy;
            energyTaken += taken[i];
            others[i] <== (1 - isAsked) * energy;
            InRange(0, margin)(needed - 1 - 10000 * samples * others[i]);
        }
    }
    InRange(0, margin)(10000 * samples * energyTaken - needed);
}
