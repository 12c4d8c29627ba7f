"""A fleet of four resolvers behind one primary: what `dadns generate --format rpz` is for.

One fleet serves all tests of this file, and every test leaves it whole: each changes the deployment in its own way, and
waits until that has arrived.
"""

import functools
import itertools
import operator
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

import pytest

from harness import fleet_configuration, fleet_growth
from harness.client import Query
from harness.fleet import CLIENT, NODATA, NXDOMAIN, PRIMARY, Fleet, answer, new_secret
from harness.fleet_configuration import BIND_HOSTS, NSD_PORT, RESOLVERS, UNBOUND_HOSTS
from harness.process import Failure

MANUAL = pathlib.Path(__file__).resolve().parents[2] / "packaging/manual/fleet.md"

CORP, EMEA = "corp.example.net", "emea.corp.example.net"
ROGUE = answer("203.0.113.66")  # what upstream has for our names

SOON = 10  # seconds within which a change is everywhere: BIND may wait 5, and a host that is down costs half a second
REJOINED = 30  # seconds within which a host that was cut off has caught up by itself: the primary tries every 15
SMALL = 1500  # octets: a transfer that brings a change, and not the zone

ONE_OF_EACH = (BIND_HOSTS[0], UNBOUND_HOSTS[0])
OTHERS = tuple(host for host in RESOLVERS if host not in ONE_OF_EACH)

every_host = pytest.mark.parametrize("host", RESOLVERS)
one_of_each = pytest.mark.parametrize("host", ONE_OF_EACH)

addresses = (f"10.0.{third}.{fourth}" for third in itertools.count(1) for fourth in range(1, 255))


def probe(suffix=CORP):
    return Query(f"DirectAccess-webPROBEhost.{suffix}.")


def isatap(suffix=CORP):
    return Query(f"ISAtap.{suffix}.")


def table(vip, suffix):
    """Questions below a suffix and what a client must get."""
    return {
        Query(f"directaccess-CORPconnectivityHost.{suffix}."): answer("127.0.0.1"),
        Query(f"directaccess-CORPconnectivityHost.{suffix}.", "AAAA"): answer("fd12:3456:789a:7777::7f00:1"),
        Query(f"directaccess-CORPconnectivityHost.{suffix}.", "MX"): NODATA,
        probe(suffix): answer(vip),
        Query(f"directaccess-webPROBEhost.{suffix}.", "AAAA"): NODATA,
        Query(f"isaTAP-da.{suffix}."): answer(vip, "10.0.0.11", "10.0.0.12"),
        isatap(suffix): NXDOMAIN,
        Query(f"x.ISAtap.{suffix}."): NXDOMAIN,
        Query(f"wPAd.{suffix}.", "AAAA"): NXDOMAIN,
        Query(f"HOst.{suffix}."): answer("192.0.2.90"),
    }


BARE = {Query("iSAtap."): NXDOMAIN, Query("wPAd."): NXDOMAIN, Query("hOSt.other.example."): answer("192.0.2.8")}


class Deployed:
    """The fleet and the deployment that it has."""

    def __init__(self, fleet, vip):
        self.fleet = fleet
        self.vip = vip
        self.suffixes = (CORP,)

    def text(self):
        return fleet_configuration.deployment(self.vip, self.suffixes)

    def expected(self):
        """All questions, and what a client must get."""
        tables = [table(self.vip, suffix) for suffix in self.suffixes]
        others = [suffix for suffix in (CORP, EMEA) if suffix not in self.suffixes]
        absent = [{probe(suffix): ROGUE, isatap(suffix): ROGUE} for suffix in others]
        return functools.reduce(operator.or_, [*tables, *absent, BARE])

    def change(self, suffixes=None, hosts=RESOLVERS):
        """To another VIP, and to these suffixes if given. Returns the RollOut."""
        self.vip = next(addresses)
        self.suffixes = suffixes or self.suffixes
        return self.fleet.roll_out(self.text(), self.expected(), hosts)

    def replace_zone(self, change):
        """Puts what change() makes of the zone file in its place, as dadns would, and has it loaded."""
        beside = self.fleet.zone_file.with_name("beside")
        beside.write_text(change(self.fleet.zone_file.read_text()))
        beside.rename(self.fleet.zone_file)
        self.fleet.reload_zone()


