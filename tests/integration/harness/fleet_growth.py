"""How a fleet grows: what many suffixes cost to transfer, to keep, and to change."""

import dataclasses
import time

from .client import Query
from .fleet import NXDOMAIN, RollOut, Transfer, answer
from .fleet_configuration import PRIMARY, RESOLVERS, deployment

SUFFIX = "corp.example.net"
BIND_PAUSE = 2  # seconds: changes that follow each other sooner wait for BIND's min-update-interval


@dataclasses.dataclass(frozen=True)
class Growth:
    """Measures with that many suffixes; memory: host → server → octets."""

    suffixes: int
    records: int  # in the zone
    file_octets: int
    added: RollOut  # all but the first, at once
    address: RollOut  # another address in all of them
    removed: RollOut  # one suffix
    transferred: dict  # resolver that had nothing → (Transfer, seconds from its start to its answers)
    memory_before: dict  # with one suffix
    memory_after: dict


def suffixes(count):
    return [SUFFIX, *(f"s{number}.{SUFFIX}" for number in range(1, count))]


def probe(number):
    """A question about the suffix of that number."""
    return Query(f"directaccess-WebProbeHost.s{number}.{SUFFIX}.")


def grow(fleet, count):
    """Takes the fleet from one suffix to so many, and measures. It is left with them, less the last."""
    last = probe(count - 1)
    memory_before = _memory(fleet)
    added = _change(fleet, "10.0.0.10", count, {last: answer("10.0.0.10")})
    file_octets = fleet.zone_file.stat().st_size
    records = sum(line[0] not in ";$" for line in fleet.zone_file.read_text().splitlines() if line)
    address = _change(fleet, "10.0.0.20", count, {last: answer("10.0.0.20")})
    transferred = {host: _from_nothing(fleet, host, {last: answer("10.0.0.20")}) for host in RESOLVERS}
    memory_after = _memory(fleet)
    removed = _change(fleet, "10.0.0.20", count - 1, {last: NXDOMAIN})
    return Growth(count, records, file_octets, added, address, removed, transferred, memory_before, memory_after)


def _change(fleet, vip, count, expected):
    time.sleep(BIND_PAUSE)
    return fleet.roll_out(deployment(vip, suffixes(count)), expected, seconds=120)


def _memory(fleet):
    return {host: fleet.memory(host) for host in (PRIMARY, *RESOLVERS)}


def _from_nothing(fleet, host, expected) -> tuple[Transfer, float]:
    fleet.stop(host)
    fleet.forget(host)
    began = time.monotonic()
    fleet.start(host)
    fleet.wait(expected, hosts=(host,), seconds=120)
    return fleet.transfers()[-1], time.monotonic() - began
