-- Who was champion, a row for each change: the path that a rollback goes back along.

CREATE TABLE promotions (
    id         integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    model      integer NOT NULL REFERENCES models,
    follows    integer REFERENCES promotions,    -- what a rollback from here goes back to; NULL for the first champion
    kind       text NOT NULL CHECK (kind IN ('first', 'promote', 'rollback')),
    forced     boolean NOT NULL DEFAULT false,   -- promoted without a gate
    gate       jsonb,                            -- what the gate found
    at         timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX promotions_by_model ON promotions (model, id);

INSERT INTO promotions (model, kind, at)
SELECT number, 'first', coalesce(promoted_at, created_at) FROM models WHERE state = 'champion';
