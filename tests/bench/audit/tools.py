"""The programs that are compared, each called as its users would, and how their results are looked at.

All but the slow ones look at octets; the slow ones read every record, and all of them accept every zone but the Windows
one, which no DNS server reads.
"""

import collections.abc
import dataclasses
import json
import subprocess

import zones
from harness import environment

DADNS = "dadns audit"
WC = "wc -l"
GREP = "grep -ci directaccess"
LDNS_LOOP = "ldns loop"
NSD = "nsd-checkzone"
KNOT = "kzonecheck"
BIND_NONE = "named-checkzone -i none"
LDNS_READ = "ldns-read-zone"
BIND = "named-checkzone"
PORTABLE, SSE2, AVX2 = WAYS = ("scan, portable", "scan, SSE2", "scan, AVX2")

_RECORDS = (zones.ENTERPRISE, zones.SIGNED, zones.WORST)
_LINES = zones.ALL


class Wrong(Exception):
    """A program does not say of a zone what it has to."""


@dataclasses.dataclass(frozen=True)
class Tool:
    name: str
    command: collections.abc.Callable  # zone → command line
    fault: collections.abc.Callable  # (zone, standard output) → what is wrong with it, or ""
    kinds: tuple  # of zones it is timed with
    slow: bool = False
    status: int = 0
    silenced: bool = False  # its output is the whole zone, and goes nowhere


@dataclasses.dataclass(frozen=True)
class Programs:
    """Where the build's own are."""

    dadns: str
    helpers: object  # directory
    deployment: object

    @property
    def generator(self):
        return self.helpers / "bench_audit_generate"

    @property
    def measure(self):
        return self.helpers / "bench_audit_measure"


def _unpacked(path):
    """A program that scripts/servers has unpacked."""
    found = environment.servers() / path
    if not found.exists():
        raise environment.Missing(f"there is no {found}: run scripts/setup")
    return found


def _says(text):
    return lambda zone, output: "" if text in output else f"'{text}' is missing"


def _first_number(expected):
    """expected: zone → whether a number is right."""

    def fault(zone, output):
        first = output.split(maxsplit=1)[:1]
        return "" if first and first[0].isdecimal() and expected(zone, int(first[0])) else "that is not right"

    return fault


def _nothing(zone, output):
    return ""


def _dadns(programs):
    command = [programs.dadns, "audit", programs.deployment, "--now", zones.NOW, "--zone-file"]
    return Tool(DADNS, lambda zone: [*command, zone.path], _says(zones.WRONG_ADDRESS), _LINES, status=2)


def _wc(_):
    wc = environment.tool("wc", "coreutils")
    lines = _first_number(lambda zone, number: number == zone.lines)
    return Tool(WC, lambda zone: [wc, "-l", zone.path], lines, _LINES)


def _grep(_):
    grep = environment.tool("grep", "grep")
    enough = _first_number(lambda zone, number: number >= 2)
    return Tool(GREP, lambda zone: [grep, "-ci", "directaccess", zone.path], enough, _LINES)


def _ldns_loop(programs):
    loop = programs.helpers / "bench_audit_ldns_loop"
    records = _first_number(lambda zone, number: number == zone.records)
    return Tool(LDNS_LOOP, lambda zone: [loop, zone.path], records, _RECORDS, slow=True)


def _ldns_read(_):
    read = environment.tool("ldns-read-zone", "ldnsutils")
    return Tool(LDNS_READ, lambda zone: [read, zone.path], _nothing, _RECORDS, slow=True, silenced=True)


def _nsd(_):
    check = environment.server("nsd-checkzone")
    return Tool(NSD, lambda zone: [check, zones.ORIGIN, zone.path], _says("is ok"), _RECORDS, slow=True)


def _knot(_):
    check = _unpacked("usr/bin/kzonecheck")

    def command(zone):
        """Signatures that are none are not to be looked at."""
        unsigned = ("-d", "off") if zone.kind == zones.SIGNED else ()
        return [check, *unsigned, "-o", zones.ORIGIN, zone.path]

    return Tool(KNOT, command, _nothing, _RECORDS, slow=True)


def _bind(name, *options):
    check = environment.tool("named-checkzone", "bind9-utils")
    return Tool(name, lambda zone: [check, *options, zones.ORIGIN, zone.path], _says("\nOK\n"), _RECORDS, slow=True)


def _way(name):
    def make(programs):
        scan = programs.helpers / "bench_audit_ways"
        lines = _first_number(lambda zone, number: number == zone.lines)
        return Tool(name, lambda zone: [scan, name.removeprefix("scan, "), zone.path], lines, _LINES)

    return make


# Name → what makes it from Programs; in the order of the tables.
_MAKE = {
    DADNS: _dadns,
    WC: _wc,
    GREP: _grep,
    **{name: _way(name) for name in reversed(WAYS)},
    LDNS_LOOP: _ldns_loop,
    NSD: _nsd,
    KNOT: _knot,
    BIND_NONE: lambda _: _bind(BIND_NONE, "-i", "none"),
    LDNS_READ: _ldns_read,
    BIND: lambda _: _bind(BIND),
}
ALL = tuple(_MAKE)
PARSERS = (LDNS_LOOP, NSD, KNOT, BIND_NONE, LDNS_READ, BIND)
FOR_AUDIT = tuple(name for name in ALL if name not in (SSE2, AVX2))
FOR_WAYS = (*reversed(WAYS), WC, GREP, LDNS_LOOP, KNOT)


def _available_ways(programs):
    """Names of the ways that this processor has."""
    done = subprocess.run([programs.helpers / "bench_audit_ways"], stdout=subprocess.PIPE, text=True, check=True)
    return [f"scan, {way}" for way in done.stdout.split()]


def make(names, programs):
    """The tools of these names; ways that the processor does not have are left out. Missing where one is not there."""
    for program in (programs.dadns, *(programs.helpers / f"bench_audit_{name}" for name in ("ldns_loop", "ways"))):
        environment.tool(str(program), "of the build: run scripts/build")
    ways = _available_ways(programs)
    return [_MAKE[name](programs) for name in names if name not in WAYS or name in ways]


def verify(programs, zone):
    """Wrong where dadns does not find in a zone what was planted there, or finds what is not."""
    command = [programs.dadns, "audit", programs.deployment, "--json", "--now", zones.NOW, "--zone-file", zone.path]
    done = subprocess.run(command, capture_output=True, text=True)
    where = f"{DADNS} of {zone.path}"
    if done.returncode != 2:
        raise Wrong(f"{where}: exit status {done.returncode}, expected 2: {done.stderr.strip()}")
    try:
        codes = {finding["code"] for finding in json.loads(done.stdout)["findings"]}
    except (ValueError, KeyError) as error:
        raise Wrong(f"{where}: --json is not understood: {error!r}: {done.stderr.strip()}") from None
    expected = {"wrong-address", "blocked-present"} | ({"record-dynamic"} if zone.kind == zones.WINDOWS else set())
    if not expected <= codes or zones.WRONG_ADDRESS not in done.stdout:
        raise Wrong(f"{where}: finds {sorted(codes)}; expected {sorted(expected)}, and {zones.WRONG_ADDRESS}")
    unexpected = {code for code in codes if code.startswith(("corp-connectivity", "reading", "undetermined"))}
    if unexpected:
        raise Wrong(f"{where}: finds {sorted(unexpected)}, which is not there")
