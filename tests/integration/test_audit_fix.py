"""`dadns audit --fix nsupdate`: a named whose zones are wrong, repaired by what the audit prints, and audited again."""

import json
import subprocess

import pytest

from harness import environment
from harness.named import Named, Settings
from table import deployments

SECRET = "Zm9yIHRlc3RzIG9uIGxvb3BiYWNrIG9ubHksIDMyIQ=="
KEY = f'key "operator" {{ algorithm hmac-sha256; secret "{SECRET}"; }};'
SIGNATURE = f"hmac-sha256:operator:{SECRET}"
PARENT, CHILD = deployments.NLB.suffixes

HEAD = """\
$TTL 600
@ SOA ns.upstream.example. hostmaster.upstream.example. 1 3600 1200 604800 60
@ NS ns.upstream.example.
host A 192.0.2.90
"""

# Of everything that commands can repair, at least one: absent, wrong, one too many, a server's own address, a type that
# may not be, a wrong prefix length, another TTL, an alias, blocked names at three depths.
WRONG = """\
directaccess-corpConnectivityHost A 203.0.113.66
directaccess-corpConnectivityHost AAAA fd12:3456:789a:7777:7f:0:100:0
directaccess-WebProbeHost A 10.0.0.10
directaccess-WebProbeHost A 10.0.0.11
directaccess-WebProbeHost AAAA 2001:db8::66
directaccess-WebProbeHost TXT "kept"
directaccess-NLS CNAME host
isatap-da 60 A 10.0.0.10
isatap-da 60 A 10.0.0.11
isatap-da 60 A 10.0.0.99
isatap A 203.0.113.66
isatap AAAA 2001:db8::66
isatap TXT "kept"
isatap.lab A 203.0.113.66
"""


@pytest.fixture(params=["two zones", "one zone"])
def server(request, directory):
    """A named with the wrong records under both suffixes, in zones of their own or in that of the upper one."""
    zones = {PARENT: f"{HEAD}{WRONG}{CHILD}. NS ns.upstream.example.\n", CHILD: HEAD + WRONG}
    if request.param == "one zone":
        zones = {PARENT: f"{HEAD}{WRONG}$ORIGIN {CHILD}.\n{WRONG}"}
    statements = [KEY]
    for zone, text in zones.items():
        (directory / f"{zone}.zone").write_text(text)
        statements.append(
            f'zone "{zone}" {{ type primary; file "{zone}.zone"; allow-update {{ key operator; }}; }};',
        )
    with Named(directory, None, Settings(recursive=False, statements=tuple(statements))) as named:
        named.zones = list(zones)
        yield named


def dig(server, zone):
    """The zone as it is now, as lines of a zone file."""
    command = [environment.tool("dig", "bind9-dnsutils"), "+nocmd", "+nocomments", "+nostats", "+noquestion", "+onesoa"]
    where = ["-p", str(server.port), "@127.0.0.1", zone, "AXFR", "-y", SIGNATURE]
    output = subprocess.run([*command, *where], capture_output=True, text=True, check=True, timeout=30).stdout
    # The server's own order differs from time to time, and a signature has the time.
    return "".join(sorted(line for line in output.splitlines(keepends=True) if line.split()[3] != "TSIG"))


def audit(server, directory, *options):
    """Exit status and output of an audit of the zones as they are now."""
    command = [environment.dadns(), "audit"]
    for zone in server.zones:
        (directory / f"{zone}.now").write_text(dig(server, zone))
        command += ["--zone-file", directory / f"{zone}.now", "--origin", zone]
    done = subprocess.run([*command, *options, deployments.NLB.write(directory)], capture_output=True, text=True)
    assert done.stderr == ""
    return done.returncode, done.stdout


def nsupdate(server, commands):
    """Runs commands as their comment says, but for the port."""
    text = f"server 127.0.0.1 {server.port}\n{commands}"
    command = [environment.tool("nsupdate", "bind9-dnsutils"), "-y", SIGNATURE]
    done = subprocess.run(command, input=text, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def findings(output):
    """The codes of all but notes."""
    return {finding["code"] for finding in json.loads(output)["findings"] if finding["severity"] != "note"}


def test_repairs(server, directory):
    status, output = audit(server, directory, "--json")
    assert status == 2
    assert findings(output) == {
        "wrong-address",
        "corp-connectivity-no-a",
        "prefix-length",
        "corp-connectivity-no-aaaa",
        "server-address",
        "aaaa-not-allowed",
        "alias",
        "nls-missing",
        "extra-address",
        "isatap-router-incomplete",
        "blocked-present",
    }
    nsupdate(server, audit(server, directory, "--fix", "nsupdate")[1])
    status, output = audit(server, directory, "--json")
    assert (status, findings(output)) == (0, set())
    left = {finding["code"] for finding in json.loads(output)["findings"]}
    assert left == {"aging-unknown"}  # TTLs are right, too


def test_touches_nothing_else(server, directory):
    def others():
        lines = (line.split(None, 4) for zone in server.zones for line in dig(server, zone).splitlines())
        kept = [line for line in lines if line[3] in ("TXT", "NS") or line[0].startswith("host.")]
        return sorted(kept)

    before = others()
    nsupdate(server, audit(server, directory, "--fix", "nsupdate")[1])
    assert others() == before
    assert len(before) >= 6


def test_once_more_does_nothing(server, directory):
    commands = audit(server, directory, "--fix", "nsupdate")[1]
    nsupdate(server, commands)
    before = [dig(server, zone) for zone in server.zones]
    again = audit(server, directory, "--fix", "nsupdate")[1]
    assert "\nupdate " not in again and "\nsend" not in again
    nsupdate(server, again)
    assert [dig(server, zone) for zone in server.zones] == before
