"""A place to which the demo's alerts go: prints each webhook and each mail as one JSON object a line.

It stands where a chat and a mail server stand elsewhere, so that the demo shows what would have been sent. Not for use
beyond a private network: it takes everything from everyone.
"""

import argparse
import asyncio
import email
import email.policy
import json
import sys
from datetime import UTC, datetime

#: A webhook of Alertmanager with hundreds of alerts stays far below this.
BODY_BYTES_MAX = 1 << 20


def tell(kind: str, **fields: object) -> None:
    """Prints one line about what came in."""
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    print(json.dumps({"time": now, "kind": kind, **fields}, ensure_ascii=False), flush=True)


async def webhook(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One HTTP request a connection: any POST is taken, anything else is the health check."""
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
        length = int(fields.get("content-length", "0"))
        method, path, _ = head[0].split(" ", 2)
        if length > BODY_BYTES_MAX:
            status = "413 Content Too Large"
        elif method != "POST":
            status = "200 OK"
        else:
            tell("webhook", path=path, body=json.loads(await reader.readexactly(length)))
            status = "200 OK"
    except (ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        status = "400 Bad Request"
    writer.write(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
    await finish(writer)


async def mail(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """As much of SMTP (RFC 5321) as a client needs to hand over a mail."""
    writer.write(b"220 inbox ESMTP\r\n")
    recipients: list[str] = []
    while line := (await reader.readline()).decode("latin-1").strip():
        verb = line[:4].upper()
        if verb in ("EHLO", "HELO"):
            reply = "250 inbox"
        elif verb == "RCPT":
            recipients.append(line.partition(":")[2].strip(" <>"))
            reply = "250 OK"
        elif verb == "DATA":
            writer.write(b"354 end with a dot\r\n")
            text = await reader.readuntil(b"\r\n.\r\n")
            message = email.message_from_bytes(text[:-5], policy=email.policy.default)
            tell("mail", to=recipients, subject=str(message["subject"]))
            recipients, reply = [], "250 OK"
        elif verb in ("MAIL", "NOOP", "RSET"):
            reply = "250 OK"
        else:
            reply = "221 bye" if verb == "QUIT" else "502 not here"
        writer.write(f"{reply}\r\n".encode())
        await writer.drain()
        if verb == "QUIT":
            break
    await finish(writer)


async def finish(writer: asyncio.StreamWriter) -> None:
    """Sends what is left and closes; a client that has gone already is no error."""
    try:
        await writer.drain()
        writer.close()
        await writer.wait_closed()
    except ConnectionError:
        pass


async def run(host: str, mail_port: int, webhook_port: int) -> None:
    """Serves until the process is ended. Port 0 takes a free one; the first line tells which."""
    mails = await asyncio.start_server(mail, host, mail_port, limit=BODY_BYTES_MAX)
    webhooks = await asyncio.start_server(webhook, host, webhook_port)
    ports = [server.sockets[0].getsockname()[1] for server in (mails, webhooks)]
    tell("listening", mail_port=ports[0], webhook_port=ports[1])
    async with mails, webhooks:
        await asyncio.gather(mails.serve_forever(), webhooks.serve_forever())


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--host", default="0.0.0.0")
    parser.add_argument("--mail-port", type=int, default=8025)
    parser.add_argument("--webhook-port", type=int, default=8026)
    arguments = parser.parse_args()
    try:
        asyncio.run(run(arguments.host, arguments.mail_port, arguments.webhook_port))
    except KeyboardInterrupt:
        sys.exit(0)


if __name__ == "__main__":
    main()