@pytest.fixture(scope="module")
def deployed(work):
    vip = next(addresses)
    with Fleet(work / "fleet", fleet_configuration.deployment(vip, (CORP,))) as fleet:
        deployed = Deployed(fleet, vip)
        fleet.wait({probe(): answer(vip)})
        yield deployed


# ---- answers and changes ----


@every_host
def test_answers(deployed, host):
    wanted = table(deployed.vip, CORP) | BARE
    assert {query: deployed.fleet.ask(host, query) for query in wanted} == wanted


@every_host
def test_without_the_zone(deployed, host):
    """Below what is no suffix, upstream's rogue records show: nothing but the zone keeps them from a client."""
    assert deployed.fleet.ask(host, probe(EMEA)) == ROGUE
    assert deployed.fleet.ask(host, isatap(EMEA)) == ROGUE


@pytest.fixture(scope="module")
def changed_address(deployed):
    return deployed.change()


@every_host
def test_changed_address(changed_address, host):
    assert changed_address.arrived[host] < SOON


@every_host
def test_only_the_change_is_transferred(changed_address, host):
    sent = [transfer for transfer in changed_address.transfers if transfer.host == host]
    assert [transfer.kind for transfer in sent] == ["IXFR"] and sent[0].octets < SMALL


def test_only_the_change_is_handed_on(changed_address):
    assert all(0 < octets < 2 * SMALL for octets in changed_address.handed_on.values()), changed_address.handed_on


@pytest.fixture(scope="module")
def added_suffix(deployed):
    return deployed.change((CORP, EMEA))


@every_host
def test_added_suffix(deployed, added_suffix, host):
    assert added_suffix.arrived[host] < SOON
    wanted = table(deployed.vip, CORP) | table(deployed.vip, EMEA) | BARE
    assert {query: deployed.fleet.ask(host, query) for query in wanted} == wanted


@pytest.fixture(scope="module")
def removed_suffix(deployed, added_suffix):
    return deployed.change((CORP,))


@every_host
def test_removed_suffix(deployed, removed_suffix, host):
    assert removed_suffix.arrived[host] < SOON
    assert deployed.fleet.ask(host, probe(EMEA)) == ROGUE
    assert deployed.fleet.ask(host, isatap(EMEA)) == ROGUE
    assert deployed.fleet.ask(host, probe()) == answer(deployed.vip)


def test_serials(deployed):
    """All have the primary's serial, and it is the one in the file."""
    deployed.change()
    serials = deployed.fleet.serials()
    assert set(serials.values()) == {serials[PRIMARY]}, serials
    assert f" {serials[PRIMARY]} " in deployed.fleet.zone_file.read_text()


def test_same_deployment(deployed):
    """What changes nothing is not transferred."""
    fleet = deployed.fleet
    before, sent = fleet.serial(PRIMARY), fleet.transfers()
    fleet.generate(deployed.text())
    fleet.reload_zone()
    time.sleep(1)
    assert (fleet.serial(PRIMARY), fleet.transfers()) == (before, sent)


def test_rolled_back(deployed):
    """The old deployment file, with a new serial."""
    vip, text = deployed.vip, deployed.text()
    change = deployed.change()
    back = deployed.fleet.roll_out(text, {probe(): answer(vip)})
    deployed.vip = vip
    assert back.serial == change.serial + 1 and max(back.arrived.values()) < SOON


def test_old_zone_file_is_no_way_back(deployed):
    """The primary goes on with what it has, silently; a serial above its own brings the file and it together again."""
    fleet, old = deployed.fleet, deployed.fleet.zone_file.read_text()
    deployed.change()
    serial = deployed.change().serial
    deployed.replace_zone(lambda text: old)
    time.sleep(0.5)
    assert fleet.serial(PRIMARY) == serial
    assert {fleet.ask(host, probe()) for host in RESOLVERS} == {answer(deployed.vip)}
    deployed.vip = next(addresses)
    fleet.generate(deployed.text(), "--serial", str(serial + 1))
    fleet.reload_zone()
    assert max(fleet.wait(deployed.expected()).values()) < SOON


# ---- cut off ----


