package import Postgres

/// The migrations of this program, in order: the files of `migrations/`, which the build puts into the executable.
///
/// `SQL` is a symbolic link to that folder. SwiftPM names the bytes of `0001_predictions.sql` so that an identifier comes
/// out: `_001_predictions_sql`. A file that is missing here fails a test.
package let migrations: [Migration] = [
    Migration("0001_predictions", PackageResources._001_predictions_sql),
    Migration("0002_features", PackageResources._002_features_sql),
    Migration("0003_events", PackageResources._003_events_sql),
    Migration("0004_promotions", PackageResources._004_promotions_sql),
    Migration("0005_publishing", PackageResources._005_publishing_sql),
    Migration("0006_consumed", PackageResources._006_consumed_sql),
    Migration("0007_scoring_runs", PackageResources._007_scoring_runs_sql),
    Migration("0008_scored_customers", PackageResources._008_scored_customers_sql),
    Migration("0009_idempotency", PackageResources._009_idempotency_sql),
    Migration(
        "0010_snapshots_without_foreign_key", PackageResources._010_snapshots_without_foreign_key_sql),
    Migration("0011_resets", PackageResources._011_resets_sql),
]
