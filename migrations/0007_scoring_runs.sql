-- Runs of `churn score --as-of`: how far each has come, moved in the transaction of the rows themselves, and what it found.

CREATE TABLE scoring_runs (
    model          integer NOT NULL REFERENCES models,
    definition     integer NOT NULL REFERENCES feature_definitions,
    as_of          date NOT NULL,
    customers      bigint NOT NULL,             -- snapshots when it began
    last_customer  text COLLATE "C",            -- every customer up to this one has a row; NULL before the first
    scored         bigint NOT NULL DEFAULT 0,
    churned        bigint NOT NULL DEFAULT 0,   -- of the scored: flagged as churn
    medium         bigint NOT NULL DEFAULT 0,   -- of the scored: medium risk
    probabilities  double precision NOT NULL DEFAULT 0,    -- their sum
    expected_loss  double precision,            -- the sum over those flagged; NULL where features do not say what customers spend
    cut_loss       double precision,            -- with a capacity: the last customer who is flagged, and the loss expected of them
    cut_customer   text COLLATE "C",
    started_at     timestamptz NOT NULL DEFAULT now(),
    finished_at    timestamptz,
    PRIMARY KEY (model, definition, as_of)
);
CREATE INDEX scoring_runs_by_date ON scoring_runs (as_of, finished_at);

-- What the company stands to lose in 30 days: the probability, times purchases in 30 days, times their mean amount.
CREATE FUNCTION expected_loss(probability double precision, features jsonb) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT CASE WHEN jsonb_typeof(features -> 'purchase_frequency') = 'number'
        AND jsonb_typeof(features -> 'average_check') = 'number'
    THEN probability * ((features ->> 'purchase_frequency')::float8 * (features ->> 'average_check')::float8)
    ELSE 0 END
$$;
