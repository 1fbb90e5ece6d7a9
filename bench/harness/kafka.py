"""Kafka: what publishing costs, a backlog against bare production, an outage, and requests that come by topic."""

import contextlib
import json
import os
import random
import statistics
import subprocess
import threading
import time
import urllib.request

from harness.figures import STORED, both_rates, median, rates
from harness.load import check_answer, run, wrk
from harness.machine import ROOT, Process, compile_c, fetch, free_port, say, until
from harness.servers import Server

TOPICS = ("churn.predictions:4", "churn.alerts:4", "churn.dead-letter:1", "churn.requests:8")
PREDICTIONS, ALERTS, REQUESTS = "churn.predictions", "churn.alerts", "churn.requests"
#: The producer's settings, for bare production; a test of the settings would be a second list.
PRODUCER = ("enable.idempotence=true", "linger.ms=5", "batch.num.messages=10000", "compression.type=lz4",
            "queue.buffering.max.messages=16384", "queue.buffering.max.kbytes=16384", "partitioner=murmur2_random")
SAMPLES = 4096
#: The brokers keep 5 MiB of a partition: more requests at once would be thrown away before they are read.
REQUESTS_AT_ONCE = 200_000
INSTANCES = 1000
#: Rows younger than this when a pass over the table begins are asked about with their page; a backlog of a million is older.
YOUNG_SECONDS = 10
#: What is counted of a backlog or a topic: not the first and the last tenth, in which not everything runs.
FROM, TO = 0.1, 0.9


class Broker:
    """A broker of librdkafka's mock cluster in a process of its own; it costs next to nothing and keeps next to nothing."""

    def __init__(self, stand, name="kafka"):
        binary = compile_c("../Tests/MockCluster/main.c", "mockcluster", "-lrdkafka", "-ldl")
        self.pipe, log = stand.work / f"{name}.pipe", stand.work / f"{name}.log"
        os.mkfifo(self.pipe)
        log.touch()
        self.process = Process([binary, self.pipe, 1, *TOPICS], log)
        until(lambda: "bootstrap " in log.read_text(), 20, "the broker")
        self.address = log.read_text().split("bootstrap ")[1].split()[0]

    @property
    def environment(self):
        return {"KAFKA_BROKERS": self.address}

    def set_down(self, is_down):
        self.pipe.write_text("down 1\n" if is_down else "up 1\n")

    def read(self, topic, count):
        """So many messages from the beginning, each as `produce.c` reads it."""
        form = "%k\x1f%s\x1f%h\n"
        command = ["kcat", "-b", self.address, "-C", "-t", topic, "-o", "beginning", "-c", str(count), "-q", "-f", form]
        found = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout
        # kcat parts headers with commas, which none of ours has.
        parts = [line.rpartition("\x1f") for line in found.splitlines()]
        return [f"{before}\x1f{headers.replace(',', chr(0x1F))}\n" for before, _, headers in parts]

    def produce(self, stand, topic, count, path):
        """Bare production; the seconds it took."""
        producer = compile_c("load/produce.c", "produce", "-lrdkafka")
        command = [producer, self.address, topic, count, path, *PRODUCER]
        return float(subprocess.run([*map(str, command)], check=True, capture_output=True, text=True, timeout=600).stdout)

    def end(self):
        self.process.end()
        self.pipe.unlink()


def metric(server, name):
    """The sum of a metric over its labels that begin as given."""
    text = fetch(server.url("/metrics")).decode()
    values = [float(line.rpartition(" ")[2]) for line in text.splitlines() if line.startswith(name)]
    return sum(values)


def sent(server):
    return metric(server, 'churn_events_total{result="sent"}')


def lag(server):
    return metric(server, "churn_publish_lag_rows ")


def forget_unpublished(database):
    """What other figures left is not to be published in this one."""
    database.sql("TRUNCATE predictions")
    database.sql("UPDATE writers SET closed_at = now() WHERE closed_at IS NULL")


def slope(value, end, seconds):
    """Things a second between the first and the last tenth, as `value` grows up to `end`; and how long that took."""
    times, deadline = [], time.monotonic() + seconds
    while True:
        now, found = time.monotonic(), value()
        times.append((now, found))
        if found >= end:
            break
        if now > deadline:
            raise SystemExit(f"bench: {found:,.0f} of {end:,.0f} after {seconds} s")
        time.sleep(0.1)
    first = next(each for each in times if each[1] >= end * FROM)
    last = next(each for each in times if each[1] >= end * TO)
    if last[0] == first[0]:
        raise SystemExit("bench: too few to be measured")
    return (last[1] - first[1]) / (last[0] - first[0])


