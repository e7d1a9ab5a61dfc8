-- ARC-3, ARC-5. Epochs with their committees, READY announcements and evidence, all found in
-- blocks.

-- Up Migration

CREATE TABLE epochs (
  epoch bigint PRIMARY KEY CHECK (epoch >= 0),
  start_ms bigint NOT NULL,
  committee_root bytea NOT NULL,
  -- Exact bytes of the Committee.
  committee bytea NOT NULL,
  seat_count integer NOT NULL CHECK (seat_count >= 0),
  -- Set when the boundary block is final.
  boundary_height bigint,
  boundary_hash bytea
);

CREATE TABLE seats (
  epoch bigint NOT NULL,
  seat integer NOT NULL CHECK (seat >= 0),
  validator bytea NOT NULL,
  epoch_key bytea NOT NULL,
  power integer NOT NULL,
  peer_id text NOT NULL,
  score integer NOT NULL,
  PRIMARY KEY (epoch, seat)
);
CREATE INDEX seats_validator ON seats (validator, epoch DESC);

CREATE TABLE ready (
  epoch bigint NOT NULL,
  validator bytea NOT NULL,
  height bigint NOT NULL,
  position integer NOT NULL,
  score_threshold integer NOT NULL,
  provenance text NOT NULL,
  nullifier bytea NOT NULL,
  proof bytea NOT NULL,
  peer_id text NOT NULL,
  PRIMARY KEY (epoch, validator)
);
CREATE INDEX ready_validator ON ready (validator, epoch DESC);

CREATE TABLE evidence (
  height bigint NOT NULL,
  position integer NOT NULL,
  kind text NOT NULL,
  epoch bigint NOT NULL,
  view bigint NOT NULL,
  seat integer NOT NULL,
  PRIMARY KEY (height, position)
);
CREATE INDEX evidence_seat ON evidence (epoch, seat);

-- Down Migration

DROP TABLE evidence;
DROP TABLE ready;
DROP TABLE seats;
DROP TABLE epochs;
