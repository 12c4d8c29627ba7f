"""`dadns probe` in a network: everything is right and the client is connected; one thing is broken, and it is named."""

import json
import signal
import socket
import subprocess
import time

import pytest

from harness.named import Named
from harness.probe import CRITICAL, OK, SUFFIX, VIP, WARNING, Site, Slow
from harness.unbound import Settings, StockUnbound
from harness.web import Listener, Web, page
from table.deployments import CORP, PROBE

A = f"{CORP} A 127.0.0.1\n"
AAAA = f"{CORP} AAAA fd12:3456:789a:7777::7f00:1\n"
WEB = f"{PROBE} A {VIP}\n"
RIGHT = A + AAAA + WEB

NLB = f"""\
suffixes: [{SUFFIX}]
network: ipv4-only
entry-points:
  - name: seattle
    nat64-prefix: fd12:3456:789a:7777::/96
    servers: [{{name: da1, address: 10.0.0.11}}, {{name: da2, address: 10.0.0.12}}]
    load-balancer: {{kind: nlb, vip: {VIP}}}
"""
EXTERNAL = NLB.replace("kind: nlb", "kind: external")
SINGLE = f"""\
suffixes: [{SUFFIX}]
network: ipv4-only
entry-points:
  - {{name: seattle, nat64-prefix: "fd12:3456:789a:7777::/96", servers: [{{name: da1, address: 10.0.0.11}}]}}
"""
MULTISITE = (
    EXTERNAL
    + """\
  - {name: dublin, nat64-prefix: "fd12:3456:789b:7777::/96", servers: [{name: dub1, address: 10.0.0.21}]}
"""
)
MULTISITE_RIGHT = RIGHT + f"{CORP} AAAA fd12:3456:789b:7777::7f00:1\n{PROBE} A 10.0.0.21\n"
NATIVE = f"""\
suffixes: [{SUFFIX}]
network: ipv6
entry-points:
  - {{name: seattle, servers: [{{name: da1, address: 10.0.0.11}}]}}
"""

VIP_WEB = ("da1", VIP)


@pytest.fixture(scope="module")
def site():
    with Site() as site:
        yield site


@pytest.fixture
def right(site, directory):
    """A resolver that is right all the time, on "dns"."""
    with site.resolver(RIGHT, directory=directory) as resolver:
        yield resolver


@pytest.fixture
def nlb(directory):
    return write(directory, NLB)


def write(directory, text):
    path = directory / "deployment.yaml"
    path.write_text(text)
    return path


def connected(done):
    return (done.status, done.states(), done.codes(), done.blocked()) == (OK, {"seattle": "connected"}, set(), set())


# ---- all is right ----


def test_connected(site, right, nlb):
    with site.webs(VIP_WEB) as (web,):
        done = site.probe(nlb)
        assert connected(done)
        assert web.requests == [("/", f"{PROBE}.{SUFFIX}")]
        assert {(one["label"], one["suffix"]) for one in done.report["answers"] if one["answer"] == "nxdomain"} == {
            ("isatap", None),
            ("isatap", SUFFIX),
        }


def test_text_and_json_tell_the_same(site, right, nlb):
    with site.webs(VIP_WEB):
        done = site.run(site.command(nlb))
        assert done.returncode == OK
        assert done.stdout.startswith("DIRECTACCESS OK - 1 of 1 entry point: Connected | connected=1 "), done.stdout
    done = site.run(site.command(nlb))
    assert done.returncode == CRITICAL
    line = done.stdout.splitlines()[0]
    text = site.probe(nlb).texts("web-probe-unreachable")[0]
    assert line.startswith("DIRECTACCESS CRITICAL - 1 of 1 entry point: Connecting; seattle: ") and text in line


def test_through_named(site, right, directory, nlb):
    with Named(directory / "named", right.upstream, host=site["da2"]), site.webs(VIP_WEB):
        assert connected(site.probe(nlb, resolvers=("da2",)))


def test_systems_resolver(site, right, nlb, directory):
    (directory / "resolv.conf").write_text(f"nameserver {site['dns'].address}\n")
    inside = ["unshare", "--mount", "sh", "-c", 'mount --bind "$0" /etc/resolv.conf && exec "$@"']
    with site.webs(VIP_WEB):
        done = site.run([*inside, str(directory / "resolv.conf"), *site.command(nlb, "--json", resolvers=())])
        report = json.loads(done.stdout)
        assert done.returncode == OK
        assert [one["resolver"] for one in report["conclusions"]] == [None]


