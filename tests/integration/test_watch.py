"""`dadns watch`: what it tells of servers and files that change, vanish and come back, and how it ends."""

import contextlib
import os
import signal
import subprocess
import time

import pytest

from harness import environment
from harness.audit import zone
from harness.host import Host
from harness.named import Named, Settings
from harness.nsd import Nsd
from harness.scripted import Scripted
from harness.watch import Watch, samples
from table.deployments import CORP, NLS, PROBE, SINGLE, Deployment

SUFFIX = "corp.example.net"
ORIGIN = f"$ORIGIN {SUFFIX}.\n"
SECRET = "Zm9yIHRlc3RzIG9uIGxvb3BiYWNrIG9ubHksIDMyIQ=="
KEY = f'key "operator" {{ algorithm hmac-sha256; secret "{SECRET}"; }};'
WITH_NLS = Deployment(name="nls", yaml=SINGLE.yaml + "network-location-server: true\n", records={})


def at(server):
    return f"{server.host.address}@{server.port}"


@pytest.fixture
def path(directory):
    """A zone file in which all is right."""
    path = directory / "corp.zone"
    path.write_text(ORIGIN + zone(SINGLE))
    return path


def replace(path, text):
    """As an editor does: readers see the old file or the new one."""
    beside = path.with_suffix(".new")
    beside.write_text(text)
    beside.rename(path)


def without_probe():
    return ORIGIN + zone(SINGLE, {(PROBE, "A"): []})


def told(watch, after=0):
    """(change, code) of every line but the first so many."""
    return [(line.change, line.code) for line in watch.lines()[after:]]


def wait_until(is_so, seconds=5):
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


# ---- changes ----


@pytest.fixture
def named(directory):
    """A server with the zone, which the key may update."""
    (directory / "corp.zone").write_text(zone(SINGLE))
    statement = f'zone "{SUFFIX}" {{ type primary; file "{directory}/corp.zone"; allow-update {{ key operator; }}; }};'
    with Named(directory / "named", None, Settings(recursive=False, statements=(KEY, statement))) as server:
        yield server


def update(server, *lines):
    text = "\n".join([f"server {server.host.address} {server.port}", *(f"update {line}" for line in lines), "send", ""])
    command = [environment.tool("nsupdate", "bind9-dnsutils"), "-y", f"hmac-sha256:operator:{SECRET}"]
    subprocess.run(command, input=text, text=True, check=True, timeout=30)


def test_record_deleted_and_restored(directory, named):
    with Watch(directory, SINGLE.write(directory), "--server", at(named)) as watch:
        seen = watch.wait_for_first_look()
        assert told(watch) == [("summary", "")]
        labels = {"kind": "server", "name": f"{PROBE}.{SUFFIX}", "type": "A"}
        assert watch.value("directaccess_record_present", **labels) == 1

        update(named, f"delete {PROBE}.{SUFFIX} A")
        seen = watch.wait_for("new", "web-probe-missing", f"{PROBE}.{SUFFIX} A 10.0.0.11", after=seen)
        assert watch.lines()[-1].severity == "critical"
        watch.look()
        assert watch.value("directaccess_record_present", **labels) == 0
        assert watch.value("directaccess_record_right", **labels) == 0
        assert watch.value("directaccess_findings", severity="critical") == 1

        update(named, f"add {PROBE}.{SUFFIX} 1200 A 10.0.0.11")
        watch.wait_for("gone", "web-probe-missing", after=seen)
        watch.look()
        assert watch.value("directaccess_record_right", **labels) == 1
        assert watch.value("directaccess_record_aging", **labels, state="unknown") == 1
        assert told(watch, 1) == [("new", "web-probe-missing"), ("gone", "web-probe-missing")]


