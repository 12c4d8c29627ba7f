"""The zones that are read: written by generate/, the same octets on every machine, and kept for the next time.

In each of them directaccess-corpConnectivityHost is right, directaccess-WebProbeHost has an address that is wrong, and
isatap is there: what an audit must find.
"""

import dataclasses
import hashlib
import pathlib
import subprocess

ORIGIN = "corp.example.net"
ENTERPRISE, WINDOWS, SIGNED, WORST, TINY = ALL = ("enterprise", "windows", "signed", "worst", "tiny")
TINY_RECORDS = 20
RECORDS = range(40, 100_000_001)  # what the generator takes for all kinds
WRONG_ADDRESS = "10.0.0.99"

DEPLOYMENT = f"""\
suffixes: [{ORIGIN}]
network: ipv4-only
entry-points:
  - name: headquarters
    nat64-prefix: fd12:3456:789a:7777::/96
    servers:
      - {{name: da1, address: 10.0.0.11}}
"""
NOW = "2026-07-09T00:00:00Z"  # hours behind the newest time stamp of the windows zone

# (kind, records) → SHA-256; other sizes are written anew each time.
KNOWN = {
    (ENTERPRISE, 1_000): "90aa77162bbddfaf4fb96016c586ba22543978e4ef60b1dbc2191d87a00c63fc",
    (ENTERPRISE, 1_000_000): "6343f30c872319ddd26f30d5ff75b485af6c6c7d97559cba1a7a272b6dc47750",
    (ENTERPRISE, 10_000_000): "634bdd3a5c6eff1122e215648116e4b9d96b9f1fae55b0c847d3815323b6d438",
    (WINDOWS, 1_000): "7bd2dd919fab2c8edb915257a1b5943f3c2d8409d55a0223cd83235055788cb0",
    (WINDOWS, 1_000_000): "a4eda3bcc667f01fa61af166ffcdbb199f24f090b905a9bdf4edc24ef5f1088a",
    (WINDOWS, 10_000_000): "54038f3879e5e2e9e48ab18799e04660a0363b81a1b4ca208eafea3356130b54",
    (SIGNED, 1_000): "6025f093e6f67c21ea11ff619fe7b38792d2012dca1776285ecfed0fde45b882",
    (SIGNED, 1_000_000): "977d27b81da1cb1e55bca0ddf1d70d872794527463d85c219ba92c4ad5131919",
    (SIGNED, 10_000_000): "0e7689bb4338203693e8b3502213c331417305b965c994360c1bd78c290bb669",
    (WORST, 1_000): "cd7f038d159e3318b58c738df97ed881bffd25a4ab83cfaa5fd48fd88f911ee2",
    (WORST, 1_000_000): "36badc986ecffd4c9123f4738d99472b71a5e5c5f9c64619a55dc65136343868",
    (WORST, 10_000_000): "9f8a3fa071ec424391f46716b3e2f2df85dbf64d433c72db0053adc2333630dc",
    (TINY, TINY_RECORDS): "fbd9363acb7a4bd02febf520e72444cb73fd60e66db9b02cf0fe979bbf479bab",
}

_CHUNK = 1 << 20


class Failed(Exception):
    """A zone could not be written, or is not what it has to be."""


@dataclasses.dataclass(frozen=True)
class Zone:
    kind: str
    records: int
    path: pathlib.Path
    octets: int
    lines: int

    @property
    def title(self):
        return f"{self.kind}, {self.records:,} records"


def _look(path):
    """Octets, lines and SHA-256 of a file; it is in the page cache then, as far as that has room."""
    octets = lines = 0
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while chunk := file.read(_CHUNK):
            octets += len(chunk)
            lines += chunk.count(b"\n")
            digest.update(chunk)
    return octets, lines, digest.hexdigest()


def _write(generator, kind, records, path):
    part = path.with_name(path.name + ".part")
    try:
        command = [generator, ENTERPRISE if kind == TINY else kind, str(records), part]
        done = subprocess.run(command, stderr=subprocess.PIPE, text=True)
        if done.returncode != 0:
            raise Failed(done.stderr.strip() or f"{generator} ends with status {done.returncode}")
        part.rename(path)
    finally:
        part.unlink(missing_ok=True)


def make(generator, kind, records, work):
    """Returns the zone, written now or before."""
    if kind == TINY:
        records = TINY_RECORDS
    path = work / f"{kind}-{records}" / f"{ORIGIN}.zone"
    known = KNOWN.get((kind, records))
    if known and path.is_file():
        octets, lines, digest = _look(path)
        if digest == known:
            return Zone(kind, records, path, octets, lines)
    path.parent.mkdir(parents=True, exist_ok=True)
    _write(generator, kind, records, path)
    octets, lines, digest = _look(path)
    if known and digest != known:
        raise Failed(f"{path}: SHA-256 {digest}; expected {known}: the generator writes other octets than it did")
    return Zone(kind, records, path, octets, lines)
