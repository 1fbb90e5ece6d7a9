"""The dashboard *Service*: is it well. Requests first, then what makes them slow or fail."""

from typing import Any

from .dashboard import dashboard
from .limits import limit
from .panels import above, below, graph, query, stat, thresholds

OWN = 'job=~"$job", instance=~"$instance"'
#: What people and programs ask; health checks and scrapes are neither.
ASKED = OWN + ', route!~"/health/.*|/metrics"'
RATE = "$__rate_interval"


def quantiles(histogram: str, labels: str) -> list[dict[str, Any]]:
    """The median, and what one in twenty and one in a hundred exceeds."""
    return [
        query(f"histogram_quantile({q}, sum by (le) (rate({histogram}_bucket{{{labels}}}[{RATE}])))", f"p{q[2:]:0<2}")
        for q in ("0.5", "0.95", "0.99")
    ]


def overview() -> list[dict[str, Any]]:
    """The numbers of now."""
    errors = f'sum(rate(churn_http_requests_total{{{ASKED}, code=~"5.."}}[{RATE}])) or vector(0)'
    return [
        stat(
            "Instances ready",
            "Instances whose /health/ready says 200. Why one is not, it says there.",
            f"sum(churn_ready{{{OWN}}})",
            "none",
            below(1),
        ),
        stat("Requests", "Without health checks and scrapes.", requests_rate(), "reqps"),
        stat(
            "Errors",
            "Share of answers with 5xx.",
            f"({errors}) / (sum(rate(churn_http_requests_total{{{ASKED}}}[{RATE}])) > 0) or vector(0)",
            "percentunit",
            above(limit("ChurnErrorRatioHigh")),
        ),
        stat(
            "p99 of /predict",
            "One prediction in a hundred takes longer, commit included.",
            "histogram_quantile(0.99, sum by (le) (rate("
            f'churn_http_request_duration_seconds_bucket{{{OWN}, route="/predict"}}[{RATE}])))',
            "s",
            above(limit("ChurnLatencyHigh")),
        ),
        stat(
            "Predictions stored",
            "A second; what-ifs are not stored and not counted.",
            f"sum(rate(churn_predictions_total{{{OWN}}}[{RATE}]))",
            "ops",
        ),
        stat("PostgreSQL", "1 while it answers every instance.", f"min(churn_postgres_up{{{OWN}}})", "none", below(1)),
    ]


def requests_rate() -> str:
    """All that is asked, a second."""
    return f"sum(rate(churn_http_requests_total{{{ASKED}}}[{RATE}]))"


def requests() -> list[dict[str, Any]]:
    """Rate, errors, duration."""
    return [
        graph(
            "Requests by route",
            "What is asked, a second. Unknown paths are `other`.",
            [query(f"sum by (route) (rate(churn_http_requests_total{{{ASKED}}}[{RATE}]))", "{{route}}")],
            "reqps",
            stacked=True,
        ),
        graph(
            "Answers that are not 2xx",
            "4xx: the caller asked wrongly. 5xx: the service could not.",
            [query(f'sum by (code) (rate(churn_http_requests_total{{{ASKED}, code!~"2.."}}[{RATE}]))', "{{code}}")],
            "reqps",
        ),
        graph(
            "Duration of /predict",
            "From the first read of a request to its answer, which comes after the commit.",
            quantiles("churn_http_request_duration_seconds", OWN + ', route="/predict"'),
            "s",
            above(limit("ChurnLatencyHigh")),
        ),
        graph(
            "p99 by route",
            "The slowest hundredth of each route.",
            [
                query(
                    "histogram_quantile(0.99, sum by (route, le) (rate("
                    f"churn_http_request_duration_seconds_bucket{{{ASKED}}}[{RATE}])))",
                    "{{route}}",
                )
            ],
            "s",
        ),
        graph(
            "Predictions and connections refused",
            "Valid requests that were not confirmed, and connections turned away before a request was read, by reason.",
            [
                query(f"sum by (reason) (rate(churn_predictions_refused_total{{{OWN}}}[{RATE}]))", "{{reason}}"),
                query(f"sum by (reason) (rate(churn_http_connections_refused_total{{{OWN}}}[{RATE}]))", "{{reason}}"),
            ],
            "ops",
        ),
        graph(
            "Malformed requests",
            "Requests that broke a rule of HTTP: a broken client, or somebody who tries.",
            [query(f"sum by (rule) (rate(churn_http_malformed_requests_total{{{OWN}}}[{RATE}])) > 0", "{{rule}}")],
            "reqps",
        ),
    ]


