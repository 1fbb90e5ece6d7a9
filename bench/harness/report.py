"""The table: what was asked, what was measured, and whether that is enough."""

import os
import platform
import statistics
from dataclasses import dataclass, field


@dataclass
class Line:
    figure: str
    bar: str
    measured: str
    detail: str
    passed: bool


@dataclass
class Report:
    lines: list = field(default_factory=list)
    notes: list = field(default_factory=list)

    def add(self, figure, bar, measured, detail, passed):
        self.lines.append(Line(figure, bar, measured, detail, passed))

    def at_least(self, figure, bar, ratios, detail):
        """A ratio taken in each round; the median counts."""
        middle = statistics.median(ratios)
        self.add(figure, f"≥ {bar}×", f"{middle:.2f}×", f"{min(ratios):.2f}–{max(ratios):.2f} in {len(ratios)} rounds; {detail}",
                 middle >= bar)

    def at_most(self, figure, bar, ratios, detail):
        """A ratio taken in each round that is to stay small; the median counts."""
        middle = statistics.median(ratios)
        self.add(figure, f"≤ {bar}×", f"{middle:.2f}×", f"{min(ratios):.2f}–{max(ratios):.2f} in {len(ratios)} rounds; {detail}",
                 middle <= bar)

    def note(self, text):
        self.notes.append(text)

    def markdown(self):
        rows = ["| figure | bar | measured | | from–to, and the medians behind it |", "|---|---|---|---|---|"]
        rows += [f"| {line.figure} | {line.bar} | {line.measured} | {'pass' if line.passed else '**miss**'} | {line.detail} |"
                 for line in self.lines]
        return "\n".join([*rows, "", *(f"- {note}" for note in self.notes), ""])


def machine():
    model = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "unknown")
    return f"{os.cpu_count()} cores of {model}, Linux {platform.release()}, Python {platform.python_version()}"
