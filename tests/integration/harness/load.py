"""A bounded load: every query and every answer is kept.

Each client sends one query, waits for its answer, and sends the next. So few are under way at any time that no socket
buffer overflows: a query without an answer was lost by the server.
"""

import dataclasses
import random
import socket
import threading
import time

from .client import Query, Reply, parse
from .ports import LOOPBACK

CLIENTS = 4


@dataclasses.dataclass(frozen=True)
class Observation:
    query: Query
    sent: float  # time.monotonic() before the query was first sent
    received: float  # and after the answer came
    reply: Reply | None  # None: no answer came to any attempt
    attempts: int


class Load:
    """Use as a context manager: the load runs in the background inside it. Afterwards see observations."""

    def __init__(self, port, queries, seconds, timeout=2, attempts=1):
        """seconds bounds the load whatever the test does. attempts: as often is a query sent, timeout seconds apart."""
        self._port = port
        self._queries = [(query, query.to_wire(0)[2:]) for query in queries]
        self._timeout = timeout
        self._attempts = attempts
        self._deadline = time.monotonic() + seconds
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._client, args=(number,)) for number in range(CLIENTS)]
        self._raw = [[] for _ in range(CLIENTS)]
        self.observations = []

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        for thread in self._threads:
            thread.join()
        parsed = {None: None}
        for query, sent, received, wire, attempts in sorted(sum(self._raw, []), key=lambda entry: entry[1]):
            if wire not in parsed:
                parsed[wire] = parse(b"\0\0" + wire)
            self.observations.append(Observation(query, sent, received, parsed[wire], attempts))

    def lost(self):
        return [observation for observation in self.observations if observation.reply is None]

    def retried(self):
        return [observation for observation in self.observations if observation.reply and observation.attempts > 1]

    def _client(self, number):
        numbers = random.Random(number)
        turn = number
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagram:
            datagram.settimeout(self._timeout)
            datagram.connect((LOOPBACK, self._port))
            while not self._stop.is_set() and time.monotonic() < self._deadline:
                query, body = self._queries[turn % len(self._queries)]
                turn += 1
                sent = time.monotonic()
                wire, attempts = self._ask(datagram, numbers.randbytes(2), body)
                self._raw[number].append((query, sent, time.monotonic(), wire, attempts))

    def _ask(self, datagram, ident, body):
        """(answer without ID or None, attempts)."""
        for attempt in range(1, self._attempts + 1):
            datagram.send(ident + body)
            try:
                while True:
                    wire = datagram.recv(65535)
                    if wire[:2] == ident:
                        return wire[2:], attempt
            except socket.timeout:
                continue
        return None, self._attempts
