"""Every way in: how a server takes what the project gives it, as README.md and the generated files tell an operator.

WAYS is in the order of the printed table. Each way starts two servers: one with us, and the same without.
"""

import contextlib
import dataclasses
import os
import pathlib
import subprocess
import typing

from harness import dnsmasq, environment, kresd, knot, named, recursor, unbound
from harness.nsd import Nsd
from harness.process import Failure
from table import deviations
from table.deployments import Deployment

from . import hosted

RPZ = "directaccess.rpz"


@dataclasses.dataclass(frozen=True)
class Site:
    """Where a way's servers are started, for which deployment, and what is behind them."""

    directory: pathlib.Path
    deployment: Deployment
    upstream: object

    def deployment_file(self):
        return self.deployment.write(self.directory)

    def generate(self, form, file, *options):
        """Writes a generated file and returns its path."""
        path = self.directory / file
        path.unlink(missing_ok=True)  # else its serial would have to rise
        command = [environment.dadns(), "generate", "--format", form, "--output", path, *options]
        done = subprocess.run([*command, self.deployment_file()], capture_output=True, text=True)
        if done.returncode != 0:
            raise Failure(f"dadns generate --format {form}: {done.stderr}")
        return path


@dataclasses.dataclass(frozen=True)
class Way:
    name: str  # as a test's id has it
    title: str  # the head of its column
    pair: typing.Callable  # Site → (server with us, server without)
    deviations: tuple = ()
    resolves: bool = True  # else it is authoritative, and nothing is behind it
    loads: bool = False  # code of ours, the module or the plugin

    @contextlib.contextmanager
    def start(self, site):
        """Gives a client of the server with us, and one of the server without."""
        with self._running(self._servers(site)) as clients:
            yield clients

    @contextlib.contextmanager
    def start_ours(self, site):
        """Gives a client of the server with us, which alone is started."""
        with self._running(self._servers(site)[:1]) as (client,):
            yield client

    def _servers(self, site):
        site.directory.mkdir(parents=True, exist_ok=True)
        return self.pair(site)

    @contextlib.contextmanager
    def _running(self, servers):
        with contextlib.ExitStack() as stack:
            yield [stack.enter_context(stack.enter_context(server).client()) for server in servers]


def _unbound(server, site, settings, plain):
    directory, upstream = site.directory, site.upstream
    return server(directory, upstream, settings, "with"), server(directory, upstream, plain, "without")


def unbound_module(site):
    settings = unbound.with_module(site.deployment_file())
    return _unbound(unbound.Unbound, site, settings, unbound.without_module(settings))


def unbound_include(site):
    include = site.generate("unbound", "directaccess.conf")
    settings = unbound.Settings(clauses=(f'include: "{include}"',))
    return _unbound(unbound.StockUnbound, site, settings, unbound.Settings())


def unbound_rpz(site):
    zone = site.generate("rpz", "directaccess.rpz", "--rpz-zone", RPZ, "--serial", "1")
    plain = unbound.Settings(modules="respip validator iterator")
    settings = dataclasses.replace(plain, clauses=("rpz:", f'  name: "{RPZ}"', f'  zonefile: "{zone}"'))
    return _unbound(unbound.StockUnbound, site, settings, plain)


def _named(site, settings, plain, server=named.Named):
    return server(site.directory, site.upstream, settings, "with"), named.Named(
        site.directory, site.upstream, plain, "without"
    )


def bind_plugin(site):
    settings = named.with_plugin(site.deployment_file())
    return _named(site, settings, named.without_plugin(settings))


def bind_plugin_authoritative(site):
    """The zones are as rogue as upstream's."""
    statements = hosted.named_statements(hosted.rogue_zones(site.deployment.suffixes))
    settings = named.with_plugin(site.deployment_file(), recursive=False, statements=statements)
    return _named(site, settings, named.without_plugin(settings))


class NamedWithPolicyZone(named.Named):
    def ready(self, client):
        """named answers before it has taken the policy zone in."""
        return bool(self.process.log_lines(f"rpz: {RPZ}: reload done: success")) and super().ready(client)


def bind_rpz(site):
    zone = site.generate("rpz", "directaccess.rpz", "--rpz-zone", RPZ, "--serial", "1")
    policy = f'response-policy {{ zone "{RPZ}" max-policy-ttl 86400 log no; }}'
    settings = named.Settings(
        options=(f"{policy} qname-wait-recurse no recursive-only no break-dnssec yes min-update-interval 1;",),
        statements=(f'zone "{RPZ}" {{ type primary; file "{zone}"; allow-query {{ localhost; }}; }};',),
    )
    return _named(site, settings, named.Settings(), NamedWithPolicyZone)


