-- no transaction
-- The rows of scoring runs in the two orders in which they are read; other rows are in neither index.
CREATE INDEX CONCURRENTLY IF NOT EXISTS predictions_of_runs_by_probability
    ON predictions (model, as_of, risk, probability, id) WHERE source = 'score';
CREATE INDEX CONCURRENTLY IF NOT EXISTS predictions_of_runs_by_loss
    ON predictions (model, as_of, risk, expected_loss(probability, features), id) WHERE source = 'score';
