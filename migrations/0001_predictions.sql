-- The registry of models, the writers that store predictions, and the predictions themselves.

CREATE TABLE models (
    number       integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version      text NOT NULL UNIQUE CHECK (version ~ '^[0-9a-f]{12}$'),
    state        text NOT NULL CHECK (state IN ('candidate', 'champion', 'retired', 'refused')),
    artifact     bytea NOT NULL,
    metrics      jsonb NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    promoted_at  timestamptz
);
CREATE UNIQUE INDEX models_one_champion ON models (state) WHERE state = 'champion';

CREATE SEQUENCE writer_ids AS integer;

-- One row for each connection that stores predictions. Its holder keeps the advisory lock (writer class, id).
CREATE TABLE writers (
    id            integer PRIMARY KEY,
    acknowledged  uuid,           -- every prediction of this writer up to this id has been published
    opened_at     timestamptz NOT NULL DEFAULT now(),
    closed_at     timestamptz     -- set when the writer is gone and nothing of it is left to publish
) WITH (fillfactor = 50);

-- Insert-only. The order of the columns saves the padding between them; no foreign keys: they cost more than the insert.
CREATE TABLE predictions (
    id              uuid PRIMARY KEY,     -- UUIDv7; its time is created_at
    created_at      timestamptz NOT NULL,
    probability     double precision NOT NULL,
    threshold       double precision NOT NULL,
    model           integer NOT NULL,     -- models.number
    writer          integer NOT NULL,     -- writers.id
    horizon_days    integer,
    as_of           date,                 -- NULL when the caller sent the features
    churn           boolean NOT NULL,
    customer_id     text COLLATE "C" NOT NULL CHECK (octet_length(customer_id) BETWEEN 1 AND 256),
    risk            text NOT NULL,
    source          text NOT NULL,        -- http, kafka, score
    request_id      text,
    correlation_id  text,
    features        jsonb NOT NULL
);
CREATE INDEX predictions_by_customer ON predictions (customer_id, id);