@pytest.fixture(scope="module")
def rejoined(deployed):
    """Two hosts miss two changes. Gives the second RollOut, what they answered meanwhile, and how long they took."""
    fleet, old = deployed.fleet, deployed.vip
    for host in ONE_OF_EACH:
        fleet.network.cut(host)
    try:
        deployed.change(hosts=OTHERS)
        change = deployed.change(hosts=OTHERS)
        inside = {host: fleet.ask_inside(host, probe()) for host in ONE_OF_EACH}
    finally:
        for host in ONE_OF_EACH:
            fleet.network.join(host)
    return change, inside, old, fleet.wait({probe(): answer(deployed.vip)}, seconds=REJOINED)


@pytest.mark.parametrize("host", OTHERS)
def test_cut_off_hosts_do_not_delay_others(rejoined, host):
    assert rejoined[0].arrived[host] < SOON


@one_of_each
def test_cut_off_host_answers(rejoined, host):
    """Its own clients get what it had."""
    assert rejoined[1][host] == answer(rejoined[2])


@one_of_each
def test_rejoined_host_catches_up(rejoined, host):
    """By itself: nobody changes anything."""
    assert rejoined[3][host] < REJOINED


# ---- TSIG ----


def test_key_gets_the_zone(deployed):
    """The control of the next one."""
    fleet = deployed.fleet
    stolen = fleet.steal("r1", "r1.fleet", fleet.secrets["r1"])
    assert "XFR size" in stolen and deployed.vip in stolen


@pytest.mark.parametrize(
    "host, key, right",
    [
        ("r1", None, False),
        ("r1", "r1.fleet", False),
        ("r1", "nobody.fleet", False),
        ("r2", "r1.fleet", True),
        (CLIENT, None, False),
        (CLIENT, "r1.fleet", True),
    ],
    ids=["no key", "wrong secret", "unknown key", "another's key", "a stranger", "a stranger with a stolen key"],
)
def test_gets_nothing(deployed, host, key, right):
    """An address of the fleet does not do without its key, nor a key elsewhere."""
    fleet = deployed.fleet
    stolen = fleet.steal(host, key, fleet.secrets["r1"] if right else new_secret())
    assert "Transfer failed" in stolen
    assert "SOA" not in stolen and deployed.vip not in stolen


@pytest.fixture(scope="module")
def wrong_key(deployed):
    """Gives the answers of two hosts with a wrong key: after a change, and when they have lost what they had."""
    fleet, old = deployed.fleet, deployed.vip
    right = dict(fleet.secrets)
    for host in ONE_OF_EACH:
        fleet.stop(host)
        fleet.secrets[host] = new_secret()
        fleet.start(host)
    deployed.change(hosts=OTHERS)
    kept = {host: fleet.ask(host, probe()) for host in ONE_OF_EACH}
    for host in ONE_OF_EACH:
        fleet.stop(host)
        fleet.forget(host)
        fleet.start(host)
    time.sleep(2)
    nothing = {host: (fleet.ask(host, probe()), fleet.serial(host)) for host in ONE_OF_EACH}
    fleet.secrets |= right
    for host in ONE_OF_EACH:
        fleet.restart(host)
    fleet.wait({probe(): answer(deployed.vip)})
    return old, kept, nothing


@one_of_each
def test_wrong_key_keeps_the_old_answers(wrong_key, host):
    old, kept, _ = wrong_key
    assert kept[host] == answer(old)


@one_of_each
def test_wrong_key_brings_no_zone(wrong_key, host):
    _, _, nothing = wrong_key
    assert nothing[host] == (ROGUE, None)


# ---- the primary is down ----


@pytest.fixture(scope="module")
def primary_down(deployed):
    """Right after a change. Gives the answers that there were; for each host what it answers then, and how long it
    takes after a restart of its own; and the RollOut of a change when the primary is back."""
    fleet = deployed.fleet
    deployed.change()
    expected = deployed.expected()
    fleet.stop(PRIMARY)
    before = {host: {query: fleet.ask(host, query) for query in expected} for host in RESOLVERS}
    after = {}
    for host in RESOLVERS:
        fleet.restart(host)
        # A BIND that has just started gives its first answer or two without the policy.
        after |= fleet.wait(expected, hosts=(host,), seconds=5)
    fleet.start(PRIMARY)
    return expected, before, after, deployed.change()


