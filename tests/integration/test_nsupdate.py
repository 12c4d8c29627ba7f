"""`dadns generate --format nsupdate`: a named whose zones are updated by it, before and after as in a transfer."""

import subprocess

import pytest

from harness import environment
from harness.named import Named, Settings
from table import deployments

SECRET = "Zm9yIHRlc3RzIG9uIGxvb3BiYWNrIG9ubHksIDMyIQ=="
KEY = f'key "operator" {{ algorithm hmac-sha256; secret "{SECRET}"; }};'
SIGNATURE = f"hmac-sha256:operator:{SECRET}"

# Wrong addresses beside a right one, a type that must not be there, blocked names, and what is none of our business.
ZONE = """\
$TTL 60
@ SOA ns.upstream.example. hostmaster.upstream.example. 1 3600 1200 604800 60
@ NS ns.upstream.example.
directaccess-WebProbeHost A 203.0.113.66
directaccess-WebProbeHost AAAA 2001:db8::66
directaccess-WebProbeHost TXT "kept"
directaccess-corpConnectivityHost 600 A 127.0.0.1
isatap-da A 203.0.113.66
isatap-da A 10.0.0.11
directaccess-NLS CNAME host
isatap A 203.0.113.66
isatap TXT "kept"
x.isatap A 192.0.2.80
host A 192.0.2.90
"""


@pytest.fixture
def server(directory):
    """A named with the zones of both suffixes, which the key may update."""
    zones = []
    for suffix in deployments.NLB.suffixes:
        (directory / f"{suffix}.zone").write_text(ZONE)
        zones.append(f'zone "{suffix}" {{ type primary; file "{suffix}.zone"; allow-update {{ key operator; }}; }};')
    with Named(directory, None, Settings(recursive=False, statements=(KEY, *zones))) as named:
        yield named


def run(server, directory, *options):
    """Generates the commands, and runs them as their comment says but for the port."""
    path = directory / "directaccess.nsupdate"
    command = [environment.dadns(), "generate", "--format", "nsupdate", "--output", path, *options]
    subprocess.run([*command, deployments.NLB.write(directory)], check=True)
    text = f"server 127.0.0.1 {server.port}\n{path.read_text()}"
    nsupdate = environment.tool("nsupdate", "bind9-dnsutils")
    done = subprocess.run([nsupdate, "-y", SIGNATURE], input=text, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def dump(server, suffix):
    """{(owner, type): addresses or text} of the zone, owners in lower case and relative, and {owner: TTLs}."""
    command = [environment.tool("dig", "bind9-dnsutils"), "+nocmd", "+nocomments", "+nostats", "+noquestion", "+onesoa"]
    where = ["-p", str(server.port), "@127.0.0.1", suffix, "AXFR", "-y", SIGNATURE]
    output = subprocess.run([*command, *where], capture_output=True, text=True, check=True, timeout=30).stdout
    rrsets, ttls = {}, {}
    for line in output.splitlines():
        owner, ttl, _, kind, data = line.split(None, 4)
        owner = owner.lower().removesuffix(f"{suffix}.").removesuffix(".")
        if kind in ("A", "AAAA", "TXT", "CNAME"):
            rrsets.setdefault((owner, kind), set()).add(data)
            ttls.setdefault((owner, kind), set()).add(int(ttl))
    return rrsets, ttls


def wanted():
    return {
        (label.lower(), kind): set(addresses)
        for label, rrsets in deployments.NLB.records.items()
        for kind, addresses in rrsets.items()
    }


@pytest.mark.parametrize("suffix", deployments.NLB.suffixes)
def test_adds_only(server, directory, suffix):
    before, _ = dump(server, suffix)
    run(server, directory)
    after, ttls = dump(server, suffix)
    added = {key: addresses for key, addresses in wanted().items() if (key[0], "CNAME") not in before}
    assert len(added) == len(wanted()) - 1  # what is added beside a CNAME is ignored
    assert after == {key: before.get(key, set()) | added.get(key, set()) for key in before.keys() | added.keys()}
    assert all(ttls[key] == {deployments.NLB.ttl} for key in added)
    run(server, directory)
    assert dump(server, suffix) == (after, ttls)


@pytest.mark.parametrize("suffix", deployments.NLB.suffixes)
def test_replaces(server, directory, suffix):
    run(server, directory, "--replace")
    after, ttls = dump(server, suffix)
    kept = {
        ("directaccess-webprobehost", "TXT"): {'"kept"'},
        ("isatap", "TXT"): {'"kept"'},
        ("x.isatap", "A"): {"192.0.2.80"},
        ("host", "A"): {"192.0.2.90"},
    }
    assert after == wanted() | kept
    assert all(ttls[key] == {deployments.NLB.ttl} for key in wanted())
