"""Which Unbound takes the module: the one it was built for. Every other refuses to start, with a line that says why.

Unbound has no module ABI version, so that a wrong host would read structures at wrong offsets and crash.
"""

import re
import subprocess

import pytest

from harness import environment
from harness.client import Query
from harness.unbound import Settings, StockUnbound, Unbound, side_by_side, with_module
from table import compare, deployments

DEPLOYMENT = deployments.NLB
ENTRY_POINTS = {"init", "deinit", "operate", "inform_super", "clear", "get_mem"}


def host_version():
    return environment.unbound_version(environment.unbound_tree())


@pytest.mark.parametrize(
    "variant, difference",
    [
        ("version", "built for unbound 0.99.9, but this is unbound {host};"),
        ("subnet", "built for unbound {host} configured without --enable-subnet, but this is unbound {host} with it;"),
        ("sizes", "built for unbound {host}, and this is unbound {host} with structures of other sizes;"),
    ],
)
def test_refused_at_start(nsd, directory, variant, difference):
    """A module built over other headers is refused; the line names both builds and what differs."""
    settings = with_module(DEPLOYMENT.write(directory), dynlib=(environment.module_variant(variant),))
    log = Unbound(directory, nsd, settings).start_refused()
    (line,) = [line for line in log.splitlines() if "error: directaccess" in line]
    assert difference.format(host=host_version()) in line, line


def test_refused_at_first_query(nsd, directory):
    """Where query states begin shows only at a query. Then nothing is answered, said once, and Unbound goes on."""
    settings = with_module(DEPLOYMENT.write(directory), dynlib=(environment.module_variant("layout"),))
    with side_by_side(directory, nsd, settings) as (server, ours, plain):
        for name in ("isatap.corp.example.net.", f"{deployments.PROBE}.corp.example.net.", "host.other.example."):
            query = Query(name)
            assert not compare.pass_differences(query, ours.udp(query), plain.udp(query))
    (line,) = server.process.log_lines("error: directaccess")
    assert f"built for another unbound {host_version()}: query states are laid out differently" in line, line


def test_stock_unbound(nsd, directory):
    """Debian's own Unbound is built without dynlib, and says so."""
    log = StockUnbound(directory, nsd, with_module(DEPLOYMENT.write(directory))).start_refused()
    assert re.search("error: .*'dynlib'.* not present", log), log


def test_stock_unbound_runs(nsd, directory):
    """It is the module that it refuses: without, it runs here."""
    with StockUnbound(directory, nsd, Settings()):
        pass


def test_exported_symbols():
    """Modules share one name space: only what Unbound looks up may be visible."""
    lines = _run("nm", "--dynamic", "--defined-only", "--format=posix", environment.module())
    visible = {line.split()[0] for line in lines if "asan" not in line}
    assert visible == ENTRY_POINTS


@pytest.mark.parametrize("flag", ["BIND_NOW", "NODELETE", "SYMBOLIC"])
def test_link_flags(flag):
    """A symbol that the host lacks must fail at load; our own symbols are ours; and the last good policy outlives the
    dlclose of a reload."""
    assert flag in "\n".join(_run("readelf", "--dynamic", "--wide", environment.module()))


def _run(tool, *arguments):
    command = [environment.tool(tool, "binutils"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
