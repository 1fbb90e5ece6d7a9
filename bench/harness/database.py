"""A PostgreSQL of the bench's own: unix socket only, every durability setting on."""

import os
import pathlib
import pwd
import signal
import socket
import struct
import subprocess

from harness.machine import ROOT, Process, children, cpu_us, until

# Checkpoints and vacuums fall between rounds, not into one of them; whatever decides durability stays on.
SETTINGS = """
listen_addresses = ''
fsync = on
synchronous_commit = on
full_page_writes = on
shared_buffers = 256MB
min_wal_size = 1GB
max_wal_size = 4GB
checkpoint_timeout = 30min
autovacuum = off
max_connections = 60
log_error_verbosity = terse
"""


def binaries():
    versions = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    if not versions:
        raise SystemExit("bench: no PostgreSQL under /usr/lib/postgresql")
    return versions[-1]


class Database:
    name = "bench"

    def __init__(self, work):
        self.directory = work
        self.data = work / "data"
        self.user = "postgres" if os.geteuid() == 0 else None
        self.data.mkdir(mode=0o700)
        self.socket = work / "socket"
        self.socket.mkdir(mode=0o700)
        if self.user:
            for path in (self.data, self.socket):
                os.chown(path, *self.identity())
        subprocess.run([str(binaries() / "initdb"), "-D", str(self.data), "-U", "postgres", "-E", "UTF8", "--locale=C",
                        "--auth=trust"], check=True, user=self.user, group=self.user, stdout=subprocess.DEVNULL, cwd="/")
        with open(self.data / "postgresql.conf", "a") as settings:
            settings.write(SETTINGS + f"unix_socket_directories = '{self.socket}'\n")
        self.process = None
        self.start()
        until(self.accepts, 20, "PostgreSQL")
        self.sql(f"CREATE DATABASE {self.name}", "postgres")
        self.keep_log_files()

    def identity(self):
        entry = pwd.getpwnam(self.user)
        return entry.pw_uid, entry.pw_gid

    @property
    def url(self):
        return f"postgresql:///{self.name}?host={self.socket}&user=postgres"

    def start(self, environment=None):
        self.process = Process([binaries() / "postgres", "-D", self.data], self.directory / "postgres.log", environment,
                               user=self.user, directory="/")

    def stop_immediately(self):
        """As `pg_ctl stop -m immediate`."""
        self.process.end(signal.SIGQUIT)

    def end(self):
        self.process.end(signal.SIGINT)

    def accepts(self):
        """Whether a new session is let in now; costs one connection."""
        with socket.socket(socket.AF_UNIX) as probe:
            probe.settimeout(1)
            try:
                probe.connect(str(self.socket / ".s.PGSQL.5432"))
                parameters = b"user\0postgres\0database\0postgres\0\0"
                probe.sendall(struct.pack("!II", len(parameters) + 8, 196608) + parameters)
                accepted = probe.recv(1) == b"R"
                if accepted:
                    probe.sendall(b"X\0\0\0\4")
                return accepted
            except OSError:
                return False

    def sql(self, text, database=None):
        command = ["psql", "-X", "-qAt", "-v", "ON_ERROR_STOP=1", "-h", str(self.socket), "-U", "postgres", "-d",
                   database or self.name]
        return subprocess.run([*command, "-c", text], check=True, capture_output=True, text=True).stdout.strip()

    def migrate(self):
        """The tables without the service's own migrator."""
        for file in sorted((ROOT / "migrations").glob("*.sql")):
            subprocess.run(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", str(self.socket), "-U", "postgres", "-d",
                            self.name, "-f", str(file)], check=True)

    def keep_log_files(self, count=40):
        """Fills files of the write-ahead log to be used again: to make one in the middle of a round stalls every commit."""
        self.sql(f"SELECT pg_logical_emit_message(false, 'bench', ''), pg_switch_wal() FROM generate_series(1, {count})", "postgres")
        self.sql("CHECKPOINT", "postgres")

    def clear(self):
        """The same empty table for whoever is next, with nothing left to flush."""
        self.sql("TRUNCATE predictions")
        self.sql("CHECKPOINT")

    def rows(self):
        return int(self.sql("SELECT count(*) FROM predictions"))

    def cpu_us(self):
        return sum(cpu_us(pid) for pid in children(self.process.pid))