# ---- corpConnectivityHost ----

GIVEN_UP = {
    "name gone": (WEB, "connectivity-missing", "NXDOMAIN"),
    "A gone": (AAAA + WEB, "connectivity-missing", "NODATA"),
    "wrong A": (f"{CORP} A 127.0.0.2\n" + AAAA + WEB, "connectivity-wrong", "127.0.0.2; expected 127.0.0.1"),
    "one A too many": (RIGHT + f"{CORP} A 10.0.0.9\n", "connectivity-extra", "10.0.0.9"),
    "wrong prefix": (
        A + f"{CORP} AAAA fd12:3456:ffff:7777::7f00:1\n" + WEB,
        "connectivity-prefix",
        "fd12:3456:ffff:7777::/96",
    ),
    "no such address": (A + f"{CORP} AAAA 2001:db8::1\n" + WEB, "connectivity-wrong", "2001:db8::1"),
}


@pytest.mark.parametrize("case", GIVEN_UP, ids=lambda case: case.replace(" ", "-"))
def test_given_up(site, nlb, directory, case):
    records, code, text = GIVEN_UP[case]
    with site.webs(VIP_WEB), site.resolver(records, directory=directory):
        done = site.probe(nlb)
        assert (done.status, done.states()) == (CRITICAL, {"seattle": "given-up"})
        assert text in done.texts(code)[0]
    with site.webs(VIP_WEB), site.resolver(RIGHT, directory=directory):
        assert connected(site.probe(nlb))


def test_no_aaaa_is_a_remark(site, nlb, directory):
    with site.webs(VIP_WEB), site.resolver(A + WEB, directory=directory):
        done = site.probe(nlb)
        assert (done.status, done.states(), done.codes()) == (
            WARNING,
            {"seattle": "connected"},
            {"connectivity-no-aaaa"},
        )


def test_native_ipv6(site, directory):
    deployment = write(directory, NATIVE)
    web = f"{PROBE} A 10.0.0.11\n"
    with site.webs("da1"):
        with site.resolver(f"{CORP} AAAA ::1\n" + web, directory=directory):
            assert connected(site.probe(deployment))
        with site.resolver(f"{CORP} AAAA ::1\n" + A + web, directory=directory):
            done = site.probe(deployment)
            assert (done.status, done.states(), done.codes()) == (
                WARNING,
                {"seattle": "connected"},
                {"connectivity-a"},
            )
        with site.resolver(AAAA + web, directory=directory):
            done = site.probe(deployment)
            assert (done.status, done.states(), done.codes()) == (
                CRITICAL,
                {"seattle": "given-up"},
                {"connectivity-wrong"},
            )


# ---- DNS64 ----


DNS64 = ('module-config: "dns64 validator iterator"', "dns64-prefix: fd12:3456:789a:7777::/96", "dns64-synthall: yes")


def test_dns64(site, nlb, directory):
    """The DNS64 of a DirectAccess server asks for A alone: what it makes of it is what a client sees."""
    with site.webs(VIP_WEB), site.resolver(RIGHT, directory=directory, lines=DNS64):
        assert connected(site.probe(nlb, "--dns64"))
        assert not connected(site.probe(nlb))  # a mapped WebProbeHost is none of an IPv4-only network
    wrong = tuple(line.replace("789a", "aaaa") for line in DNS64)
    with site.webs(VIP_WEB), site.resolver(A + WEB, directory=directory, lines=wrong):
        done = site.probe(nlb, "--dns64")
        assert (done.status, done.states()) == (CRITICAL, {"seattle": "given-up"})
        assert "fd12:3456:aaaa:7777::7f00:1" in done.texts("connectivity-prefix")[0]
    with site.webs(VIP_WEB), site.resolver(AAAA + WEB, directory=directory, lines=DNS64):
        done = site.probe(nlb, "--dns64")
        assert (done.status, done.states()) == (CRITICAL, {"seattle": "given-up"})
        assert done.codes() == {"connectivity-missing"}


# ---- WebProbeHost ----


def test_web_probe_gone(site, nlb, directory):
    with site.webs(VIP_WEB), site.resolver(A + AAAA, directory=directory):
        done = site.probe(nlb)
        assert (done.status, done.states(), done.codes()) == (
            CRITICAL,
            {"seattle": "connecting"},
            {"web-probe-missing"},
        )


