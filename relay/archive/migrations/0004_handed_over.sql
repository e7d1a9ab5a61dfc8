-- ARC-3, RECOVER-1. A Restart replaces the committee of an epoch; the one that the boundary before
-- named is kept beside it, because whoever follows the hand-overs needs it.

-- Up Migration

-- Exact bytes of the Committee. Unknown for an epoch that was restarted before this migration.
ALTER TABLE epochs ADD COLUMN handed_over bytea;
UPDATE epochs SET handed_over = committee WHERE NOT EXISTS (
  SELECT FROM transactions JOIN blocks ON blocks.height = transactions.height
  WHERE transactions.kind = 'restart' AND blocks.epoch = epochs.epoch
);

-- Down Migration

ALTER TABLE epochs DROP COLUMN handed_over;
