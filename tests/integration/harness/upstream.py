"""The zones of the upstream server, and one of them signed."""

import pathlib
import subprocess

from . import environment

ZONES = pathlib.Path(__file__).parent.parent / "upstream"

# Zone name → file. The two suffixes hold the same.
PLAIN = {
    ".": ZONES / "root.zone",
    "example.net": ZONES / "example.net.zone",
    "corp.example.net": ZONES / "suffix.zone",
    "emea.corp.example.net": ZONES / "suffix.zone",
    "other.example": ZONES / "other.example.zone",
    "18.198.in-addr.arpa": ZONES / "reverse.zone",
}

# Addresses that only a rogue record has: one in an answer means that it came from upstream.
ROGUE = {"203.0.113.66", "2001:db8::66"}

SIGNED_ZONE = "signed.example"


def sign(directory):
    """Signs suffix.zone as signed.example with a key of its own. Returns (zone file, trust anchor in DS form)."""
    directory.mkdir(parents=True, exist_ok=True)
    keygen = environment.tool("dnssec-keygen", "bind9-utils")
    signzone = environment.tool("dnssec-signzone", "bind9-utils")
    # One key for both roles (a combined signing key): -z signs the zone with a key that has the SEP bit.
    _run([keygen, "-q", "-a", "ECDSAP256SHA256", "-f", "KSK", SIGNED_ZONE], directory)
    zone = directory / "signed.zone"
    _run([signzone, "-q", "-S", "-z", "-o", SIGNED_ZONE, "-f", zone, ZONES / "suffix.zone"], directory)
    anchor = (directory / f"dsset-{SIGNED_ZONE}.").read_text().splitlines()[0]
    return zone, " ".join(anchor.split())


def _run(command, directory):
    done = subprocess.run(command, cwd=directory, capture_output=True, text=True)
    if done.returncode != 0:
        raise environment.Missing(f"{command[0]} fails: {done.stderr}{done.stdout}")