@every_host
def test_primary_down(primary_down, host):
    expected, before, _, _ = primary_down
    assert before[host] == expected


@every_host
def test_restart_while_primary_is_down(primary_down, host):
    assert primary_down[2][host] < 0.5


@every_host
def test_primary_is_back(primary_down, host):
    assert primary_down[3].arrived[host] < SOON


def test_primary_is_lost(deployed):
    """A new one, with nothing but the configuration and the deployment file: its first serial is above all before."""
    fleet, serial = deployed.fleet, deployed.fleet.serial(PRIMARY)
    deployed.vip = next(addresses)
    fleet.stop(PRIMARY)
    fleet.forget(PRIMARY)
    fleet.generate(deployed.text())
    fleet.start(PRIMARY)
    assert fleet.serial(PRIMARY) > serial
    assert max(fleet.wait(deployed.expected()).values()) < SOON


def test_nsd_keeps_the_zone(deployed):
    """NSD itself has it after a restart without the primary, once its ten seconds for writing have passed."""
    fleet = deployed.fleet
    deployed.change()
    time.sleep(12)
    serial = fleet.serial(PRIMARY)
    fleet.stop(PRIMARY)
    try:
        for host in UNBOUND_HOSTS:
            fleet.restart(host)
        assert [fleet.serial(host, NSD_PORT) for host in UNBOUND_HOSTS] == [serial, serial]
    finally:
        fleet.start(PRIMARY)


def test_nsd_is_down(deployed):
    """The Unbound beside it answers as before, and has what it missed when the primary could tell NSD."""
    fleet, old = deployed.fleet, deployed.vip
    host = UNBOUND_HOSTS[0]
    secondary, _ = fleet.servers[host]
    secondary.stop()
    deployed.change(hosts=tuple(other for other in RESOLVERS if other != host))
    kept = fleet.ask(host, probe())
    secondary.start()
    caught_up = fleet.wait(deployed.expected(), hosts=(host,), seconds=REJOINED)
    assert kept == answer(old) and caught_up[host] < REJOINED


# ---- half a zone ----


def test_killed_while_writing(deployed):
    """kill -9 in the middle of 10,000 suffixes, several times: the zone file is the old one to the last octet."""
    fleet = deployed.fleet
    before, serial = fleet.zone_file.read_bytes(), fleet.serial(PRIMARY)
    beside = set(fleet.zone_file.parent.iterdir())
    text = fleet_configuration.deployment(next(addresses), fleet_growth.suffixes(10_000))
    written = [fleet.generate_killed(text) for _ in range(5)]
    assert any(written), "dadns was never killed while it wrote"
    assert fleet.zone_file.read_bytes() == before
    fleet.reload_zone()
    assert fleet.serial(PRIMARY) == serial
    assert set(fleet.zone_file.parent.iterdir()) == beside
    deployed.change()


def higher(text, serial):
    """The zone file with the next serial."""
    return text.replace(f" {serial} ", f" {serial + 1} ")


@pytest.mark.parametrize(
    "broken",
    [
        lambda text, serial: higher(text, serial)[:-20],
        lambda text, serial: higher(text, serial)[: text.index("\tSOA\t")],
        lambda text, serial: "",
        lambda text, serial: text.replace(f" {serial} ", f" {serial - 1000} "),
    ],
    ids=["cut in a line", "cut before the SOA", "empty", "lower serial"],
)
def test_broken_file_is_refused(deployed, broken):
    """Whoever put it there: the primary goes on with what it has, and the next run of dadns is taken."""
    fleet = deployed.fleet
    text, serial, sent = fleet.zone_file.read_text(), fleet.serial(PRIMARY), fleet.transfers()
    with pytest.raises(Failure, match="zone-reload"):
        deployed.replace_zone(lambda text: broken(text, serial))
    time.sleep(0.5)
    assert (fleet.serial(PRIMARY), fleet.transfers()) == (serial, sent)
    assert {fleet.ask(host, probe()) for host in RESOLVERS} == {answer(deployed.vip)}
    fleet.zone_file.write_text(text)
    deployed.change()


