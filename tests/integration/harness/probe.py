"""`dadns probe` as a test sees it, and a site for it to look at: a client, a resolver, DirectAccess servers."""

import contextlib
import dataclasses
import json
import socket
import subprocess
import threading
import time

from . import environment
from .namespace import Network
from .nsd import Nsd
from .process import SANITIZER_REPORT
from .unbound import Settings, StockUnbound
from .web import Web

OK, WARNING, CRITICAL, UNKNOWN = range(4)  # exit statuses

SUFFIX = "corp.example.net"
HEAD = "$TTL 60\n@ SOA . . 1 3600 1200 604800 60\n@ NS ns.root.\n"

ADDRESSES = {
    "client": "10.0.0.100",
    "dns": "10.0.0.53",
    "auth": "10.0.0.54",
    "da1": "10.0.0.11",
    "da2": "10.0.0.12",
    "dublin": "10.0.0.21",
}
VIP = "10.0.0.10"


@dataclasses.dataclass(frozen=True)
class Probe:
    """What it printed and how it ended."""

    status: int
    stderr: str
    report: dict

    def states(self):
        """entry point → state; where there are several suffixes or resolvers, the last one's."""
        return {one["entry-point"]: one["state"] for one in self.report["conclusions"]}

    def codes(self):
        """Codes of all reasons."""
        return {reason["code"] for one in self.report["conclusions"] for reason in one["reasons"]}

    def texts(self, code):
        return [
            reason["text"] for one in self.report["conclusions"] for reason in one["reasons"] if reason["code"] == code
        ]

    def blocked(self):
        """(label, suffix, code) of each finding about a name that must not resolve; suffix None: bare."""
        return {(one["label"], one["suffix"], one["code"]) for one in self.report["blocked"]}


class Site:
    """A network, and everything in it that is right: records in a zone on "auth", Unbound on "dns" in front of it."""

    def __init__(self):
        self.network = Network(ADDRESSES)
        self.add_address("da1", VIP)

    def __getitem__(self, name):
        return self.network[name]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.network.close()

    def add_address(self, name, address):
        self[name].namespace.run("ip", "address", "add", f"{address}/24", "dev", "eth0")

    @contextlib.contextmanager
    def dropping(self, name):
        """The host gets what the client sends, and what it would answer is lost."""
        route = ("blackhole", f"{self['client'].address}/32")
        self[name].namespace.run("ip", "route", "add", *route)
        try:
            yield
        finally:
            self[name].namespace.run("ip", "route", "del", *route)

    @contextlib.contextmanager
    def resolver(self, records, *, directory, lines=(), root=""):
        """An Unbound whose authoritative server has the suffix with these lines, and a root with those."""
        zones = {SUFFIX: directory / "suffix.zone", ".": directory / "root.zone"}
        directory.mkdir(parents=True, exist_ok=True)
        zones[SUFFIX].write_text(HEAD + records)
        zones["."].write_text(HEAD + root)
        settings = Settings(server=("access-control: 0.0.0.0/0 allow", *lines))
        with (
            Nsd(directory / "nsd", zones, host=self["auth"]) as auth,
            StockUnbound(directory / "dns", auth, settings, "dns", self["dns"]) as resolver,
        ):
            yield resolver

    @contextlib.contextmanager
    def webs(self, *places):
        """Right pages at these: names of hosts, or (name, address)."""
        with contextlib.ExitStack() as stack:
            yield [
                stack.enter_context(
                    Web(self[place]) if isinstance(place, str) else Web(self[place[0]], address=place[1])
                )
                for place in places
            ]

    def command(self, deployment, *options, resolvers=("dns",), timeout=4, slow=30):
        """The command line of a probe on "client". slow: a busy machine is none of a test's findings."""
        command = [environment.dadns(), "probe", deployment, "--timeout", timeout, "--slow", slow, *options]
        for name in resolvers:
            command += ["--resolver", self[name].address if name in ADDRESSES else name]
        return [str(word) for word in command]

    def run(self, command, seconds=60):
        """Runs a command on "client": status, standard output, standard error."""
        done = subprocess.run([*self["client"].wrapper, *command], capture_output=True, text=True, timeout=seconds)
        assert not SANITIZER_REPORT.search(done.stderr), done.stderr
        return done

    def probe(self, deployment, *options, **others):
        done = self.run(self.command(deployment, "--json", *options, **others))
        assert done.stdout, done.stderr
        return Probe(done.returncode, done.stderr, json.loads(done.stdout))


class Slow:
    """Hands datagrams on to a resolver, and its answers back, each so many seconds later."""

    def __init__(self, host, target, seconds, port=5300):
        self._host, self._target, self._seconds = host, (target, 53), seconds
        with host.namespace.entered():
            self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            self._socket.bind((host.address, port))
        self.address = f"{host.address}@{port}"

    def __enter__(self):
        threading.Thread(target=self._receive, daemon=True).start()
        return self

    def __exit__(self, *_):
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _receive(self):
        with contextlib.suppress(OSError):
            while True:
                octets, client = self._socket.recvfrom(65535)
                if not octets:
                    return
                threading.Thread(target=self._hand_on, args=(octets, client), daemon=True).start()

    def _hand_on(self, octets, client):
        with self._host.namespace.entered():
            onward = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        with onward, contextlib.suppress(OSError):
            onward.settimeout(5)
            onward.sendto(octets, self._target)
            answer = onward.recv(65535)
            time.sleep(self._seconds)
            self._socket.sendto(answer, client)
