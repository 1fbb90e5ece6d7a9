-- Requests that their callers named: who repeats one under its name gets the answer that is kept here.
-- A key is a digest of the caller, the route and the Idempotency-Key; the row is one transaction with the predictions.

CREATE TABLE idempotency_keys (
    key            uuid PRIMARY KEY,
    request        uuid NOT NULL,
    prediction_id  uuid NOT NULL,
    answer         bytea NOT NULL,
    created_at     timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);
