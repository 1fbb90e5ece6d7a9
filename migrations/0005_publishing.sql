-- What publishing must know of a writer besides its mark. A writer is open while something of it may have to be published:
-- from the first row it stores until a process has found it dead and its last row acknowledged.

ALTER TABLE writers ADD COLUMN resent integer NOT NULL DEFAULT 0;    -- how often rows of it were sent again after its death
