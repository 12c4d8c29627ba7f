"""A fleet: the RPZ zone at a Knot DNS primary, four resolvers that take it from there, and a client that asks them.

Every host has a network namespace of its own. r1 and r2 run BIND, which transfers with TSIG. r3 and r4 run Unbound,
which cannot, and on each an NSD that takes the zone with TSIG and hands it to Unbound over loopback. What resolvers do
not find in the zone they ask of one upstream server, whose zones hold rogue records for our names.
"""

import base64
import concurrent.futures
import contextlib
import dataclasses
import pathlib
import re
import secrets
import shutil
import signal
import subprocess
import time

from . import environment, fleet_configuration, knot, named, nsd, unbound, upstream
from .client import Client, Query, Timeout
from .fleet_configuration import ADDRESSES, BIND_HOSTS, NETWORK, NSD_PORT, PRIMARY, RESOLVERS, UNBOUND_HOSTS, ZONE
from .namespace import Network
from .process import Failure

UPSTREAM, CLIENT = "upstream", "client"
HOSTS = ADDRESSES | {UPSTREAM: "198.51.100.53", CLIENT: "198.51.100.100"}

# What Knot DNS logs at the end of a transfer that it sent.
TRANSFER = re.compile(r"([AI]XFR), outgoing, remote (\S+)@\d+, .*finished, (\S+) seconds, \d+ messages, (\d+) bytes")

POLL = 0.005  # seconds between two questions of whom waits for an answer


@dataclasses.dataclass(frozen=True)
class Answer:
    """What a client looks at."""

    rcode: str
    data: frozenset = frozenset()

    def __str__(self):
        return " ".join(sorted(self.data)) or ("NODATA" if self.rcode == "NOERROR" else self.rcode)


def answer(*data):
    return Answer("NOERROR", frozenset(data))


NODATA = Answer("NOERROR")
NXDOMAIN = Answer("NXDOMAIN")


def new_secret():
    """A TSIG secret."""
    return base64.b64encode(secrets.token_bytes(32)).decode()


@dataclasses.dataclass(frozen=True)
class RollOut:
    """A change of the deployment: all times in seconds since the command began."""

    serial: int
    generated: float  # the zone file is in place
    loaded: float  # the primary has it
    arrived: dict  # resolver → a client gets all the new answers
    transfers: tuple  # of Transfer
    handed_on: dict  # host → octets over its loopback interface: from NSD to Unbound


@dataclasses.dataclass(frozen=True)
class Transfer:
    """One that the primary has sent, as it logs it."""

    kind: str  # AXFR or IXFR
    host: str
    seconds: float
    octets: int


class _Secondary(nsd.Nsd):
    def ready(self, client):
        """It answers; whether it has the zone is another question."""
        client.timeout = 0.5
        return client.udp(Query(f"{ZONE}.", "SOA", rd=False)).rcode in ("NOERROR", "SERVFAIL")


class _Primary(knot.Knot):
    def ready(self, client):
        client.timeout = 0.5
        return client.udp(Query(f"{ZONE}.", "SOA", rd=False)).rcode == "NOERROR"


