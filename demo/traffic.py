"""A company for the demo: its past, once; then its programs, which ask the service, until the container is stopped.

They ask over HTTP, and with KAFKA_BROKERS by Kafka, too.
"""

import argparse
import json
import os
import sys
import tempfile
import threading
import time
from pathlib import Path

from feed import Client, feed
from prepare import prepare

#: Where the schedule looks for the files of the nights.
INCOMING = Path("/srv/incoming")


def has_past(url: str) -> bool:
    """Whether the demo was prepared before: a model was learned from its database."""
    status, body = Client(url).ask("GET", "/models")
    if status != 200:
        return False
    return any(model["metrics"]["data"]["source"] == "database" for model in json.loads(body)["models"])


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", default="http://127.0.0.1:8080")
    parser.add_argument("--rate", type=float, default=20, help="requests a second")
    parser.add_argument("--stream-rate", type=float, default=5, help="messages a second, where there is a Kafka")
    parser.add_argument("--seconds", type=float, help="stop after so long (default: never)")
    arguments = parser.parse_args()
    if os.environ.get("DATABASE_URL") and not has_past(arguments.url):
        start = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            prepare(Path(folder), INCOMING)
        print(f"the past is there after {time.monotonic() - start:.0f} s", file=sys.stderr, flush=True)
    if brokers := os.environ.get("KAFKA_BROKERS"):
        from stream import stream  # its client of Kafka is not everywhere

        beside = threading.Thread(
            target=lambda: print(json.dumps(stream(arguments.url, brokers, arguments.stream_rate, arguments.seconds)))
        )
        beside.start()
    print(feed(arguments.url, arguments.rate, arguments.seconds), file=sys.stderr)


if __name__ == "__main__":
    main()