def test_servers_own_address(site, nlb, directory):
    """In place of the VIP: it works as long as that server does."""
    with site.resolver(A + AAAA + f"{PROBE} A 10.0.0.11\n", directory=directory):
        with site.webs("da1", VIP_WEB):
            done = site.probe(nlb)
            assert (done.status, done.states()) == (WARNING, {"seattle": "connected"})
            assert done.codes() == {"web-probe-server-address"}
            assert "da1's own address; expected the VIP 10.0.0.10" in done.texts("web-probe-server-address")[0]
        with site.webs(VIP_WEB):
            done = site.probe(nlb)
            assert (done.status, done.states()) == (CRITICAL, {"seattle": "connecting"})
            assert done.codes() == {"web-probe-unreachable", "web-probe-server-address"}


def test_address_of_nobody(site, nlb, directory):
    with site.resolver(RIGHT + f"{PROBE} A 10.0.0.12\n{PROBE} A 10.0.0.99\n", directory=directory):
        with site.webs(VIP_WEB):
            done = site.probe(nlb)
            assert (done.status, done.states()) == (WARNING, {"seattle": "connected"})
            assert {"web-probe-server-address", "web-probe-unknown-address"} <= done.codes()


def test_port_closed(site, right, directory):
    for text, question in (
        (EXTERNAL, "web probe unreachable at 10.0.0.10:80: connection refused; is there a virtual server for TCP 80?"),
        (NLB, "are the web servers of the cluster up?"),
    ):
        done = site.probe(write(directory, text))
        assert (done.status, done.states(), done.codes()) == (
            CRITICAL,
            {"seattle": "connecting"},
            {"web-probe-unreachable"},
        )
        assert question in done.texts("web-probe-unreachable")[0]


def test_single_server_down(site, directory):
    with site.resolver(A + AAAA + f"{PROBE} A 10.0.0.11\n", directory=directory):
        done = site.probe(write(directory, SINGLE))
        assert "is the web server of da1 up?" in done.texts("web-probe-unreachable")[0]
        with site.webs("da1"):
            assert connected(site.probe(write(directory, SINGLE)))


def test_port_dropped(site, right, nlb):
    with site.webs(VIP_WEB), site.dropping("da1"):
        started = time.monotonic()
        done = site.probe(nlb, timeout=1)
        assert 1 <= time.monotonic() - started < 8
        assert (done.status, done.states()) == (CRITICAL, {"seattle": "connecting"})
        assert [one["result"] for one in done.report["pages"]] == ["silent"]
        assert "static ARP" in done.texts("web-probe-unreachable")[0]


def test_nobody_at_the_address(site, nlb, directory):
    with site.resolver(A + AAAA + f"{PROBE} A 10.0.0.77\n", directory=directory):
        done = site.probe(nlb, timeout=5)
        assert done.states() == {"seattle": "connecting"}
        assert [one["result"] for one in done.report["pages"]] == ["unreachable"]


def silent(connection):
    connection.recv(4096)
    connection.recv(4096)  # until the client is gone


def trickling(connection):
    connection.recv(4096)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    for _ in range(100):
        connection.sendall(b"x")
        time.sleep(0.1)


def broken_off(connection):
    connection.recv(4096)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nx")


def garbage(connection):
    connection.recv(4096)
    connection.sendall(b"\x15\x03\x01\x00\x02\x02\x16\x1b[31m" + bytes(range(256)) * 4)


def reset(connection):
    connection.recv(4096)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")


@pytest.mark.parametrize(
    ("script", "result"),
    [(silent, "silent"), (trickling, "silent"), (broken_off, "broken"), (garbage, "broken"), (reset, "broken")],
)
def test_no_page(site, right, nlb, script, result):
    with Listener(site["da1"], script, VIP):
        done = site.probe(nlb, timeout=1 if result == "silent" else 4)
        assert (done.status, done.states(), done.codes()) == (
            CRITICAL,
            {"seattle": "connecting"},
            {"web-probe-unreachable"},
        )
        assert [one["result"] for one in done.report["pages"]] == [result]