class Fleet:
    """Use as a context manager. On leaving, everything is stopped and every namespace is gone.

    deployment  YAML text
    """

    def __init__(self, directory, deployment):
        self.directory = pathlib.Path(directory)
        self.deployment = self.directory / "deployment.yaml"
        self.network = None
        self.servers = {}  # host → its servers, in the order of their start
        self._up = {}  # host → the stack that stops them
        self._first = deployment
        names = {name: self.directory / name for name in (PRIMARY, *RESOLVERS)}
        for directory in names.values():
            directory.mkdir(parents=True, exist_ok=True)
        self.secrets = {name: new_secret() for name in RESOLVERS}
        self.zone_file = pathlib.Path(fleet_configuration.zone_file(self.site(PRIMARY)))

    def site(self, host):
        directory = str(self.directory / host)
        return fleet_configuration.Site(directory, directory, directory, directory, self.secrets)

    # ---- start and stop ----

    def __enter__(self):
        try:
            self.network = Network(HOSTS)
            self.servers = {
                UPSTREAM: [nsd.Nsd(self.directory / UPSTREAM, upstream.PLAIN, host=self.network[UPSTREAM])],
                PRIMARY: [self._primary()],
            }
            self.servers |= {name: [self._bind(name)] for name in BIND_HOSTS}
            self.servers |= {name: self._unbound(name) for name in UNBOUND_HOSTS}
            self.generate(self._first)
            for host in self.servers:
                self.start(host)
            return self
        except BaseException:
            self._leave(clean=False)
            raise

    def __exit__(self, kind, *_):
        self._leave(clean=kind is None)

    def _leave(self, clean):
        try:
            while clean and self._up:
                self.stop(next(reversed(self._up)))
        finally:
            for server in sum(self.servers.values(), []):
                server.__exit__(Failure, None, None)
            if self.network is not None:
                self.network.close()

    def start(self, host):
        self._write_configuration(host)
        with contextlib.ExitStack() as stack:
            for server in self.servers[host]:
                stack.enter_context(server)
            self._up[host] = stack.pop_all()

    def stop(self, host):
        self._up.pop(host).close()

    def restart(self, host):
        self.stop(host)
        self.start(host)

    def forget(self, host):
        """Removes what a stopped host has stored, its copies of the zone among it."""
        shutil.rmtree(self.directory / host)
        (self.directory / host).mkdir()

    def _primary(self):
        include = f'include: "{self.directory / PRIMARY / "fleet.conf"}"'
        settings = knot.Settings(sections=(include,))
        return _Primary(self.directory / PRIMARY, {}, settings, host=self.network[PRIMARY])

    def _bind(self, host):
        directory = self.directory / host
        settings = named.Settings(
            options=(f'include "{directory / "fleet.options"}";',),
            statements=(f'include "{directory / "fleet.conf"}";',),
        )
        return named.Named(directory, self._upstream(), settings, host=self.network[host])

    def _unbound(self, host):
        directory = self.directory / host
        at = self.network[host].at(address="127.0.0.1", port=NSD_PORT)
        listening = nsd.Settings(clauses=(f'include: "{directory / "fleet-nsd.conf"}"',), listen=False)
        settings = unbound.Settings(
            server=(f"access-control: {NETWORK} allow",),
            clauses=(f'include: "{directory / "fleet-unbound.conf"}"',),
        )
        return [
            _Secondary(directory, {}, host=at, settings=listening),
            unbound.StockUnbound(directory, self._upstream(), settings, host=self.network[host]),
        ]

    def _upstream(self):
        return self.servers[UPSTREAM][0] if self.servers else None

    def _write_configuration(self, host):
        directory, site = self.directory / host, self.site(host)
        files = {}
        if host == PRIMARY:
            files["fleet.conf"] = fleet_configuration.knot(site)
        elif host in BIND_HOSTS:
            files["fleet.options"] = fleet_configuration.bind_options()
            files["fleet.conf"] = fleet_configuration.bind(site, host)
        elif host in UNBOUND_HOSTS:
            files["fleet-nsd.conf"] = fleet_configuration.nsd(site, host)
            files["fleet-unbound.conf"] = fleet_configuration.unbound(site)
        for name, text in files.items():
            (directory / name).write_text(text + "\n")

    # ---- changes ----

    def generate(self, deployment, *options):
        """Writes the deployment file, and from it the zone file of the primary. options: further ones of dadns."""
        self.deployment.write_text(deployment)
        done = subprocess.run([*self._generate_command(), *options], capture_output=True, text=True)
        if done.returncode != 0:
            raise Failure(f"dadns generate: {done.stderr}")

    def generate_killed(self, deployment):
        """The same, but kills it as soon as it has written something. Returns how many octets those were; None: it was
        too fast."""
        self.deployment.write_text(deployment)
        dadns = subprocess.Popen(self._generate_command())
        try:
            written = 0
            while not written and dadns.poll() is None:
                written = _written(dadns.pid, self.zone_file)
        finally:
            dadns.kill()
            status = dadns.wait()
        return written if status == -signal.SIGKILL else None

    def _generate_command(self):
        return [environment.dadns(), "generate", "--format", "rpz", "--output", self.zone_file, self.deployment]

    def reload_zone(self):
        """Tells the primary that the zone file is another. A refusal is a Failure."""
        self.servers[PRIMARY][0].control("zone-reload", ZONE)

    def roll_out(self, deployment, expected, hosts=RESOLVERS, seconds=30):
        """From the deployment file to the answers. expected: Query → Answer, not all true before."""
        for host in hosts:
            if all(self.ask(host, query) == wanted for query, wanted in expected.items()):
                raise Failure(f"{host} gives the new answers before there is anything new")
        sent, looped = len(self.transfers()), {host: self._loopback_octets(host) for host in UNBOUND_HOSTS}
        with self.arrivals(expected, hosts, seconds) as arrived:
            began = time.monotonic()
            self.generate(deployment)
            generated = time.monotonic() - began
            self.reload_zone()
            loaded = time.monotonic() - began
        handed_on = {host: self._loopback_octets(host) - before for host, before in looped.items()}
        return RollOut(self.serial(PRIMARY), generated, loaded, arrived, self.transfers()[sent:], handed_on)

    @contextlib.contextmanager
    def arrivals(self, expected, hosts=RESOLVERS, seconds=30):
        """Gives a dictionary that is filled, when the block has been left, as soon as all hosts give all answers:
        host → seconds since the block was entered. A host that does not in time is a Failure."""
        arrived = {}
        with concurrent.futures.ThreadPoolExecutor(len(hosts)) as pool:
            began = time.monotonic()
            ends = {host: pool.submit(self._wait, host, expected, began + seconds) for host in hosts}
            yield arrived
            arrived |= {host: end.result() - began for host, end in ends.items()}

    def wait(self, expected, hosts=RESOLVERS, seconds=30):
        """Waits until the hosts give all answers: host → seconds."""
        with self.arrivals(expected, hosts, seconds) as arrived:
            pass
        return arrived

    def _wait(self, host, expected, deadline):
        missing, got = dict(expected), {}
        with self.client(host, timeout=0.5) as client:
            while missing:
                for query in list(missing):
                    got[query] = self._ask(client, query)
                    if got[query] == missing[query]:
                        del missing[query]
                if missing and time.monotonic() > deadline:
                    wrong = "; ".join(f"{query}: {got[query]}, expected {missing[query]}" for query in missing)
                    raise Failure(f"{host}: {wrong}")
                if missing:
                    time.sleep(POLL)
        return time.monotonic()

    # ---- what a client sees ----

    def client(self, host, port=53, timeout=5):
        """A client on the host of that name."""
        return Client(port, timeout, self.network[host].seen_from(self.network[CLIENT]))

    def ask(self, host, query):
        """None: no answer, or none from there."""
        with self.client(host) as client:
            return self._ask(client, query)

    def ask_inside(self, host, query):
        """The same for a client on the resolver's own host."""
        with self.servers[host][-1].client() as client:
            return self._ask(client, query)

    @staticmethod
    def _ask(client, query):
        try:
            reply = client.udp(query)
        except (Timeout, OSError):
            return None
        return Answer(reply.rcode, frozenset(record.data for record in reply.answer))

    def serial(self, host, port=53):
        """Of the zone there; None where there is no zone, or no answer."""
        found = self._serial_text(host, port)
        return int(found[1]) if found else None

    def _serial_text(self, host, port):
        with self.client(host, port, timeout=1) as client:
            reply = self._ask(client, Query(f"{ZONE}.", "SOA"))
        return reply and reply.rcode == "NOERROR" and re.search(r"^\S+ \S+ (\d+) ", " ".join(reply.data))

    def serials(self):
        """Of everyone who has the zone; "r3 nsd" is the secondary beside r3."""
        found = {host: self.serial(host) for host in (PRIMARY, *RESOLVERS)}
        return found | {f"{host} nsd": self.serial(host, NSD_PORT) for host in UNBOUND_HOSTS}

    def steal(self, host, key=None, secret=None):
        """Asks the primary for the whole zone, on a host that need not be of the fleet. Returns what dig prints."""
        signed = ("-y", f"{fleet_configuration.KEY_ALGORITHM}:{key}:{secret}") if key else ()
        dig = (environment.tool("dig", "bind9-dnsutils"), f"@{ADDRESSES[PRIMARY]}", ZONE, "AXFR", *signed)
        return self.network[host].namespace.run(*dig, check=False)[1]

    # ---- measures ----

    def transfers(self):
        """All that the primary has sent since it started, in order, as Transfer."""
        names = {address: name for name, address in ADDRESSES.items()}
        found = TRANSFER.findall(self.servers[PRIMARY][0].process.log())
        return tuple(
            Transfer(kind, names[address], float(seconds), int(octets)) for kind, address, seconds, octets in found
        )

    def memory(self, host):
        """Server → octets that it has for itself, its share of what is shared included (PSS)."""
        return {server.name: _proportional_set(server.process.pid) for server in self.servers[host]}

    def _loopback_octets(self, host):
        with self.network[host].namespace.entered():
            lines = pathlib.Path("/proc/thread-self/net/dev").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.split()[0] == "lo:")


def _proportional_set(group):
    """Of all processes in a process group."""
    total = 0
    for directory in pathlib.Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            status = (directory / "stat").read_text().rpartition(")")[2].split()
            if int(status[2]) == group:
                rollup = (directory / "smaps_rollup").read_text()
                total += int(re.search(r"^Pss: +(\d+) kB", rollup, re.MULTILINE)[1]) * 1024
    return total


def _written(pid, target):
    """Octets that a process has written so far into the file that is to replace the target; it may have no name yet."""
    with contextlib.suppress(OSError):
        for descriptor in pathlib.Path(f"/proc/{pid}/fd").iterdir():
            path = str(descriptor.readlink())
            if path.startswith(f"{target.parent}/") and path != str(target):
                return descriptor.stat().st_size
    return 0
