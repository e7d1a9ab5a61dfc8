-- ARC-2, ARC-3, ARC-5. Final blocks and their transactions, keyed by height so that they can be
-- partitioned and distributed by it; no foreign keys.

-- Up Migration

-- One row: which chain this archive holds and how far.
CREATE TABLE tip (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  chain_id text NOT NULL,
  genesis_hash bytea NOT NULL CHECK (octet_length(genesis_hash) = 32),
  height bigint NOT NULL CHECK (height >= 0),
  hash bytea NOT NULL CHECK (octet_length(hash) = 32),
  state_root bytea NOT NULL
);

CREATE TABLE blocks (
  height bigint PRIMARY KEY CHECK (height > 0),
  hash bytea NOT NULL CHECK (octet_length(hash) = 32),
  parent bytea NOT NULL CHECK (octet_length(parent) = 32),
  epoch bigint NOT NULL CHECK (epoch >= 0),
  view bigint NOT NULL CHECK (view >= 0),
  time_ms bigint NOT NULL CHECK (time_ms >= 0),
  seat integer NOT NULL CHECK (seat >= 0),
  proposer bytea NOT NULL,
  is_boundary boolean NOT NULL,
  transaction_count integer NOT NULL CHECK (transaction_count >= 0),
  signers bytea NOT NULL,
  signer_count integer NOT NULL CHECK (signer_count >= 0),
  -- Exact wire bytes (ENC-1).
  header bytea NOT NULL,
  body bytea NOT NULL,
  certificate bytea NOT NULL,
  -- Headers from above this block to the certified one, as a CertifiedBlock with nothing else in
  -- it.
  path bytea NOT NULL
);
CREATE UNIQUE INDEX blocks_hash ON blocks (hash);
CREATE INDEX blocks_epoch ON blocks (epoch, height);
CREATE INDEX blocks_proposer ON blocks (proposer, height DESC);

CREATE TABLE transactions (
  height bigint NOT NULL,
  position integer NOT NULL CHECK (position >= 0),
  hash bytea NOT NULL CHECK (octet_length(hash) = 32),
  kind text NOT NULL,
  sender bytea NOT NULL,
  nonce bigint NOT NULL,
  -- Exact bytes of the SignedTransaction.
  bytes bytea NOT NULL,
  PRIMARY KEY (height, position)
);
CREATE INDEX transactions_hash ON transactions (hash);
CREATE INDEX transactions_sender ON transactions (sender, height DESC, position DESC);
CREATE INDEX transactions_kind ON transactions (kind, height DESC, position DESC);

-- Counting rows of a large table takes long, so counts are kept (ARC-5).
CREATE TABLE counts (
  name text PRIMARY KEY,
  value bigint NOT NULL
);

-- Down Migration

DROP TABLE counts;
DROP TABLE transactions;
DROP TABLE blocks;
DROP TABLE tip;
