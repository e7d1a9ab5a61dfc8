-- ARC-3. The state after the newest block: what executing the blocks gives, kept so that nothing
-- has to be executed again.

-- Up Migration

-- Leaves of the state tree (STATE-1).
CREATE TABLE state_leaves (
  key bytea PRIMARY KEY,
  value bytea NOT NULL
);

CREATE TABLE accounts (
  id bytea PRIMARY KEY CHECK (octet_length(id) = 32),
  balance_micro numeric(39, 0) NOT NULL,
  nonce bigint NOT NULL,
  updated_height bigint NOT NULL
);
CREATE INDEX accounts_balance ON accounts (balance_micro DESC, id);

CREATE TABLE validators (
  id bytea PRIMARY KEY CHECK (octet_length(id) = 32),
  status text NOT NULL,
  bonded_micro numeric(39, 0) NOT NULL,
  unbonding_micro numeric(39, 0) NOT NULL,
  reputation integer NOT NULL,
  uptime integer NOT NULL,
  jailed_until_epoch bigint NOT NULL,
  registered_epoch bigint NOT NULL,
  -- Of the newest READY on chain; 0 and -1 before the first.
  score integer NOT NULL DEFAULT 0,
  last_ready_epoch bigint NOT NULL DEFAULT -1,
  updated_height bigint NOT NULL
);
CREATE INDEX validators_score ON validators (score DESC, last_ready_epoch DESC, id);
CREATE INDEX validators_status ON validators (status, id);

-- Down Migration

DROP TABLE validators;
DROP TABLE accounts;
DROP TABLE state_leaves;
