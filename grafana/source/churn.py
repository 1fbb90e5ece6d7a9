"""The dashboard *Churn*: what the model says of the customers, and whether it still says the truth."""

from typing import Any

from .dashboard import dashboard
from .limits import limit
from .panels import above, below, graph, heatmap, query, stat
from .service import OWN, RATE


def overview() -> list[dict[str, Any]]:
    """The numbers of now."""
    return [
        stat(
            "Predictions a minute",
            "Stored predictions; what-ifs are not stored and not counted.",
            f"sum(rate(churn_predictions_total{{{OWN}}}[{RATE}])) * 60",
            "none",
        ),
        stat(
            "Said to leave",
            "Share of the last hour's predictions at or above the model's threshold.",
            share("1h"),
            "percentunit",
        ),
        stat(
            "Model",
            "Version of the model that answers; more than one while instances change.",
            f"max by (version) (churn_model_info{{{OWN}}})",
            "none",
            legend="{{version}}",
        ),
        stat(
            "Age of the model",
            "Since it was registered.",
            f"time() - max(churn_model_trained_timestamp_seconds{{{OWN}}})",
            "s",
            above(limit("ChurnModelStale")),
        ),
        stat(
            "Age of its data",
            "Since the newest date whose customers it was judged on; never less than its horizon.",
            f"time() - max(churn_model_data_as_of_seconds{{{OWN}}})",
            "s",
        ),
        stat("AUC", "On rows that the model had not seen; 0.5 is chance.", quality("auc"), "none", below(0.5)),
    ]


def quality(metric: str, suffix: str = "") -> str:
    """One measure of the model that answers."""
    return f'max(churn_model_quality{suffix}{{{OWN}, metric="{metric}"}})'


def bounded(title: str, description: str, unit: str = "percentunit", min: float = 0) -> dict[str, Any]:
    """One measure with what it may be in truth."""
    lines = {"": title, "_low": "low", "_high": "high"}
    queries = [query(quality(title.lower(), suffix), name) for suffix, name in lines.items()]
    return graph(f"{title} with its 95 % interval", description, queries, unit, min=min, max=1)


def judgement() -> list[dict[str, Any]]:
    """How the model did where the truth was known: a step in a line is a new model."""
    return [
        bounded(
            "AUC", "How often a customer who leaves gets a higher probability than one who stays.", "none", min=0.4
        ),
        bounded("Accuracy", "Share of the decisions at the model's threshold that were right."),
        bounded("Precision", "Of those said to leave, how many left."),
        bounded("Recall", "Of those who left, how many were said to leave."),
        graph(
            "Log loss and calibration error",
            "How far the probabilities are from what happened.",
            [query(quality(metric), name) for metric, name in (("log_loss", "log loss"), ("ece", "calibration error"))],
            "none",
        ),
        graph(
            "Lift of the highest tenth",
            "How many times more often than the average those leave.",
            [query(quality("lift_10"), "lift")],
            "none",
        ),
    ]


def share(window: str) -> str:
    """Share of predictions at or above the threshold."""
    return (
        f'sum(rate(churn_predictions_total{{{OWN}, decision="churn"}}[{window}])) '
        f"/ sum(rate(churn_predictions_total{{{OWN}}}[{window}]))"
    )


def predictions() -> list[dict[str, Any]]:
    """What was said."""
    jump = limit("ChurnHighRiskShareJumps")
    return [
        graph(
            "Predictions a minute by decision",
            "`churn` is at or above the threshold, `stay` below.",
            [query(f"sum by (decision) (rate(churn_predictions_total{{{OWN}}}[{RATE}])) * 60", "{{decision}}")],
            "none",
            stacked=True,
        ),
        heatmap(
            "Probabilities",
            "How many predictions fell where. A model that no longer fits its customers moves this picture.",
            f"sum by (le) (increase(churn_score_bucket{{{OWN}}}[{RATE}]))",
            "percentunit",
        ),
        graph(
            "Share said to leave",
            f"The hour against the day. {jump:.0%} apart for half an hour is an alert.",
            [query(share("1h"), "hour"), query(share("1d"), "day")],
            "percentunit",
            min=0,
            max=1,
        ),
        graph(
            "Distance between hour and day",
            "What the alert looks at.",
            [query(f"abs({share('1h')} - {share('1d')})", "distance")],
            "percentunit",
            above(jump),
        ),
        graph(
            "Mean probability",
            "Of the stored predictions.",
            [
                query(
                    f"sum(rate(churn_score_sum{{{OWN}}}[{RATE}])) / sum(rate(churn_score_count{{{OWN}}}[{RATE}]))",
                    "mean",
                )
            ],
            "percentunit",
            min=0,
            max=1,
        ),
        graph(
            "Predictions a minute by model",
            "Which version answered.",
            [query(f"sum by (model) (rate(churn_predictions_total{{{OWN}}}[{RATE}])) * 60", "{{model}}")],
            "none",
            stacked=True,
        ),
    ]


def churn() -> dict[str, Any]:
    """The whole dashboard."""
    rows = [("Now", overview()), ("Predictions", predictions()), ("Quality", judgement())]
    return dashboard("churn-customers", "Churn", "What the model says of the customers.", rows)
