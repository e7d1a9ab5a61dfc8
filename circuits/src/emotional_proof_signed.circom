pragma circom 2.2.0;

include "../lib/emotional.circom";
include "../lib/sensor_signature.circom";

/// @title emotional_proof_signed: the same of intervals that a sensor signed
///
/// All clauses of emotional_proof, and clause 7 of docs/spec/proof.md. Public signals in the order
/// of that document; their names and indices live in src/core/emotion/signedSignals.ts.
///
/// Public, beside those of EmotionalProof:
/// @input sensorKeyHash field element; compared here with the hash of the key, and by whoever
/// admits sensors with the keys that it knows
///
/// Private, beside those of EmotionalProof:
/// @input sensorKeyEighth[2], signatureR8[2], signatureS: by SensorSignature
/// @signal keyHash field element, by SensorSignature; held equal to sensorKeyHash
template EmotionalProofSigned(beats, depth, marksMax) {
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
    signal input sensorKeyHash;

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
    signal input sensorKeyEighth[2];
    signal input signatureR8[2];
    signal input signatureS;

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

    // Clause 7.
    signal keyHash <== SensorSignature(beats)(
        ticks,
        firstOffsetTicks,
        chainId,
        epoch,
        beacon,
        identity,
        sensorKeyEighth,
        signatureR8,
        signatureS
    );
    keyHash === sensorKeyHash;
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
        stateAfter,
        sensorKeyHash
    ]
} = EmotionalProofSigned(128, 20, 8);