def storing(stand, environment, name, connections, plan):
    """A round of durable predictions of a service that has the database to itself; and the events that it published."""
    forget_unpublished(stand.database)
    server = stand.service(environment, name=name)
    try:
        check_answer(server, STORED, stand.database)
        run(server, STORED, connections, plan.warm_seconds, "post.lua", stand.database)
        found = run(server, STORED, connections, plan.seconds, "post.lua", stand.database)
        say(f"  {connections} {name:9} {found.rate:9,.0f}/s, {found.server_us:6.2f} µs server, {found.database_us:6.2f} µs PostgreSQL, "
            f"p50 {found.p50_ms:.2f} ms, p99 {found.p99_ms:.2f} ms")
        until(lambda: not environment or lag(server) == 0, 60, "the last events")
        return found, sent(server)
    finally:
        server.end()


def cost(stand, subject, plan, report):
    """Durable predictions with Kafka and without, in turn (A B B A): one service at a time, as where there is one."""
    with contextlib.ExitStack() as stack:
        broker = Broker(stand, "kafka-cost")
        stack.callback(broker.end)
        kinds = {"Kafka on": broker.environment, "Kafka off": {}}
        for connections in (64, 256):
            before, published, found = broker.process.cpu_us(), 0, {name: [] for name in kinds}
            for number in range(plan.rounds):
                for name in kinds if number % 2 == 0 else reversed(kinds):
                    turn, events = storing(stand, kinds[name], name, connections, plan)
                    found[name].append(turn)
                    published += events
            mine, plain = found["Kafka on"], found["Kafka off"]
            report.at_least(f"durable `/predict`, {connections} connections, Kafka on against off", 0.90, rates(mine, plain),
                            both_rates(mine, plain))
            broker_us = (broker.process.cpu_us() - before) / max(published, 1)
            report.note(f"Kafka on, {connections} connections: CPU a request {median(mine, 'server_us'):.1f} µs in the service "
                        f"(off: {median(plain, 'server_us'):.1f}), {median(mine, 'database_us'):.1f} µs in PostgreSQL (off: "
                        f"{median(plain, 'database_us'):.1f}); the broker, on the same cores, {broker_us:.1f} µs an event.")


def fill(stand, rows):
    """Rows that nobody publishes: the service stores them and knows no Kafka."""
    forget_unpublished(stand.database)
    server, chance = stand.service(), random.Random(20)
    try:
        for start in range(0, rows, INSTANCES):
            instances = [{"customer_id": f"C-{chance.randrange(100_000):05}", "features": [
                round(chance.random() * 9, 2), round(chance.random() * 300, 2), chance.randrange(181), chance.randrange(7)]}
                for _ in range(min(INSTANCES, rows - start))]
            body = json.dumps({"instances": instances}).encode()
            request = urllib.request.Request(server.url(STORED), body, {"Content-Type": "application/json"}, method="POST")
            with urllib.request.urlopen(request, timeout=30) as answer:
                answer.read()
    finally:
        server.end()
    stored = stand.database.rows()
    if stored != rows:
        raise SystemExit(f"bench: {stored:,} rows stored of {rows:,}")
    time.sleep(YOUNG_SECONDS)


def bare_production(stand, broker, server, rows):
    """Seconds that bare production of the same messages takes: an event for each row, and the alerts that followed from them."""
    alerts = round(metric(server, "churn_alerts_total"))
    server.end()
    messages = broker.read(PREDICTIONS, SAMPLES) + broker.read(ALERTS, round(SAMPLES * alerts / rows))
    random.Random(20).shuffle(messages)
    path = stand.work / "events.messages"
    path.write_text("".join(messages))
    return broker.produce(stand, "churn.bare", rows + alerts, path), alerts