OWN = f"http://{PROBE}.{SUFFIX}"
ANSWERS = {
    "redirected elsewhere": (page(302, Location="http://portal.example/login"), "web-probe-redirected"),
    "redirected to https": (page(301, Location=f"{OWN.replace('http', 'https')}/"), "web-probe-redirected"),
    "redirected to another port": (page(301, Location=f"{OWN}:8080/"), "web-probe-redirected"),
    "redirected by a hostile one": (page(302, Location="http://x\x1b[31m.example/|"), "web-probe-redirected"),
    "portal": (page(511), "web-probe-portal"),
    "not found": (page(404), "web-probe-status"),
    "error": (page(500), "web-probe-status"),
    "no member": (page(503), "web-probe-status"),
}


@pytest.mark.parametrize("case", ANSWERS, ids=lambda case: case.replace(" ", "-"))
def test_another_page(site, right, nlb, case):
    answer, code = ANSWERS[case]
    with Web(site["da1"], answer, VIP):
        done = site.probe(nlb)
        assert (done.status, done.states(), done.codes()) == (CRITICAL, {"seattle": "connecting"}, {code})
        shown = site.run(site.command(nlb)).stdout
        assert "\x1b" not in shown and shown.splitlines()[0].count("|") == 1


def test_redirect_to_itself(site, right, nlb):
    """The same host, scheme and port: a client gets there."""

    def answer(request):
        (page(302, Location="/start") if request.path == "/" else page())(request)

    with Web(site["da1"], answer, VIP) as web:
        assert connected(site.probe(nlb))
        assert [path for path, _ in web.requests] == ["/", "/start"]
    with Web(site["da1"], page(302, Location="/"), VIP):
        assert not connected(site.probe(nlb))  # for ever


def test_expected_body(site, right, nlb):
    with Web(site["da1"], page(body="Log in to the guest network"), VIP):
        assert connected(site.probe(nlb))
        done = site.probe(nlb, "--expect-body", "DirectAccess")
        assert (done.status, done.codes()) == (CRITICAL, {"web-probe-portal"})
        assert connected(site.probe(nlb, "--expect-body", "guest network"))


def test_port_option(site, right, nlb):
    with Web(site["da1"], address=VIP, port=8080):
        assert site.probe(nlb).status == CRITICAL
        assert connected(site.probe(nlb, "--port", 8080))


# ---- resolvers ----


def test_resolver_down(site, nlb):
    done = site.probe(nlb, timeout=1)  # nothing listens at "dns" but in the other tests
    assert (done.status, done.states()) == (CRITICAL, {"seattle": "given-up"})
    assert done.codes() == {"resolver-silent"}
    assert done.blocked() == set()


def test_resolver_silent(site, right, nlb):
    with site.webs(VIP_WEB), site.dropping("dns"):
        done = site.probe(nlb, timeout=1)
        assert (done.status, done.states(), done.codes()) == (CRITICAL, {"seattle": "given-up"}, {"resolver-silent"})
        assert "resolver 10.0.0.53 does not answer" in done.texts("resolver-silent")[0]


def test_resolver_slow(site, right, nlb):
    with site.webs(VIP_WEB), Slow(site["da2"], site["dns"].address, 1.2) as slow:
        done = site.probe(nlb, resolvers=(slow.address,), timeout=4, slow=1)
        assert (done.status, done.states(), done.codes()) == (WARNING, {"seattle": "connected"}, {"slow"})
        assert connected(site.probe(nlb, resolvers=(slow.address,), timeout=4, slow=3))


def test_page_slow(site, right, nlb):
    def answer(request):
        time.sleep(0.5)
        page()(request)

    with Web(site["da1"], answer, VIP):
        done = site.probe(nlb, timeout=3, slow=0.3)
        assert (done.status, done.codes()) == (WARNING, {"slow"})
        assert "web probe at 10.0.0.10:80 took" in done.texts("slow")[0]


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ((f'local-zone: "{CORP}.{SUFFIX}" refuse',), "connectivity-fails"),
        ((f'local-zone: "{PROBE}.{SUFFIX}" refuse',), "web-probe-fails"),
    ],
)
def test_refused(site, nlb, directory, lines, code):
    with site.webs(VIP_WEB), site.resolver(RIGHT, directory=directory, lines=lines):
        done = site.probe(nlb)
        assert (done.status, code in done.codes()) == (CRITICAL, True)


def test_suffix_fails(site, nlb, directory):
    """SERVFAIL below the suffix, while the root answers."""
    with site.webs(VIP_WEB), site.resolver(f"{CORP} NS nowhere.{SUFFIX}.\n", directory=directory):
        done = site.probe(nlb)
        assert (done.status, done.states()) == (CRITICAL, {"seattle": "given-up"})
        assert "connectivity-fails" in done.codes()


