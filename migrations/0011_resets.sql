-- How often a person has let a partition be read from its beginning: whoever reads it, or waits for that, sees the number grow,
-- also when another reader has begun meanwhile.

ALTER TABLE consumed ADD COLUMN resets integer NOT NULL DEFAULT 0;