def backlog(stand, subject, plan, report):
    """Rows that were stored without Kafka, published by the next start; against bare production of the same bytes."""
    rows = 100_000 if plan.is_quick else 1_000_000
    say(f"  storing {rows:,} rows")
    fill(stand, rows)
    ratios, ours, bare = [], [], []
    for number in range(max(plan.rounds // 2, 2)):
        with contextlib.ExitStack() as stack:
            broker = Broker(stand, f"kafka-backlog-{number}")
            stack.callback(broker.end)
            stand.database.sql("UPDATE writers SET acknowledged = NULL, closed_at = NULL WHERE id IN (SELECT writer FROM predictions)")
            server = stand.service(broker.environment)
            stack.callback(server.end)
            rate = slope(lambda server=server: sent(server), rows, 600)
            seconds, alerts = bare_production(stand, broker, server, rows)
        ours.append(rate)
        bare.append(rows / seconds)
        ratios.append(rate / bare[-1])
        say(f"  backlog {rate:,.0f}/s, bare {bare[-1]:,.0f}/s")
    report.at_least(f"publishing a backlog of {rows:,} rows, against bare production of the same bytes", 0.50, ratios,
                    f"{statistics.median(ours):,.0f} rows/s against {statistics.median(bare):,.0f}; {alerts:,} alerts besides, on both sides")


class Sampler(threading.Thread):
    """Resident memory, four times a second."""

    def __init__(self, process):
        super().__init__()
        self.process, self.stopped, self.samples = process, threading.Event(), []

    def run(self):
        while not self.stopped.wait(0.25):
            self.samples.append(self.process.resident_mib())

    def stop(self):
        self.stopped.set()
        self.join()
        return self.samples


def outage(stand, subject, plan, report):
    """Memory while no broker answers, under load."""
    seconds = plan.outage_seconds
    with contextlib.ExitStack() as stack:
        forget_unpublished(stand.database)
        broker = Broker(stand, "kafka-outage")
        stack.callback(broker.end)
        server = stand.service(broker.environment)
        stack.callback(server.end)

        def load(length):
            sampler = Sampler(server.process)
            sampler.start()
            result = wrk(server.url(STORED), 64, length, "post.lua")
            if result["not_2xx"] or result["lost"]:
                raise SystemExit(f"bench: an answer was not 2xx: {result}")
            return result["requests"], sampler.stop()

        load(max(seconds // 10, 5))
        before = statistics.median(load(max(seconds // 10, 5))[1])
        broker.set_down(True)
        requests, samples = load(seconds)
        broker.set_down(False)
        growth = max(samples) / before
        report.add(f"memory through an outage of {seconds} s under load", "≤ 1.10×", f"{growth:.2f}×",
                   f"{before:.1f} MiB before, at most {max(samples):.1f} MiB, at the end {samples[-1]:.1f} MiB; "
                   f"{requests:,} stored meanwhile", growth <= 1.10)
        behind, start = lag(server), time.monotonic()
        until(lambda: lag(server) == 0, 900, "the events of the outage")
        report.note(f"After the outage {behind:,.0f} rows were published within {time.monotonic() - start:.0f} s.")


def write_requests(stand):
    """Requests as `post.lua` has them."""
    chance, path = random.Random(20), stand.work / "requests.messages"
    with path.open("w") as file:
        for _ in range(SAMPLES):
            customer = f"C-{chance.randrange(100_000):05}"
            body = json.dumps({"customer_id": customer, "features": {
                "purchase_frequency": round(chance.random() * 9, 2), "average_check": round(chance.random() * 300, 2),
                "days_since_last_activity": chance.randrange(181), "services_used": chance.randrange(7)}}, separators=(",", ":"))
            file.write(f"{customer}\x1f{body}\n")
    return path


def consumer(stand, broker):
    port = free_port()
    environment = {**broker.environment, "KAFKA_TOPIC_REQUESTS": REQUESTS}
    arguments = [stand.binary, "consume", "--host", "127.0.0.1", "--port", port, "--database-url", stand.database.url, "--model",
                 ROOT / "Models" / "demo.json"]
    return Server("consume", Process(arguments, stand.log("consume"), environment, directory=stand.work), port, "/health/ready")


def consume(stand, subject, plan, report):
    """Requests that come by topic, against those over HTTP; both are published."""
    count = 20_000 if plan.is_quick else REQUESTS_AT_ONCE
    with contextlib.ExitStack() as stack:
        forget_unpublished(stand.database)
        stand.database.sql("TRUNCATE consumed")
        broker = Broker(stand, "kafka-consume")
        stack.callback(broker.end)
        server = stand.service(broker.environment)
        stack.callback(server.end)
        reader = consumer(stand, broker)
        stack.callback(reader.end)
        path, name = write_requests(stand), 'churn_consumed_messages_total{topic="churn.requests",result="stored"}'
        broker.produce(stand, REQUESTS, 100, path)
        until(lambda: metric(reader, name) == 100, 60, "the first requests")
        run(server, STORED, 64, plan.warm_seconds, "post.lua", stand.database)
        found = {"topic": [], "HTTP": []}

        def topic():
            stand.database.clear()
            before = metric(reader, name)
            broker.produce(stand, REQUESTS, count, path)
            rate = slope(lambda: metric(reader, name) - before, count, 300)
            if (rows := stand.database.rows()) != count:
                raise SystemExit(f"bench: {rows:,} rows of {count:,} requests")
            return rate

        def over_http():
            return run(server, STORED, 64, plan.seconds, "post.lua", stand.database).rate

        for number in range(plan.rounds):
            order = [("topic", topic), ("HTTP", over_http)]
            for title, measure in order if number % 2 == 0 else reversed(order):
                until(lambda: lag(server) == 0 and lag(reader) == 0, 120, "the last events")
                found[title].append(measure())
                say(f"  {title} {found[title][-1]:,.0f}/s")
        ratios = [ours / peer for ours, peer in zip(found["topic"], found["HTTP"])]
        report.at_least("requests from a topic, against durable `/predict` with 64 connections", 0.80, ratios,
                        f"{statistics.median(found['topic']):,.0f}/s against {statistics.median(found['HTTP']):,.0f}/s; one thread "
                        "each, Kafka on for both")
