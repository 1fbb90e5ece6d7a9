"""The table of raw requests, read by others: wherever they differ from us, it is written down, and ours is stricter."""

import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from proxy import Nginx
from readers import read_with_h11, read_with_llhttp
from table import FOLDER, Reading, Stream, table

#: (reader, our end, what the other does) -> how many streams, and why.
Differences = dict[tuple[str, str, str], tuple[int, str]]


def listed() -> Differences:
    """What `differences.txt` says."""
    differences = {}
    for line in (FOLDER / "differences.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            reader, ours, theirs, count, reason = line.split(None, 4)
            differences[reader, ours, theirs] = (int(count), reason)
    return differences


def comparable(reading: Reading) -> tuple[tuple[tuple[str, str, int], ...], str]:
    """Targets without scheme and authority: a proxy passes the path on."""

    def path(target: str) -> str:
        scheme, found, rest = target.partition("://")
        if not found or scheme.lower() not in ("http", "https"):
            return target
        start = min((rest.find(mark) for mark in "/?" if mark in rest), default=len(rest))
        return rest[start:] if rest[start:].startswith("/") else "/" + rest[start:]

    return tuple((method, path(target), length) for method, target, length in reading.requests), reading.end


def difference(ours: Reading, theirs: Reading) -> str | None:
    """What the other reader does otherwise, in a word; None where nothing is."""
    mine, others = comparable(ours), comparable(theirs)
    if mine == others:
        return None
    if theirs.end == "refused":
        return "refuses" if others[0] == mine[0][: len(others[0])] else "reads-otherwise"
    if ours.end == "refused":
        return "accepts" if others[0][: len(mine[0])] == mine[0] else "reads-otherwise"
    return theirs.end if others[0] == mine[0] else "reads-otherwise"


def compare(name: str, read: Callable[[bytes], Reading], workers: int = 1) -> None:
    """Fails where the differences are not those that are listed."""
    streams = table()
    with ThreadPoolExecutor(workers) as pool:
        readings = list(pool.map(lambda stream: read(stream.octets), streams))
    found: dict[tuple[str, str, str], list[tuple[Stream, Reading]]] = defaultdict(list)
    for stream, reading in zip(streams, readings, strict=True):
        if theirs := difference(stream.ours, reading):
            found[name, stream.end, theirs].append((stream, reading))
    expected = {key: value for key, value in listed().items() if key[0] == name}
    wrong = [key for key in found | expected if len(found[key]) != expected.get(key, (0, ""))[0]]
    text = "\n".join(
        f"{' '.join(key)} {len(found[key])}, listed {expected.get(key, (0, ''))[0]}: "
        + "; ".join(f"line {stream.line} {reading.end} {reading.requests}"[:200] for stream, reading in found[key])
        for key in sorted(wrong)
    )
    assert not wrong, text


def test_h11() -> None:
    compare("h11", read_with_h11)


def test_llhttp() -> None:
    compare("llhttp", read_with_llhttp)


@pytest.fixture
def nginx() -> Iterator[Nginx]:
    with tempfile.TemporaryDirectory(prefix="churn-nginx-") as name:
        # Its workers run as another user, and write bodies here. Nothing above it is touched: others write there, too.
        folder = Path(name)
        folder.chmod(0o755)
        with Nginx(folder) as nginx:
            yield nginx


def test_nginx(nginx: Nginx) -> None:
    compare("nginx", nginx.read, workers=16)


def test_nobody_is_stricter_about_framing() -> None:
    """Where another reader refuses what we take, or waits where we do not, the reason says why that is no smuggling."""
    for (reader, ours, theirs), (_, reason) in listed().items():
        if ours in ("idle", "closed", "incomplete"):
            assert reason.startswith("harmless:"), f"{reader} {ours} {theirs}"
