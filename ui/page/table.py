"""A table of customers that somebody uploads: read, checked, sent in pieces, given back with scores."""

import io
from collections.abc import Iterator

import pandas as pd

from .client import INSTANCES_MAX, JSON, Service, ServiceError
from .parts import FAULTS_MAX, fault_of
from .words import say

ROWS_MAX = 20_000
#: What is told of each line, beside the reasons.
ANSWERS = ["probability", "churn", "risk", "threshold", "horizon_days", "model"]


class TableError(Exception):
    """Why a table cannot be scored, as a sentence."""


def read(content: bytes) -> pd.DataFrame:
    """The table in a file; numbers stay as they are written until the service reads them."""
    try:
        frame = pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False, skipinitialspace=True)
    except (ValueError, pd.errors.ParserError):
        raise TableError(say("unreadable")) from None
    if "customer_id" not in frame.columns:
        raise TableError(say("column missing"))
    if len(frame) > ROWS_MAX:
        raise TableError(say("too large", limit=ROWS_MAX))
    return frame


def instances(frame: pd.DataFrame, features: list[JSON]) -> Iterator[JSON]:
    """Each line as the service takes it; an empty cell is a value that is not known."""
    given = [feature for feature in features if feature["name"] in frame.columns]
    for row in frame.to_dict("records"):
        values = {feature["name"]: value(row[feature["name"]], feature) for feature in given}
        known = {name: value for name, value in values.items() if value is not None}
        customer = {"customer_id": row["customer_id"]}
        # Without any value the service takes the customer's stored features.
        yield {**customer, "features": known} if given else customer


def value(text: str, feature: JSON) -> object:
    """A cell as the feature's type; what is no number goes as it is, so that the service names it."""
    if text == "":
        return None
    if feature["type"] != "number":
        return text
    try:
        return float(text)
    except ValueError:
        return text


def score(service: Service, frame: pd.DataFrame, features: list[JSON], record: bool) -> pd.DataFrame:
    """The table with what the service says of each line.

    All lines are tried without storing first: a fault in the last one leaves nothing half-stored.
    """
    every = list(instances(frame, features))
    predictions = list(asked(service, every, record=False))
    if record:
        predictions = list(asked(service, every, record=True))
    scores = pd.DataFrame(predictions)[ANSWERS]
    reasons = pd.Series(["; ".join(raising(prediction)) for prediction in predictions], name="reasons")
    # A table may have a column `churn` of its own, such as who did leave.
    own = frame.rename(columns={name: f"{name} (given)" for name in [*ANSWERS, reasons.name]})
    return pd.concat([own.reset_index(drop=True), scores, reasons], axis=1)


def asked(service: Service, every: list[JSON], record: bool) -> Iterator[JSON]:
    """The answers, a request for each piece; faults are told by the line of the file."""
    for start in range(0, len(every), INSTANCES_MAX):
        piece = every[start : start + INSTANCES_MAX]
        try:
            yield from service.predict({"instances": piece}, record=record)["predictions"]
        except ServiceError as error:
            if error.faults:
                raise TableError("\n\n".join(fault_text(fault, start) for fault in error.faults[:FAULTS_MAX])) from None
            raise


def fault_text(fault: JSON, start: int) -> str:
    """A fault with the line of the file: the header is line 1."""
    _, _, index, *rest = fault["pointer"].split("/")
    return say("line fault", line=start + int(index) + 2, field=rest[-1] if rest else "", detail=fault_of(fault))


def raising(prediction: JSON) -> list[str]:
    """The three features that speak most for leaving."""
    parts = [part for part in prediction["contributions"] if part["contribution"] > 0]
    return [f"{part['feature']}={part['value']}" for part in parts[:3]]
