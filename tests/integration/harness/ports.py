"""Ports of the loopback address, free for UDP and TCP at the time of asking.

Another process may take one before the server does: harness.server starts again with another port then.
"""

import errno
import socket

LOOPBACK = "127.0.0.1"


def free_port():
    for _ in range(100):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as stream:
            stream.bind((LOOPBACK, 0))
            port = stream.getsockname()[1]
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagram:
                try:
                    datagram.bind((LOOPBACK, port))
                except OSError as error:
                    if error.errno != errno.EADDRINUSE:
                        raise
                    continue
            return port
    raise OSError("no port of 127.0.0.1 is free for both UDP and TCP")
