-- How far each partition of Kafka has been taken in: the rows of a batch and its new place are one transaction.

CREATE TABLE consumed (
    topic        text NOT NULL,
    partition    integer NOT NULL,
    next_offset  bigint NOT NULL,
    PRIMARY KEY (topic, partition)
);
