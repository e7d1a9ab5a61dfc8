-- ARC-3, RECOVER-1, SYNC-2. Who may restart an epoch by stake, with the proof of it under the state
-- root in the header of the boundary before: whoever follows headers alone needs it, and the state
-- that proves it is gone by then.

-- Up Migration

CREATE TABLE restart_voters (
  epoch bigint PRIMARY KEY,
  -- A RestartVoters without its set; of the running epoch, and of those that were restarted.
  proven bytea NOT NULL,
  -- A CheckpointVoters; null until a Restart.
  voters bytea
);

-- Down Migration

DROP TABLE restart_voters;
