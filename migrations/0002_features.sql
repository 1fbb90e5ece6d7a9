-- What was known about a customer at an instant, and, once the horizon has passed, what became of it.

CREATE TABLE feature_definitions (
    id            integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    window_days   integer NOT NULL CHECK (window_days > 0),
    horizon_days  integer NOT NULL CHECK (horizon_days > 0),
    active_days   integer NOT NULL CHECK (active_days > 0),
    feature_set   text NOT NULL,
    UNIQUE (window_days, horizon_days, active_days, feature_set)
);

CREATE TABLE feature_snapshots (
    definition   integer NOT NULL REFERENCES feature_definitions,
    customer_id  text COLLATE "C" NOT NULL,
    as_of        date NOT NULL,
    churned      boolean,    -- NULL until the horizon after as_of has passed entirely
    features     jsonb NOT NULL,
    PRIMARY KEY (definition, customer_id, as_of)
);
