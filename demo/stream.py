"""A company's topics: what it asks by Kafka, and what its customers do; the answers are read as a CRM would read them.

`churn.requests` holds bodies of POST /predict, `churn.predictions` answers them by `correlation_id`.
`churn.events` says what customers did.
"""

import contextlib
import json
import os
import random
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import confluent_kafka
from feed import Client, instance

REQUESTS = os.environ.get("KAFKA_TOPIC_REQUESTS", "churn.requests")
EVENTS = os.environ.get("KAFKA_TOPIC_EVENTS", "churn.events")
PREDICTIONS = os.environ.get("KAFKA_TOPIC_PREDICTIONS", "churn.predictions")
#: How many answers may be outstanding before the oldest count as lost.
OUTSTANDING_MAX = 10_000
#: Those of the company's customers who do something while one looks on; the others go on as they were made up.
REGULARS = 100
SERVICES = ["delivery", "app", "club", "gifts", "support"]


class Stream:
    """One producer and one consumer, and what became of the requests."""

    def __init__(self, brokers: str, chance: random.Random) -> None:
        # The partitioner of Java's client, as the service has it: a customer is in one partition, whoever writes.
        # A broker that is away is not worth a line a second: 2 is "critical".
        client = {"bootstrap.servers": brokers, "log_level": 2, "reconnect.backoff.max.ms": 5000}
        self.producer = confluent_kafka.Producer({**client, "partitioner": "murmur2_random"})
        self.consumer = confluent_kafka.Consumer(
            {
                **client,
                "group.id": f"demo-crm-{os.getpid()}",
                "auto.offset.reset": "latest",
                "enable.auto.commit": False,
            }
        )
        self.consumer.subscribe([PREDICTIONS])
        self.chance = chance
        self.asked: dict[str, float] = {}
        self.counts = {"requests": 0, "answers": 0, "events": 0}

    def ask(self, features: list[dict[str, Any]]) -> None:
        """Puts one request into its topic."""
        body = instance(features, self.chance)
        self.counts["requests"] += 1
        name = f"demo-{os.getpid()}-{self.counts['requests']}"
        self.asked[name] = time.monotonic()
        while len(self.asked) > OUTSTANDING_MAX:
            self.asked.pop(next(iter(self.asked)))
        self.produce(REQUESTS, body["customer_id"], body, [("correlation_id", name.encode())])

    def happen(self) -> None:
        """Puts into its topic what one customer does now."""
        customer = f"C-{self.chance.randrange(1, REGULARS + 1):07}"
        self.counts["events"] += 1
        event = {
            "customer_id": customer,
            "occurred_at": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "event_id": f"demo-{uuid.uuid4()}",
        }
        if self.chance.random() < 0.3:
            event |= {"kind": "purchase", "amount": round(self.chance.lognormvariate(3.7, 0.45), 2)}
        else:
            event |= {"kind": "usage", "service": self.chance.choice(SERVICES)}
        self.produce(EVENTS, customer, event)

    def produce(self, topic: str, key: str, value: object, headers: list[tuple[str, bytes]] | None = None) -> None:
        """Hands a message over; where the queue is full, because no broker answers, it is dropped."""
        with contextlib.suppress(BufferError):
            self.producer.produce(topic, json.dumps(value), key, headers=headers or [])
        self.producer.poll(0)

    def read(self, seconds: float) -> None:
        """Reads answers for so long."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            message = self.consumer.poll(left)
            if message is None or message.error():
                continue
            headers = dict(message.headers() or [])
            if self.asked.pop(headers.get("correlation_id", b"").decode(), None) is not None:
                self.counts["answers"] += 1


def model_features(url: str) -> Iterator[list[dict[str, Any]]]:
    """The inputs of the model in force, looked at again now and then."""
    client, features, next_look = Client(url), [], 0.0
    while True:
        if time.monotonic() >= next_look:
            status, body = client.ask("GET", "/model")
            features = json.loads(body)["features"] if status == 200 else features
            next_look = time.monotonic() + 30
        yield features


def stream(url: str, brokers: str, rate: float, seconds: float | None, seed: int | None = None) -> dict[str, int]:
    """Asks and lets happen, `rate` times a second, until `seconds` are over or forever; returns what it counted."""
    chance = random.Random(seed)
    company = Stream(brokers, chance)
    end = None if seconds is None else time.monotonic() + seconds
    for features in model_features(url):
        if end is not None and time.monotonic() >= end:
            break
        if features:
            company.ask(features)
        company.happen()
        company.read(chance.expovariate(rate))
    company.producer.flush(5)
    company.consumer.close()
    return company.counts
