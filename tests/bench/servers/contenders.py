"""The servers that are compared, each with one worker thread, on one CPU, and configured as its users would.

All resolvers have the same upstream server; each server has our names from what dadns generates for one deployment, or
from a plugin, or not at all.
"""

import dataclasses
import errno
import random
import socket
import subprocess

import questions
from harness import environment, kresd, named, unbound
from harness.host import Host
from harness.nsd import Nsd
from harness.ports import LOOPBACK
from harness.server import Server
from harness.upstream import PLAIN

UNBOUND_MODULE = "Unbound module"
UNBOUND_LOCAL_DATA = "Unbound local-data"
UNBOUND_RPZ = "Unbound RPZ"
UNBOUND_WITHOUT = "Unbound without us"
BIND_PLUGIN = "BIND plugin"
BIND_ZONE = "BIND plain zone"
BIND_RPZ = "BIND RPZ"
BIND_WITHOUT = "BIND without us"
KNOT_RESOLVER = "Knot Resolver policy"
NSD = "NSD"

LOW_PORTS = range(20_000, 20_500)
RPZ_ZONE = "rpz.directaccess"

# Unique names fill a cache soon; all of these clean theirs while they are measured. named asks from random ports, any
# number of queries from one, and loses an answer where two meet; where a server of ours has the port, too.
BIND_OPTIONS = (
    "max-cache-size 64M;",
    "use-v4-udp-ports { range 1024 65535; };",
    f"avoid-v4-udp-ports {{ range {LOW_PORTS.start} {LOW_PORTS.stop - 1}; }};",
)

DEPLOYMENT = """\
network: ipv4-only
entry-points:
  - name: headquarters
    nat64-prefix: fd12:3456:789a:7777::/96
    servers:
      - {{name: da1, address: 10.0.0.11}}
block: [isatap, wpad]
suffixes:
{suffixes}
"""

ZONE = """\
$TTL 3600
@	SOA	ns.upstream.example. hostmaster.upstream.example. 1 3600 1200 604800 300
	NS	ns.upstream.example.
"""

UNRELATED_ZONE = """\
$TTL 3600
@	SOA	ns.upstream.example. hostmaster.upstream.example. 1 3600 1200 604800 300
	NS	ns.upstream.example.
*	A	{address}
"""


@dataclasses.dataclass(frozen=True)
class Contender:
    """A server that runs."""

    name: str
    server: Server

    @property
    def has_ours(self):
        return self.name not in (UNBOUND_WITHOUT, BIND_WITHOUT)

    @property
    def resolves(self):
        return self.name != NSD

    def takes(self, kind):
        """Whether queries of that kind are measured here."""
        return self.resolves if kind.unrelated else self.has_ours


@dataclasses.dataclass(frozen=True)
class Deployed:
    """A deployment file, and beside it the files that follow from it, written when they are asked for."""

    path: object

    def generate(self, form, *options):
        output = self.path.with_name(f"directaccess.{form}")
        command = [environment.dadns(), "generate", "--format", form, *options, "--output", output, self.path]
        done = subprocess.run(command, stderr=subprocess.PIPE, text=True)
        if done.returncode != 0:
            raise environment.Missing(done.stderr.strip())
        return output

    def zone(self):
        """A whole zone with the generated fragment in it."""
        file = self.path.with_name("suffix.zone")
        file.write_text(ZONE + self.generate("zone").read_text())
        return file

    def rpz(self):
        return self.generate("rpz", "--rpz-zone", RPZ_ZONE)


def deploy(work, suffixes):
    """Writes a deployment with so many suffixes, all of them within one zone."""
    directory = work / f"deployment-{suffixes}"
    directory.mkdir()
    names = [questions.SUFFIX, *(f"s{number:05}.{questions.SUFFIX}" for number in range(1, suffixes))]
    path = directory / "deployment.yaml"
    path.write_text(DEPLOYMENT.format(suffixes="\n".join(f"  - {name}" for name in names)))
    return Deployed(path)


def _unbound_module(deployed):
    return unbound.Unbound, unbound.with_module(deployed.path)


def _unbound_local_data(deployed):
    return unbound.Unbound, unbound.Settings(clauses=(f'include: "{deployed.generate("unbound")}"',))


