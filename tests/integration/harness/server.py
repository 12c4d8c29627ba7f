"""A DNS server on a free loopback port, or in a namespace: started, waited for, stopped."""

import abc
import time

from .client import Client, Timeout
from .host import LOCAL
from .process import Failure, Process

ADDRESS_IN_USE = (
    "[Aa]ddress already in use|can't bind socket|could not open (udp|tcp) port|address in use"
    "|creating IPv4 interface .* failed"  # named gives no reason where the port is another named's
)


class Server(abc.ABC):
    """Use as a context manager. On leaving, the server must still run and must end without an error."""

    START_SECONDS = 30

    def __init__(self, name, directory, host=LOCAL):
        self.name = name
        self.host = host
        self.directory = directory
        self.port = None
        self.process = None

    @abc.abstractmethod
    def prepare(self):
        """Writes the configuration for self.port."""

    @abc.abstractmethod
    def command(self):
        """The argument vector; the server stays in the foreground and logs to stderr."""

    @abc.abstractmethod
    def ready(self, client):
        """True when the server answers."""

    def environ(self):
        return {}

    def launch(self):
        """Starts the process without waiting for an answer."""
        self.directory.mkdir(parents=True, exist_ok=True)
        self.port = self.host.choose_port()
        self.prepare()
        command = [*self.host.wrapper, *self.command()]
        self.process = Process(self.name, command, self.directory / f"{self.name}.log", self.environ())

    def start(self):
        for _ in range(5):
            self.launch()
            if self._wait_until_ready():
                return self
            if not self.process.log_lines(ADDRESS_IN_USE):
                break
        status = self.process.wait()
        raise Failure(f"{self.name} does not start, exit status {status}:\n{self.process.log()[-3000:]}")

    def stop(self):
        self.process.stop()

    def start_refused(self, seconds=30):
        """Launches a server that must end by itself, with an error and without a signal. Returns its log."""
        self.launch()
        try:
            status = self.process.wait(seconds)
        finally:
            self._kill()
        if status == 0:
            raise Failure(f"{self.name} exits with status 0:\n{self.process.log()[-3000:]}")
        return self.process.log()

    def wait_for_reload(self, order, serving):
        """Gives the order, a function, and waits until the log has one more line that matches `serving`."""
        before = len(self.process.log_lines(serving))
        order()
        deadline = time.monotonic() + self.START_SECONDS
        while len(self.process.log_lines(serving)) == before:
            if time.monotonic() > deadline or not self.process.running():
                raise Failure(f"{self.name} does not come back from a reload:\n{self.process.log()[-3000:]}")
            time.sleep(0.02)

    def client(self):
        """A new client of this server; the caller closes it."""
        return Client(self.port, host=self.host)

    def __enter__(self):
        try:
            return self.start()
        except BaseException:
            self._kill()
            raise

    def __exit__(self, kind, value, traceback):
        try:
            if kind is None:
                self.stop()
        finally:
            self._kill()

    def _kill(self):
        if self.process:
            self.process.kill()

    def _wait_until_ready(self):
        """False when the process has ended."""
        deadline = time.monotonic() + self.START_SECONDS
        while self.process.running():
            with self.client() as client:
                try:
                    if self.ready(client):
                        return True
                except (Timeout, ConnectionError):
                    pass
            if time.monotonic() > deadline:
                log = self.process.log()[-3000:]
                raise Failure(f"{self.name} does not answer after {self.START_SECONDS} s:\n{log}")
            time.sleep(0.02)
        return False