def test_one_of_two_resolvers_is_wrong(site, right, nlb, directory):
    lines = ("access-control: 0.0.0.0/0 allow", f'local-data: "{CORP}.{SUFFIX}. A 203.0.113.66"')
    with site.webs(VIP_WEB), StockUnbound(directory / "da2", right.upstream, Settings(server=lines), "da2", site["da2"]):
        done = site.probe(nlb, resolvers=("dns", "da2"))
        by_resolver = {one["resolver"]: one["state"] for one in done.report["conclusions"]}
        assert by_resolver == {"10.0.0.53": "connected", "10.0.0.12": "given-up"}
        assert done.status == CRITICAL


# ---- isatap ----


@pytest.mark.parametrize(
    ("records", "root", "found", "status"),
    [
        ("isatap A 10.0.0.9\n", "", ("isatap", SUFFIX, "blocked-resolves"), CRITICAL),
        ("", "isatap A 10.0.0.9\n", ("isatap", None, "blocked-resolves"), CRITICAL),
        ("isatap TXT x\n", "", ("isatap", SUFFIX, "blocked-nodata"), WARNING),
        (f"isatap NS nowhere.{SUFFIX}.\n", "", ("isatap", SUFFIX, "blocked-fails"), WARNING),
    ],
    ids=["below-the-suffix", "bare", "nodata", "fails"],
)
def test_isatap(site, nlb, directory, records, root, found, status):
    with site.webs(VIP_WEB), site.resolver(RIGHT + records, root=root, directory=directory):
        done = site.probe(nlb)
        assert (done.status, done.states(), done.blocked()) == (status, {"seattle": "connected"}, {found})


# ---- many ----


def test_multisite(site, directory):
    deployment = write(directory, MULTISITE)
    with site.resolver(MULTISITE_RIGHT, directory=directory):
        with site.webs(VIP_WEB, "dublin"):
            done = site.probe(deployment)
            assert (done.status, done.states(), done.codes()) == (
                OK,
                {"seattle": "connected", "dublin": "connected"},
                set(),
            )
        with site.webs(VIP_WEB):
            done = site.probe(deployment)
            assert (done.status, done.states()) == (CRITICAL, {"seattle": "connected", "dublin": "connecting"})
            done = site.probe(deployment, "--entry-point", "Seattle")
            assert (done.status, done.states()) == (OK, {"seattle": "connected"})
            assert site.probe(deployment, "--entry-point", "dublin").status == CRITICAL


def test_two_thousand_suffixes(site, directory):
    labels = [f"s{number}" for number in range(2000)]
    suffixes = ", ".join(f"{label}.{SUFFIX}" for label in labels)
    deployment = write(directory, SINGLE.replace(f"[{SUFFIX}]", f"[{suffixes}]"))
    records = "".join(
        f"{CORP}.{label} A 127.0.0.1\n{CORP}.{label} AAAA fd12:3456:789a:7777::7f00:1\n{PROBE}.{label} A 10.0.0.11\n"
        for label in labels
    )
    with site.webs("da1"), site.resolver(records, directory=directory):
        done = site.run(site.command(deployment, timeout=5), seconds=120)
        assert done.returncode == OK, done.stdout[:2000]
        assert len(done.stdout.splitlines()) < 20


# ---- the process ----


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_signal(site, right, nlb, name):
    """It ends at once, in the middle of a fetch, and says nothing that is not true."""
    with Listener(site["da1"], silent, VIP):
        command = [*site["client"].wrapper, *site.command(nlb, timeout=30)]
        child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        time.sleep(0.7)
        child.send_signal(getattr(signal, name))
        output, _ = child.communicate(timeout=5)
        assert (child.returncode, output) == (-getattr(signal, name), b"")


def test_output_is_closed(site, right, nlb):
    with site.webs(VIP_WEB):
        done = site.run(["sh", "-c", '"$@" >&-', "sh", *site.command(nlb)])
        assert done.returncode == 3 and "standard output" in done.stderr


def test_nothing_else_is_asked(site, right, nlb):
    """No proxy of the environment is used."""
    with site.webs(VIP_WEB):
        done = site.run(["env", "http_proxy=http://10.0.0.99:3128", *site.command(nlb, "--json")])
        assert done.returncode == OK