def _unbound_rpz(deployed):
    zone = ("rpz:", f'  name: "{RPZ_ZONE}"', f'  zonefile: "{deployed.rpz()}"')
    return unbound.Unbound, unbound.Settings(modules="respip validator iterator", clauses=zone)


def _unbound_without(_):
    return unbound.Unbound, unbound.Settings()


def _bind_plugin(deployed):
    return named.Named, named.with_plugin(deployed.path, options=BIND_OPTIONS)


def _bind_zone(deployed):
    zone = f'zone "{questions.SUFFIX}" {{ type primary; file "{deployed.zone()}"; }};'
    return named.Named, named.Settings(options=BIND_OPTIONS, statements=(zone,))


def _bind_rpz(deployed):
    """As the head of the generated file says."""
    policy = (
        f'response-policy {{ zone "{RPZ_ZONE}" max-policy-ttl 86400 log no; }}',
        "  qname-wait-recurse no recursive-only no break-dnssec yes min-update-interval 1;",
    )
    zone = f'zone "{RPZ_ZONE}" {{ type primary; file "{deployed.rpz()}"; allow-query {{ localhost; }}; }};'
    return named.Named, named.Settings(options=(*BIND_OPTIONS, *policy), statements=(zone,))


def _bind_without(_):
    return named.Named, named.Settings(options=BIND_OPTIONS)


def _knot_resolver(deployed):
    return kresd.Kresd, kresd.Settings(lua=(f"dofile('{deployed.generate('knot-resolver')}')",))


# Name → what makes its class and its settings from a deployment; NSD has none, and is made apart.
RESOLVERS = {
    UNBOUND_MODULE: _unbound_module,
    UNBOUND_LOCAL_DATA: _unbound_local_data,
    UNBOUND_RPZ: _unbound_rpz,
    UNBOUND_WITHOUT: _unbound_without,
    BIND_PLUGIN: _bind_plugin,
    BIND_ZONE: _bind_zone,
    BIND_RPZ: _bind_rpz,
    BIND_WITHOUT: _bind_without,
    KNOT_RESOLVER: _knot_resolver,
}
ALL = (*RESOLVERS, NSD)


def start_upstream(stack, work, cpus):
    """The server behind the resolvers, on the CPU of the load."""
    zone = work / "unrelated.zone"
    zone.write_text(UNRELATED_ZONE.format(address=questions.UNRELATED_ADDRESS))
    zones = PLAIN | {questions.UNRELATED_ZONE: zone}
    return stack.enter_context(Nsd(work / "upstream", zones, "upstream", pinned(cpus.load)))


# Each port is given once: servers are started long after it was looked at, and two nameds share one without a word.
_ports_left = iter(random.sample(LOW_PORTS, len(LOW_PORTS)))


def _low_port():
    """A free port that named does not ask from: it would lose answers to the server that listens there."""
    for port in _ports_left:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as stream, socket.socket(
            socket.AF_INET, socket.SOCK_DGRAM
        ) as datagram:
            try:
                stream.bind((LOOPBACK, port))
                datagram.bind((LOOPBACK, port))
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    raise
                continue
            return port
    raise environment.Missing(f"no free port is left from {LOW_PORTS.start} to {LOW_PORTS.stop - 1}")


def pinned(cpu):
    """Loopback, and the server on that CPU alone."""
    return Host(port=_low_port(), wrapper=(environment.tool("taskset", "util-linux"), "--cpu-list", str(cpu)))


def make(name, deployed, upstream, work, cpus):
    """A contender that is not started yet."""
    directory = deployed.path.parent / name.replace(" ", "-")
    host = pinned(cpus.server)
    if name == NSD:
        return Contender(name, Nsd(directory, {questions.SUFFIX: deployed.zone()}, "nsd", host))
    server, settings = RESOLVERS[name](deployed)
    return Contender(name, server(directory, upstream, settings, "server", host))


def start(stack, names, deployed, work, cpus):
    """Starts the servers of these names; the stack stops them."""
    upstream = start_upstream(stack, work, cpus)
    field = [make(name, deployed, upstream, work, cpus) for name in names]
    for contender in field:
        stack.enter_context(contender.server)
    return field
