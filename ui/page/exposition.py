"""Reads what /metrics says: enough of the Prometheus text format for one look at the service."""

import math
import re
from collections import defaultdict

Samples = dict[str, list[tuple[dict[str, str], float]]]

SAMPLE = re.compile(r"^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$")
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')


def read(text: str) -> Samples:
    """Every sample by the name of its metric."""
    samples: Samples = defaultdict(list)
    for line in text.splitlines():
        if not line.startswith("#") and (match := SAMPLE.match(line)):
            name, labels, value = match.groups()
            samples[name].append((dict(LABEL.findall(labels or "")), float(value)))
    return samples


def total(samples: Samples, name: str, **labels: str) -> float:
    """The sum over the series whose labels match these patterns; 0 where there are none."""
    return sum(
        value
        for found, value in samples.get(name, [])
        if all(re.fullmatch(pattern, found.get(label, "")) for label, pattern in labels.items())
    )


def quantile(samples: Samples, name: str, q: float, before: Samples | None = None, **labels: str) -> float | None:
    """A quantile of a histogram, of all it counted or of what came since `before`; nothing where it counted nothing."""
    counts: dict[float, float] = defaultdict(float)
    for sign, source in ((1, samples), (-1, before or {})):
        for found, value in source.get(f"{name}_bucket", []):
            if all(re.fullmatch(pattern, found.get(label, "")) for label, pattern in labels.items()):
                counts[math.inf if found["le"] == "+Inf" else float(found["le"])] += sign * value
    bounds = sorted(counts)
    if not bounds or counts[bounds[-1]] <= 0:
        return None
    rank = q * counts[bounds[-1]]
    low = below = 0.0
    for bound in bounds:
        if counts[bound] >= rank:
            if math.isinf(bound):
                return low
            inside = counts[bound] - below
            return bound if inside <= 0 else low + (bound - low) * (rank - below) / inside
        low, below = bound, counts[bound]
    return low
