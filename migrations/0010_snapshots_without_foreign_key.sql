-- A check a row cost a quarter of what storing a snapshot takes; definitions are never deleted.
ALTER TABLE feature_snapshots DROP CONSTRAINT IF EXISTS feature_snapshots_definition_fkey;