def _kresd(site, lua):
    settings = kresd.Settings(lua=lua)
    return kresd.Kresd(site.directory, site.upstream, settings, "with"), kresd.Kresd(
        site.directory, site.upstream, None, "without"
    )


def kresd_rules(site):
    rules = site.generate("knot-resolver", "directaccess.lua")
    return _kresd(site, (f"dofile('{rules}')",))


def kresd_rpz(site):
    zone = site.generate("rpz", "directaccess.rpz", "--rpz-zone", RPZ, "--serial", "1")
    return _kresd(site, (f"policy.add(policy.rpz(policy.DENY, '{zone}'))",))


def recursor_rpz(site):
    zone = site.generate("rpz", "directaccess.rpz", "--rpz-zone", RPZ, "--serial", "1")
    settings = recursor.Settings(lua=(f'rpzFile("{zone}", {{policyName="{RPZ}"}})',))
    return recursor.Recursor(site.directory, site.upstream, settings, "with"), recursor.Recursor(
        site.directory, site.upstream, None, "without"
    )


def dnsmasq_lines(site):
    """Without the cache: what dnsmasq says of an alias depends on what happens to be in there."""
    lines = site.generate("dnsmasq", "directaccess.dnsmasq")
    plain = dnsmasq.Settings(lines=("cache-size=0",))
    settings = dnsmasq.Settings(lines=(*plain.lines, f"conf-file={lines}"))
    return dnsmasq.Dnsmasq(site.directory, site.upstream, settings, "with"), dnsmasq.Dnsmasq(
        site.directory, site.upstream, plain, "without"
    )


def _hosted(site):
    """The zones with the generated fragment, and without."""
    fragments = {
        suffix: site.generate("zone", f"{suffix}.inc", "--suffix", suffix) for suffix in site.deployment.suffixes
    }
    ours = hosted.write(site.directory / "zones-with", site.deployment.suffixes, fragments)
    return ours, hosted.write(site.directory / "zones-without", site.deployment.suffixes, {})


def bind_zone(site):
    settings = [named.Settings(recursive=False, statements=hosted.named_statements(zones)) for zones in _hosted(site)]
    return _named(site, *settings)


def nsd_zone(site):
    ours, plain = _hosted(site)
    return Nsd(site.directory / "with", ours, "with"), Nsd(site.directory / "without", plain, "without")


def knot_zone(site):
    ours, plain = _hosted(site)
    return (
        knot.Knot(site.directory / "with", ours, None, "with"),
        knot.Knot(site.directory / "without", plain, None, "without"),
    )


WAYS = (
    Way("unbound-module", "Unbound: module", unbound_module, deviations.UNBOUND_MODULE, loads=True),
    Way("unbound-include", "Unbound: include", unbound_include, deviations.UNBOUND_INCLUDE),
    Way("unbound-rpz", "Unbound: RPZ", unbound_rpz, deviations.UNBOUND_RPZ),
    Way("bind-plugin", "BIND: plugin", bind_plugin, deviations.BIND_PLUGIN, loads=True),
    Way("bind-rpz", "BIND: RPZ", bind_rpz, deviations.BIND_RPZ),
    Way("kresd-rules", "Knot Resolver: rules", kresd_rules, deviations.KRESD_RULES),
    Way("kresd-rpz", "Knot Resolver: RPZ", kresd_rpz, deviations.KRESD_RPZ),
    Way("recursor-rpz", "PowerDNS Recursor: RPZ", recursor_rpz, deviations.RECURSOR_RPZ),
    Way("dnsmasq", "dnsmasq: include", dnsmasq_lines, deviations.DNSMASQ),
    Way(
        "bind-plugin-authoritative",
        "BIND: plugin",
        bind_plugin_authoritative,
        deviations.BIND_PLUGIN_AUTHORITATIVE,
        resolves=False,
        loads=True,
    ),
    Way("bind-zone", "BIND: zone", bind_zone, deviations.BIND_ZONE, resolves=False),
    Way("nsd-zone", "NSD: zone", nsd_zone, deviations.NSD_ZONE, resolves=False),
    Way("knot-zone", "Knot DNS: zone", knot_zone, deviations.KNOT_ZONE, resolves=False),
)


def chosen():
    """All, or with DA_CONFORMANCE=ours those that load code of ours: the others differ in no build but by dadns."""
    wanted = os.environ.get("DA_CONFORMANCE", "all")
    if wanted not in ("all", "ours"):
        raise environment.Missing(f"DA_CONFORMANCE: {wanted}: expected all or ours")
    return tuple(way for way in WAYS if wanted == "all" or way.loads)
