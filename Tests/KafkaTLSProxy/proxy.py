"""Puts TLS in front of a Kafka broker of the tests: proxy.py PORT BROKER_PORT CERTIFICATE KEY.

A broker tells clients where it is; on the way back its port becomes the proxy's, so that they come through here again.
"""

import socket
import ssl
import sys
import threading


def pump(source: socket.socket, target: socket.socket, old: bytes = b"", new: bytes = b"") -> None:
    """Sends on what comes, until one side ends; `old` becomes `new`, which is as long."""
    try:
        while data := source.recv(65536):
            target.sendall(data.replace(old, new) if old else data)
    except OSError:
        pass
    for side in (source, target):
        try:
            side.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def serve(client: socket.socket, context: ssl.SSLContext, port: int, broker: int) -> None:
    try:
        secure = context.wrap_socket(client, server_side=True)
        plain = socket.create_connection(("127.0.0.1", broker))
    except OSError:
        client.close()
        return
    host = b"127.0.0.1"
    back = (plain, secure, host + broker.to_bytes(4, "big"), host + port.to_bytes(4, "big"))
    threading.Thread(target=pump, args=back, daemon=True).start()
    pump(secure, plain)


def main() -> None:
    port, broker, certificate, key = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    listener = socket.create_server(("127.0.0.1", port))
    while True:
        client, _ = listener.accept()
        threading.Thread(target=serve, args=(client, context, port, broker), daemon=True).start()


if __name__ == "__main__":
    main()
