"""A stand-in for Apache Kafka where its image cannot be had: librdkafka's mock broker, for other hosts to reach.

It speaks Kafka's protocol (topics, partitions, groups, commits, offsets) and keeps messages in memory only. The mock
listens on loopback and tells its clients so; a relay in front of it listens for everybody, and tells them its own name.

usage: python3 standins-kafka.py     KAFKA_ADVERTISED_LISTENERS names the host, as for the real one
       python3 standins-kafka.py --is-up | --create HOST TOPIC PARTITIONS
"""

import asyncio
import ctypes
import os
import re
import sys

PORT = 9092
#: Where `--create` is listened for.
CONTROL_PORT = 9093
PRODUCER = 0
LOOPBACK = b"127.0.0.1"


class Mock:
    """The mock broker of librdkafka (rdkafka_mock.h)."""

    def __init__(self) -> None:
        self.library = library = ctypes.CDLL("librdkafka.so.1")
        for name in ("rd_kafka_new", "rd_kafka_mock_cluster_new"):
            getattr(library, name).restype = ctypes.c_void_p
        library.rd_kafka_mock_cluster_bootstraps.restype = ctypes.c_char_p
        error = ctypes.create_string_buffer(500)
        client = library.rd_kafka_new(PRODUCER, None, error, ctypes.c_size_t(len(error)))
        assert client, error.value
        self.cluster = ctypes.c_void_p(library.rd_kafka_mock_cluster_new(ctypes.c_void_p(client), 1))
        self.port = int(library.rd_kafka_mock_cluster_bootstraps(self.cluster).rpartition(b":")[2])

    def create(self, topic: str, partitions: int) -> None:
        """Makes a topic; one that is there stays as it is."""
        self.library.rd_kafka_mock_topic_create(self.cluster, topic.encode(), partitions, 1)


def renamed(host: str, port: int) -> list[tuple[bytes, bytes]]:
    """How a broker's place is written in answers, and what instead: with a length of two bytes, or of one."""
    old, new = port.to_bytes(4, "big"), PORT.to_bytes(4, "big")
    name = host.encode()
    return [
        (len(LOOPBACK).to_bytes(2, "big") + LOOPBACK + old, len(name).to_bytes(2, "big") + name + new),
        (bytes([len(LOOPBACK) + 1]) + LOOPBACK + old, bytes([len(name) + 1]) + name + new),
    ]


async def forward(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, changes: list[tuple[bytes, bytes]]
) -> None:
    """Hands messages of one direction on, each whole: four bytes of length, then so many."""
    try:
        while True:
            message = await reader.readexactly(int.from_bytes(await reader.readexactly(4), "big"))
            for old, new in changes:
                message = message.replace(old, new)
            writer.write(len(message).to_bytes(4, "big") + message)
            await writer.drain()
    except (asyncio.IncompleteReadError, OSError):
        writer.close()


async def serve(mock: Mock, host: str) -> None:
    """Relays until the process is ended."""

    async def client(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answers, requests = await asyncio.open_connection("127.0.0.1", mock.port)
        await asyncio.gather(forward(reader, requests, []), forward(answers, writer, renamed(host, mock.port)))

    async def control(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        topic, partitions = (await reader.readline()).decode().split()
        mock.create(topic, int(partitions))
        writer.write(b"made\n")
        writer.close()

    servers = [await asyncio.start_server(client, None, PORT), await asyncio.start_server(control, None, CONTROL_PORT)]
    await asyncio.gather(*(server.serve_forever() for server in servers))


async def create(host: str, topic: str, partitions: str) -> None:
    """Asks a running stand-in for a topic."""
    reader, writer = await asyncio.open_connection(host, CONTROL_PORT)
    writer.write(f"{topic} {partitions}\n".encode())
    assert await reader.readline() == b"made\n"


async def is_up() -> None:
    """Fails where none runs here."""
    await asyncio.open_connection("127.0.0.1", PORT)


def main() -> None:
    """The command line."""
    match sys.argv[1:]:
        case ["--is-up"]:
            asyncio.run(is_up())
        case ["--create", host, topic, partitions]:
            asyncio.run(create(host, topic, partitions))
        case _:
            found = re.search(r"INTERNAL://([^:,]+):", os.environ["KAFKA_ADVERTISED_LISTENERS"])
            asyncio.run(serve(Mock(), found[1] if found else "localhost"))


if __name__ == "__main__":
    main()
