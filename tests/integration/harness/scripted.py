"""A DNS server that does what a test says, wrong things above all: UDP and TCP on one free loopback port."""

import contextlib
import socket
import struct
import threading

from .ports import LOOPBACK

CLOSE = object()  # in a script's replies over TCP: the connection is closed


class Scripted:
    """udp, tcp: functions from a message's octets to the messages, or bare octets, that are sent back.

    Over TCP a reply gets its length in front, unless it is a bytearray, which goes as it is. None: silence.
    """

    def __init__(self, udp=None, tcp=None):
        self._scripts = {"udp": udp or (lambda wire: ()), "tcp": tcp or (lambda wire: ())}
        self.questions = {"udp": 0, "tcp": 0}
        self._listener = socket.create_server((LOOPBACK, 0), backlog=50)
        self.port = self._listener.getsockname()[1]
        self._datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._datagrams.bind((LOOPBACK, self.port))
        self.address = f"{LOOPBACK}@{self.port}"

    def __enter__(self):
        for work in (self._accept, self._receive):
            threading.Thread(target=work, daemon=True).start()
        return self

    def __exit__(self, *_):
        for end in (self._listener, self._datagrams):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _receive(self):
        with contextlib.suppress(OSError):
            while True:
                wire, client = self._datagrams.recvfrom(65535)
                if not wire:  # shut down
                    return
                self.questions["udp"] += 1
                for reply in self._scripts["udp"](wire):
                    self._datagrams.sendto(reply, client)

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        with connection, contextlib.suppress(OSError, EOFError):
            while True:
                (length,) = struct.unpack("!H", _read(connection, 2))
                wire = _read(connection, length)
                self.questions["tcp"] += 1
                for reply in self._scripts["tcp"](wire):
                    if reply is CLOSE:
                        return
                    framed = reply if isinstance(reply, bytearray) else struct.pack("!H", len(reply)) + reply
                    connection.sendall(framed)


def _read(connection, length):
    octets = b""
    while len(octets) < length:
        more = connection.recv(length - len(octets))
        if not more:
            raise EOFError
        octets += more
    return octets