def test_file_cut_at_a_line_end_is_a_zone(deployed):
    """The limit that the manual states: nothing tells it from a shorter deployment. The next run of dadns mends it."""
    fleet, serial = deployed.fleet, deployed.fleet.serial(PRIMARY)
    last = Query(f"wpad.{CORP}.")
    assert f"wpad.{CORP}\t" in fleet.zone_file.read_text().splitlines()[-2]
    deployed.replace_zone(lambda text: higher("".join(text.splitlines(keepends=True)[:-2]), serial))
    fleet.wait({last: ROGUE})
    deployed.change()
    assert {fleet.ask(host, last) for host in RESOLVERS} == {NXDOMAIN}


# ---- growth ----


@pytest.fixture(scope="module")
def growth(deployed):
    """2,000 suffixes, and back to one."""
    fleet = deployed.fleet
    deployed.vip = "10.0.0.10"
    fleet.roll_out(deployed.text(), {probe(): answer(deployed.vip)})
    found = fleet_growth.grow(fleet, 2_000)
    deployed.change((CORP,))
    return found


@every_host
def test_growth_of_transfers(growth, host):
    """Octets a record, and a change of one suffix stays small however many there are."""
    whole, _ = growth.transferred[host]
    assert whole.kind == "AXFR" and whole.octets < 60 * growth.records
    sizes = {
        name: [transfer.octets for transfer in getattr(growth, name).transfers if transfer.host == host]
        for name in ("added", "address", "removed")
    }
    assert all(len(octets) == 1 for octets in sizes.values()), sizes
    assert sizes["added"][0] < 60 * growth.records
    assert sizes["address"][0] < whole.octets
    assert sizes["removed"][0] < SMALL


@every_host
def test_growth_of_time(growth, host):
    for step in (growth.added, growth.address, growth.removed):
        assert step.arrived[host] < SOON
    assert growth.transferred[host][1] < SOON


@every_host
def test_growth_of_memory(growth, host):
    """Octets a record, of all servers on a host."""
    grown = sum(growth.memory_after[host].values()) - sum(growth.memory_before[host].values())
    assert grown / growth.records < 3000


# ---- around it ----


@pytest.fixture
def sockets():
    """Where servers put their control sockets, which a kill leaves behind; their paths must be short."""
    with tempfile.TemporaryDirectory() as path:
        yield path


def test_nothing_is_left(work, sockets):
    """A run that is killed leaves neither a process nor a namespace."""
    program = (
        "import sys, time; from harness.fleet import Fleet; from harness.fleet_configuration import deployment\n"
        f"with Fleet(sys.argv[1], deployment('10.0.0.10', ['{CORP}'])) as fleet:\n"
        "    print(*(server.process.pid for servers in fleet.servers.values() for server in servers), flush=True)\n"
        "    time.sleep(60)\n"
    )
    command = [sys.executable, "-c", program, work / "killed"]
    environ = os.environ | {"TMPDIR": sockets}
    run = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environ)
    try:
        pids = run.stdout.readline().split()
        assert len(pids) == 8
        namespaces = {os.readlink(f"/proc/{pid}/ns/net") for pid in pids}
        assert len(namespaces) == 6 and namespaces <= network_namespaces()
    finally:
        run.send_signal(signal.SIGKILL)
        run.wait()
        run.stdout.close()
    deadline = time.monotonic() + 10
    while namespaces & network_namespaces() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not namespaces & network_namespaces()


def network_namespaces():
    """Of all living processes, as the kernel names them."""
    found = set()
    for path in pathlib.Path("/proc").glob("[0-9]*/ns/net"):
        try:
            found.add(os.readlink(path))
        except OSError:
            pass
    return found


@pytest.mark.parametrize(
    "text",
    [
        fleet_configuration.knot(fleet_configuration.DEBIAN),
        fleet_configuration.bind_options(),
        fleet_configuration.bind(fleet_configuration.DEBIAN, BIND_HOSTS[0]),
        fleet_configuration.nsd(fleet_configuration.DEBIAN, UNBOUND_HOSTS[0]),
        fleet_configuration.unbound(fleet_configuration.DEBIAN),
    ],
    ids=["knot.conf", "named.conf options", "named.conf", "nsd.conf", "unbound.conf"],
)
def test_manual_shows_what_was_run(text):
    assert f"\n{text}\n" in MANUAL.read_text()
