"""`dadns generate --format bind-update-policy`: a named whose zone includes the rules, and nsupdate with a key that may
otherwise do anything.

The statement is put together as the file's own comment says, by the very command that stands there.
"""

import re
import subprocess

import pytest

from harness import environment
from harness.client import Query
from harness.named import Named, Settings
from table import deployments

SECRET = "Zm9yIHRlc3RzIG9uIGxvb3BiYWNrIG9ubHksIDMyIQ=="
KEY = f'key "operator" {{ algorithm hmac-sha256; secret "{SECRET}"; }};'
ZONE = """\
$TTL 60
@ SOA ns.upstream.example. hostmaster.upstream.example. 1 3600 1200 604800 60
@ NS ns.upstream.example.
directaccess-corpConnectivityHost A 127.0.0.1
directaccess-WebProbeHost A 10.0.0.10
isatap A 203.0.113.66
host A 192.0.2.90
"""
ROGUE = "203.0.113.66"


def generate(deployment, directory, *options):
    path = directory / "directaccess.rules"
    command = [environment.dadns(), "generate", "--format", "bind-update-policy", "--output", path, *options]
    subprocess.run([*command, deployment.write(directory)], check=True)
    return path


def put_together(rules, directory):
    """Runs the command of the head comment. Returns the file to include in a zone."""
    (directory / "grants").write_text("grant operator zonesub ANY;\n")
    command = next(line[3:].strip() for line in rules.read_text().splitlines() if line.startswith("//   ("))
    for word, path in (("PATH", rules), ("GRANTS", directory / "grants"), ("POLICY", directory / "policy")):
        command = re.sub(rf"\b{word}\b", str(path), command)
    subprocess.run(["sh", "-c", command], check=True)
    return directory / "policy"


@pytest.fixture(scope="module")
def server(work):
    """A named with the zones of both suffixes, each with all rules; the deployment blocks isatap."""
    directory = work / "named"
    policy = put_together(generate(deployments.NLB, directory), directory)
    zones = []
    for suffix in deployments.NLB.suffixes:
        (directory / f"{suffix}.zone").write_text(ZONE)
        zones.append(f'zone "{suffix}" {{ type primary; file "{suffix}.zone"; include "{policy}"; }};')
    with Named(directory, None, Settings(recursive=False, statements=(KEY, *zones))) as named:
        yield named


def update(server, zone, *lines):
    """What nsupdate says of an update: "" where the server took it."""
    text = "\n".join([f"server 127.0.0.1 {server.port}", f"zone {zone}", *lines, "send", ""])
    nsupdate = environment.tool("nsupdate", "bind9-dnsutils")
    command = [nsupdate, "-y", f"hmac-sha256:operator:{SECRET}"]
    done = subprocess.run(command, input=text, capture_output=True, text=True, timeout=30)
    said = (done.stdout + done.stderr).strip()
    assert bool(said) == (done.returncode != 0), said
    return said


def dump(server, suffix):
    """The zone's records but for its serial, by a transfer."""
    command = [environment.tool("dig", "bind9-dnsutils"), "+nocmd", "+nocomments", "+nostats", "+noquestion", "+onesoa"]
    where = ["-p", str(server.port), "@127.0.0.1", suffix, "AXFR", "-y", f"hmac-sha256:operator:{SECRET}"]
    output = subprocess.run([*command, *where], capture_output=True, text=True, check=True, timeout=30).stdout
    return sorted(" ".join(line.split()) for line in output.splitlines() if not re.search(r"\s(SOA|TSIG)\s", line))


REFUSED = [
    f"update add {name}. 60 {record}"
    for name in (
        "directaccess-corpConnectivityHost.SUFFIX",
        "DIRECTACCESS-webprobehost.suffix",
        "directaccess-NLS.SUFFIX",
        "isatap-da.SUFFIX",
        "isatap.SUFFIX",
        "IsAtAp.suffix",
        "x.isatap.SUFFIX",
        "*.isatap.SUFFIX",
        "a.b.ISATAP.SUFFIX",
    )
    for record in (f"A {ROGUE}", "AAAA 2001:db8::66", "TXT x", "NS rogue.other.example.", "CNAME rogue.other.example.")
] + [
    "update delete directaccess-corpConnectivityHost.SUFFIX.",
    "update delete DirectAccess-WebProbeHost.SUFFIX. A",
    "update delete directaccess-WebProbeHost.SUFFIX. A 10.0.0.10",
    "update delete isatap.SUFFIX.",
]

GRANTED = (
    "update add host2.SUFFIX. 60 A 192.0.2.91",
    "update delete host.SUFFIX.",
    # Not ours: a label that only begins or ends like one, and one below a published name.
    f"update add xisatap.SUFFIX. 60 A {ROGUE}",
    f"update add isatap-x.SUFFIX. 60 A {ROGUE}",
    f"update add x.directaccess-webprobehost.SUFFIX. 60 A {ROGUE}",
    # The file says that it cannot keep these off.
    f"update add isatap.sub.SUFFIX. 60 A {ROGUE}",
)


@pytest.mark.parametrize("suffix", deployments.NLB.suffixes)
def test_refused(server, suffix):
    before = dump(server, suffix)
    taken = []
    for line in REFUSED:
        line = line.replace("SUFFIX", suffix).replace("suffix", suffix.upper())
        if "REFUSED" not in update(server, suffix, line):
            taken.append(line)
    assert not taken
    assert dump(server, suffix) == before


@pytest.mark.parametrize("suffix", deployments.NLB.suffixes)
def test_granted(server, suffix):
    assert [said for line in GRANTED if (said := update(server, suffix, line.replace("SUFFIX", suffix)))] == []
    with server.client() as client:
        assert client.udp(Query(f"host2.{suffix}.")).answer
        assert client.udp(Query(f"host.{suffix}.")).rcode == "NXDOMAIN"
        assert client.udp(Query(f"isatap.sub.{suffix}.")).answer


def test_all_or_nothing(server):
    """One refused record refuses the update it is in."""
    suffix = deployments.NLB.suffixes[0]
    lines = (f"update add host3.{suffix}. 60 A 192.0.2.92", f"update add isatap.{suffix}. 60 A {ROGUE}")
    assert "REFUSED" in update(server, suffix, *lines)
    with server.client() as client:
        assert client.udp(Query(f"host3.{suffix}.")).rcode == "NXDOMAIN"


def test_one_suffix(directory):
    """--suffix leaves the rules of the other zones out."""
    text = generate(deployments.NLB, directory, "--suffix", "emea.corp.example.net").read_text()
    rules = [line for line in text.splitlines() if line.startswith("deny")]
    assert len(rules) == len(deployments.NLB.records) + len(deployments.NLB.block)
    assert all(rule.endswith(".emea.corp.example.net. ANY;") for rule in rules)
