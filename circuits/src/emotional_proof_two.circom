pragma circom 2.2.0;

include "../lib/emotional.circom";
include "../lib/two_hearts.circom";

/// @title emotional_proof_two: the same of a window whose beats a second sensor saw, too
///
/// All clauses of emotional_proof, and clause 6 of docs/spec/proof.md. Public signals are those of
/// emotional_proof in their order; src/core/emotion/publicSignals.ts has their names and indices.
///
/// Public as in EmotionalProof, but:
/// @input provenance 4, strap+camera, and nothing else; held here
///
/// Private, beside those of EmotionalProof:
/// @input secondTicks[gaps], secondSelected[gaps], secondOffsetTicks, lagTicks, skips[switches],
/// counted[beats + 1], firstUnseen, lastUnseen, overlap: by TwoHearts
template EmotionalProofTwo(beats, depth, marksMax, layers) {
    var strapAndCamera = 4;
    var gaps = beats + (1 << layers);
    var switches = layers * gaps - ((1 << (layers + 1)) - 2 - layers);

    signal input enrolmentRoot;
    signal input nullifier;
    signal input chainId;
    signal input epoch;
    signal input beacon;
    signal input identity;
    signal input threshold;
    signal input consentVersion;
    signal input provenance;
    signal input scoreMode;
    signal input stateBefore;
    signal input missedEpochs;
    signal input stateAfter;

    signal input ticks[beats];
    signal input selected[beats];
    signal input marks[beats];
    signal input jumps[beats - 1];
    signal input firstOffsetTicks;
    signal input restHrCentiBpm;
    signal input hrSigmaCentiBpm;
    signal input lnRmssdQ16;
    signal input lnRmssdSigmaQ16;
    signal input baselineSalt;
    signal input nullifierKey;
    signal input credentialExpiryEpoch;
    signal input levelBefore;
    signal input leafIndex;
    signal input siblings[depth];

    signal input secondTicks[gaps];
    signal input secondSelected[gaps];
    signal input secondOffsetTicks;
    signal input lagTicks;
    signal input skips[switches];
    signal input counted[beats + 1];
    signal input firstUnseen;
    signal input lastUnseen;
    signal input overlap;

    // Clauses 1 to 5.
    EmotionalProof(beats, depth, marksMax)(
        enrolmentRoot,
        nullifier,
        chainId,
        epoch,
        beacon,
        identity,
        threshold,
        consentVersion,
        provenance,
        scoreMode,
        stateBefore,
        missedEpochs,
        stateAfter,
        ticks,
        selected,
        marks,
        jumps,
        firstOffsetTicks,
        restHrCentiBpm,
        hrSigmaCentiBpm,
        lnRmssdQ16,
        lnRmssdSigmaQ16,
        baselineSalt,
        nullifierKey,
        credentialExpiryEpoch,
        levelBefore,
        leafIndex,
        siblings
    );

    // Clause 6. The strap reports late, and its window is the one that is scored.
    provenance === strapAndCamera;
    TwoHearts(beats, layers)(
        ticks,
        selected,
        firstOffsetTicks,
        secondTicks,
        secondSelected,
        secondOffsetTicks,
        lagTicks,
        skips,
        counted,
        firstUnseen,
        lastUnseen,
        overlap
    );
}

component main {
    public [
        enrolmentRoot,
        nullifier,
        chainId,
        epoch,
        beacon,
        identity,
        threshold,
        consentVersion,
        provenance,
        scoreMode,
        stateBefore,
        missedEpochs,
        stateAfter
    ]
} = EmotionalProofTwo(128, 20, 8, 4);