def storing() -> list[dict[str, Any]]:
    """The way to PostgreSQL."""
    commits = f"sum(rate(churn_commit_rows_count{{{OWN}}}[{RATE}]))"
    return [
        graph(
            "Rows a commit",
            "Predictions that share one commit: grows with load, which is what keeps the disk in pace.",
            [
                query(f"sum(rate(churn_commit_rows_sum{{{OWN}}}[{RATE}])) / {commits}", "mean"),
                *quantiles("churn_commit_rows", OWN)[2:],
            ],
            "none",
        ),
        graph(
            "Duration of a commit",
            "From sending a batch to the proof that it is on disk.",
            quantiles("churn_commit_duration_seconds", OWN),
            "s",
        ),
        graph(
            "Waiting",
            "Rows that wait for their commit, reads that wait for PostgreSQL.",
            [
                query(f"sum(churn_waiting_rows{{{OWN}}})", "rows"),
                query(f"sum(churn_waiting_reads{{{OWN}}})", "reads"),
            ],
            "none",
        ),
        graph(
            "Trouble with PostgreSQL",
            "Batches refused, batches whose commit was not known when the connection was lost, new connections.",
            [
                query(f"sum(rate(churn_batches_refused_total{{{OWN}}}[{RATE}]))", "batches refused"),
                query(f"sum(rate(churn_batches_unknown_total{{{OWN}}}[{RATE}]))", "batches unknown"),
                query(f"sum(rate(churn_postgres_connections_total{{{OWN}}}[{RATE}]))", "connections made"),
            ],
            "ops",
        ),
    ]


def kafka() -> list[dict[str, Any]]:
    """The way to Kafka; empty where no brokers are configured."""
    # A partition that changes hands is shown by two: the greatest counts, as for the alert. A topic of which no
    # partition is anybody's yet is 0, not nothing.
    lag = f"max by (topic, partition) (churn_consumer_lag{{{OWN}}})"
    none = f"max by (topic) (0 * churn_consumer_stopped_partitions{{{OWN}}})"
    return [
        graph(
            "Events by result",
            "What becomes of the stored predictions in Kafka.",
            [query(f"sum by (result) (rate(churn_events_total{{{OWN}}}[{RATE}]))", "{{result}}")],
            "ops",
        ),
        graph(
            "Age of what Kafka does not have",
            "Of the oldest stored prediction that no broker has acknowledged.",
            [query(f"max by (instance) (churn_publish_lag_seconds{{{OWN}}})", "{{instance}}")],
            "s",
            above(limit("ChurnPublishLag")),
        ),
        graph(
            "Rows that Kafka does not have",
            "Stored and not yet acknowledged; and what waits in the client's own queue.",
            [
                query(f"sum(churn_publish_lag_rows{{{OWN}}})", "rows"),
                query(f"sum(churn_kafka_queue_messages{{{OWN}}})", "in the queue"),
            ],
            "none",
        ),
        graph(
            "Brokers",
            "1 while a broker answers, its slowest answers, and producers that a fatal error ended.",
            [
                query(f"min(churn_kafka_up{{{OWN}}})", "a broker answers"),
                query(f"max(churn_kafka_round_trip_seconds{{{OWN}}})", "p99 of an answer, s"),
                query(f"sum(rate(churn_kafka_producer_restarts_total{{{OWN}}}[{RATE}]))", "restarts a second"),
            ],
            "none",
        ),
        graph(
            "Taken in",
            "Requests and events of customers that came by Kafka, by what became of them.",
            [
                query(
                    f"sum by (topic, result) (rate(churn_consumed_messages_total{{{OWN}}}[{RATE}]))",
                    "{{topic}} {{result}}",
                )
            ],
            "ops",
        ),
        graph(
            "Waiting to be taken in",
            "Messages of each topic and of its partitions, and partitions that wait for a person.",
            [
                query(f"sum by (topic) ({lag}) or {none}", "{{topic}}"),
                query(f"{lag} or {none}", "{{topic}} {{partition}}"),
                query(f"sum by (topic) (churn_consumer_stopped_partitions{{{OWN}}})", "{{topic}} stopped partitions"),
            ],
            "none",
            above(limit("ChurnConsumerLag")),
        ),
    ]


def process() -> list[dict[str, Any]]:
    """The process itself."""
    return [
        graph(
            "Processor",
            "Cores in use, by instance.",
            [query(f"rate(process_cpu_seconds_total{{{OWN}}}[{RATE}])", "{{instance}}")],
            "none",
        ),
        graph(
            "Memory",
            "Resident memory. It does not grow with time.",
            [query(f"process_resident_memory_bytes{{{OWN}}}", "{{instance}}")],
            "bytes",
        ),
        graph(
            "Descriptors and connections",
            "Open descriptors against their limit, connections of clients and to PostgreSQL.",
            [
                query(f"sum(process_open_fds{{{OWN}}})", "descriptors"),
                query(f"sum(churn_http_connections{{{OWN}}})", "clients"),
                query(f"sum(churn_postgres_writers{{{OWN}}})", "writers"),
            ],
            "none",
        ),
        graph(
            "Log lines by level",
            "Warnings and errors want reading. The lines themselves are on standard error.",
            [query(f"sum by (level) (rate(churn_log_lines_total{{{OWN}}}[{RATE}])) * 60", "{{level}} a minute")],
            "none",
            thresholds(("green", None)),
        ),
    ]


def service() -> dict[str, Any]:
    """The whole dashboard."""
    rows = [
        ("Now", overview()),
        ("Requests", requests()),
        ("Storing", storing()),
        ("Kafka", kafka()),
        ("Process", process()),
    ]
    return dashboard("churn-service", "Service", "Is the service well: requests, errors, duration, PostgreSQL.", rows)
