-- What customers did, and where that came from.

-- Append-only. The order of the columns saves the padding between them; no foreign key: it costs more than the insert.
-- Whoever adds events, or takes some away, counts up the revision of their days in event_days in the same transaction.
CREATE TABLE events (
    occurred_at  timestamptz NOT NULL,
    load_id      integer,                  -- loads.id; NULL for what came by Kafka
    customer_id  text COLLATE "C" NOT NULL CHECK (octet_length(customer_id) BETWEEN 1 AND 256),
    kind         text COLLATE "C" NOT NULL,    -- purchase, usage, signup, …
    service      text COLLATE "C",
    amount       numeric,                  -- of a purchase; decimal, so that sums do not depend on the order of rows
    event_id     text COLLATE "C"          -- whoever has ids may send an event again
);
-- Ranges of pages, not trees: next to nothing to keep while rows are copied, and events come about in order of time.
CREATE INDEX events_by_time ON events USING brin (occurred_at) WITH (pages_per_range = 64);
CREATE INDEX events_by_load ON events USING brin (load_id) WITH (pages_per_range = 64);
CREATE UNIQUE INDEX events_once ON events (event_id) WHERE event_id IS NOT NULL;

-- One row for each file that was loaded. The watermark is the greatest complete_to, else last_event, of those in force,
-- and of event_days.streamed_to.
CREATE TABLE loads (
    id           integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name         text NOT NULL,            -- of the file, without its folder
    sha256       text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    mapping      text NOT NULL,            -- the same bytes read in another way are another load
    file_bytes   bigint NOT NULL,
    state        text NOT NULL CHECK (state IN ('loaded', 'replaced')),
    first_event  timestamptz,              -- NULL: it held no event
    last_event   timestamptz,
    complete_to  timestamptz,              -- what the person who loaded it said
    lines        bigint NOT NULL,
    inserted     bigint NOT NULL,
    duplicates   bigint NOT NULL,          -- events whose event_id was there before
    rejected     bigint NOT NULL,
    loaded_at    timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX loads_once ON loads (sha256, mapping) WHERE state = 'loaded';

-- Days (UTC) that have events: a revision that has moved tells which snapshots and labels are no longer right.
CREATE TABLE event_days (
    day          date PRIMARY KEY,
    revision     bigint NOT NULL,
    streamed_to  timestamptz               -- the latest event of the day without a load
);

-- What the snapshots of a date were computed from: sums of event_days.revision over the days that were looked at.
CREATE TABLE snapshot_dates (
    definition         integer NOT NULL REFERENCES feature_definitions,
    as_of              date NOT NULL,
    customers          bigint NOT NULL,
    features_revision  bigint NOT NULL,
    labels_revision    bigint,             -- NULL: the horizon has not passed, churned is NULL in every row
    PRIMARY KEY (definition, as_of)
);

-- Training and scoring read one date after the other, in order of customers.
CREATE INDEX feature_snapshots_by_date ON feature_snapshots (definition, as_of, customer_id);
