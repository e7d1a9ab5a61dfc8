pragma circom 2.2.0;

include "../lib/emotional.circom";

/// @title emotional_proof: an enrolled heart was calm enough by its own baseline
///
/// Public signals in the order of docs/spec/proof.md; their names and indices live in
/// src/core/emotion/publicSignals.ts. The template says of each input who checks it.
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
} = EmotionalProof(128, 20, 8);