def test_wrong_type_by_type(directory, named):
    """A second address, and one of another type: each is a line of its own, and each goes alone."""
    with Watch(directory, SINGLE.write(directory), "--server", at(named), interval="1h") as watch:
        seen = watch.wait_for_first_look()
        update(named, f"add {PROBE}.{SUFFIX} 1200 A 10.0.0.66", f"add {PROBE}.{SUFFIX} 1200 AAAA fd00::66")
        watch.look()
        assert set(told(watch, seen)) == {("new", "extra-address"), ("new", "aaaa-not-allowed")}
        update(named, f"delete {PROBE}.{SUFFIX} AAAA")
        watch.look()
        assert told(watch, seen + 2) == [("gone", "aaaa-not-allowed")]


def served(directory, text, port=None):
    """NSD, on a port of its own or on one that it had before."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "corp.zone").write_text(text)
    return Nsd(directory, {SUFFIX: directory / "corp.zone"}, host=Host(port=port))


def test_server_vanishes_and_comes_back(directory):
    """What it had is neither gone nor told again; what has changed meanwhile is told when it is back."""
    probe = {"name": f"{PROBE}.{SUFFIX}", "type": "A"}
    with contextlib.ExitStack() as stack:
        with served(directory / "one", without_probe()) as server:
            options = ("--server", at(server), "--timeout", 1)
            watch = stack.enter_context(Watch(directory, SINGLE.write(directory), *options, interval="1h"))
            watch.wait_for_first_look()
            assert told(watch) == [("found", "web-probe-missing"), ("summary", "")]
            success = watch.value("directaccess_record_last_success_timestamp_seconds", **probe)

        for _ in range(3):
            watch.look()
        assert told(watch, 2) == [("failed", "")]
        assert watch.lines()[-1].severity == "unknown" and "Connection refused" in watch.lines()[-1].what
        assert watch.value("directaccess_source_up") == 0
        assert watch.value("directaccess_record_present", **probe) is None
        assert watch.value("directaccess_record_last_success_timestamp_seconds", **probe) == success
        assert watch.value("directaccess_source_last_success_timestamp_seconds") == success

        with served(directory / "two", without_probe(), server.port):
            time.sleep(1)  # a success is told to the second
            watch.look()
            assert told(watch, 3) == [("back", "")]
            assert watch.value("directaccess_source_up") == 1
            assert watch.value("directaccess_record_last_success_timestamp_seconds", **probe) > success

        watch.look()
        with served(directory / "three", zone(SINGLE), server.port):
            watch.look()
        assert told(watch, 4) == [("failed", ""), ("back", ""), ("gone", "web-probe-missing")]


def test_server_falls_silent(directory):
    with served(directory / "nsd", zone(SINGLE)) as server:
        options = ("--server", at(server), "--timeout", 1)
        with Watch(directory, SINGLE.write(directory), *options, interval="1h") as watch:
            seen = watch.wait_for_first_look()
            os.killpg(server.process.pid, signal.SIGSTOP)
            watch.look()
            os.killpg(server.process.pid, signal.SIGCONT)
            watch.look()
            assert told(watch, seen) == [("failed", ""), ("back", "")]


def test_one_source_fails_beside_another(directory, path):
    with Scripted() as gone:
        address = gone.address
    with Watch(directory, SINGLE.write(directory), "--zone-file", path, "--server", address) as watch:
        seen = watch.wait_for_first_look()
        replace(path, without_probe())
        watch.wait_for("new", "web-probe-missing", f"zone file {path}", after=seen)
        assert told(watch) == [("failed", ""), ("summary", ""), ("new", "web-probe-missing")]
        assert watch.value("directaccess_source_up", kind="zone-file") == 1
        assert watch.value("directaccess_source_up", kind="server") == 0


# ---- the files ----


def test_bad_deployment_meanwhile(directory, path):
    """The last good one stays in force, and says so once; a better one is taken at the next look."""
    deployment = SINGLE.write(directory)
    with Watch(directory, deployment, "--zone-file", path) as watch:
        seen = watch.wait_for_first_look()
        replace(deployment, "suffixes: [corp.example.net]\nnetwork: ipv5\n")
        seen = watch.wait_for("failed", what=f'{deployment}: network: "ipv5"', after=seen)
        replace(path, without_probe())
        seen = watch.wait_for("new", "web-probe-missing", after=seen)
        wait_until(lambda: watch.value("directaccess_deployment_loaded") == 0)

        replace(deployment, WITH_NLS.yaml)
        watch.wait_for("new", "nls-missing", after=seen)
        assert told(watch, seen)[:2] == [("back", ""), ("changed", "")]
        assert sum(change == "failed" for change, _ in told(watch)) == 1
        wait_until(lambda: watch.value("directaccess_deployment_loaded") == 1)
        assert watch.value("directaccess_record_present", name=f"{NLS}.{SUFFIX}", type="A") == 0
        assert watch.value("directaccess_record_present", name=f"{CORP}.{SUFFIX}", type="A") == 1


def test_sighup_looks_now(directory, path):
    with Watch(directory, SINGLE.write(directory), "--zone-file", path, interval="1h") as watch:
        watch.wait_for_first_look()
        replace(path, without_probe())
        time.sleep(0.5)
        assert told(watch) == [("summary", "")]
        watch.signal(signal.SIGHUP)
        watch.wait_for("new", "web-probe-missing", seconds=10)


def test_sighup_in_the_midst_of_a_round(directory):
    """What has changed since this round began is seen by another one behind it."""
    with Scripted() as server:
        options = ("--server", server.address, "--timeout", 1)
        with Watch(directory, SINGLE.write(directory), *options, interval="1h") as watch:
            wait_until(lambda: server.questions["udp"] > 0)
            watch.signal(signal.SIGHUP)
            watch.wait_for_first_look()
            wait_until(lambda: watch.value("directaccess_watch_rounds_total") == 2)


# ---- rounds ----


@pytest.mark.parametrize("number", (signal.SIGTERM, signal.SIGINT))
def test_ends_in_the_midst_of_a_round(directory, number):
    """The server is silent, and the round would take minutes."""
    with Scripted() as server:
        with Watch(directory, SINGLE.write(directory), "--server", server.address, "--timeout", 100) as watch:
            wait_until(lambda: server.questions["udp"] > 0)
            watch.wait_for("late", seconds=3)  # the interval is over, and the round is not
            for meant_for_all in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                os.kill(watch.child(), meant_for_all)  # whose end is for the watch to decide
            started = time.monotonic()
            watch.signal(number)
            assert watch.process.wait(30) == 0
            assert time.monotonic() - started < 20
            assert told(watch) == [("late", "")]


def test_once_ended_by_a_signal_is_unknown(directory):
    with Scripted() as server:
        command = [environment.dadns(), "watch", "--once", "--server", server.address, "--timeout", "100"]
        with subprocess.Popen([*command, SINGLE.write(directory)], stderr=subprocess.PIPE, text=True) as child:
            wait_until(lambda: server.questions["udp"] > 0)
            child.terminate()
            assert "a signal came before all was looked at" in child.communicate(timeout=5)[1]
            assert child.returncode == 3


def test_looks_end_with_the_watch(directory):
    """SIGKILL leaves nobody the time to clean up."""
    with Scripted() as server:
        with Watch(directory, SINGLE.write(directory), "--server", server.address, "--timeout", 100) as watch:
            wait_until(lambda: watch.child() is not None and server.questions["udp"] > 0)
            watch.signal(signal.SIGKILL)
            wait_until(lambda: not watch.process.running())
            assert watch.nothing_left()


def test_outlives_a_crash_of_a_round(directory, path):
    """Whatever goes wrong in a round is told, and the next begins."""
    with Scripted() as server:
        options = ("--zone-file", path, "--server", server.address, "--timeout", 100)
        with Watch(directory, SINGLE.write(directory), *options, interval=3) as watch:
            wait_until(lambda: server.questions["udp"] > 0)
            os.kill(watch.child(), signal.SIGKILL)
            seen = watch.wait_for("failed", what="round: the process that looked was ended by signal 9")
            wait_until(lambda: watch.metrics_path.exists())
            assert watch.value("directaccess_watch_failed_rounds_total") == 1
            assert watch.value("directaccess_source_up", kind="zone-file") == 0
            wait_until(lambda: watch.child() is not None)
            os.kill(watch.child(), signal.SIGKILL)
            wait_until(lambda: watch.value("directaccess_watch_failed_rounds_total") == 2)
            assert told(watch, seen) == []  # it is known


def test_rounds_do_not_overlap(directory):
    """A round that takes longer than the interval is followed by the next, one at a time; that is told once."""
    with Scripted() as server:
        with Watch(directory, SINGLE.write(directory), "--server", server.address, "--timeout", 2) as watch:
            watch.wait_for("summary", seconds=20)
            wait_until(watch.metrics_path.exists)
            rounds, started = watch.value("directaccess_watch_rounds_total"), time.monotonic()
            wait_until(lambda: watch.value("directaccess_watch_rounds_total") == rounds + 2, seconds=20)
            assert time.monotonic() - started > 2 * watch.value("directaccess_watch_last_round_duration_seconds") - 0.5
            assert told(watch) == [("late", ""), ("failed", ""), ("summary", "")]
            assert watch.value("directaccess_watch_last_round_duration_seconds") > 1


def test_memory_does_not_grow(directory, path):
    with Watch(directory, SINGLE.write(directory), "--zone-file", path, interval="1h") as watch:
        watch.wait_for_first_look()
        texts = ORIGIN + zone(SINGLE), without_probe()
        for number in range(50):
            replace(path, texts[number % 2])
            watch.look()
        before = watch.memory()
        for number in range(200):
            replace(path, texts[number % 2])
            watch.look()
        assert watch.memory() - before < 100  # KiB: half of one a round
        assert watch.value("directaccess_watch_rounds_total") >= 250


# ---- output ----


def test_metrics_are_never_half_written(directory, path):
    """Read as fast as they are written."""
    with Watch(directory, SINGLE.write(directory), "--zone-file", path, interval="1h") as watch:
        watch.wait_for_first_look()
        whole, seen = len(watch.metrics()), set()
        deadline = time.monotonic() + 60
        while len(seen) <= 20 and time.monotonic() < deadline:
            watch.signal(signal.SIGHUP)
            for _ in range(5):
                read = samples(watch.metrics_path.read_text())
                assert len(read) == whole
                seen.add(read["directaccess_watch_rounds_total", ()])
        assert len(seen) > 20


def test_metrics_that_cannot_be_written(directory, path):
    """It is told once, and the watch goes on."""
    beside = directory / "elsewhere"
    beside.mkdir()
    with Watch(directory, SINGLE.write(directory), "--zone-file", path, metrics=beside / "watch.prom") as watch:
        seen = watch.wait_for_first_look()
        beside.rename(directory / "gone")
        seen = watch.wait_for("failed", what=f"metrics {beside}/watch.prom: cannot be written", after=seen)
        replace(path, without_probe())
        seen = watch.wait_for("new", "web-probe-missing", after=seen)
        (directory / "gone").rename(beside)
        watch.wait_for("back", what="metrics", after=seen)
        assert [change for change, _ in told(watch)].count("failed") == 1


def test_journal(directory, path):
    """Where standard output is the journal, lines have its priorities, and no time of their own."""
    log = directory / "watch.log"
    log.touch()
    stream = {"JOURNAL_STREAM": f"{log.stat().st_dev}:{log.stat().st_ino}"}
    path.write_text(without_probe())
    with Watch(directory, SINGLE.write(directory), "--zone-file", path, environ=stream) as watch:
        watch.process.wait_for_log("summary")
        lines = watch.process.log().splitlines()
        assert lines[0].startswith("<2>critical found zone file ") and lines[0].endswith(" [web-probe-missing]")
        assert lines[1].startswith("<2>critical summary 1 source, every 1 s: 1 critical")


def test_standard_output_that_is_full(directory, path):
    command = [environment.dadns(), "watch", SINGLE.write(directory), "--zone-file", path]
    with open("/dev/full", "w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, timeout=10)
    assert done.returncode == 3
    assert done.stderr == "dadns: standard output: cannot be written: No space left on device\n"
