"""Lines that `dadns runbook` shows, tried where they can be: HAProxy's, and Linux' for a cluster's MAC address."""

import contextlib
import json
import re
import subprocess
import sys
import textwrap
import time

import pytest

from harness import environment
from harness.namespace import Namespace
from harness.probe import CRITICAL, OK, SUFFIX, Site
from harness.process import Process
from test_probe import A, AAAA, EXTERNAL, NLB
from table.deployments import PROBE

BALANCER = "10.0.0.21"  # the address of the host "dublin"


def runbook(directory, text):
    """The runbook of a deployment, as text."""
    path = directory / "deployment.yaml"
    path.write_text(text)
    command = [environment.dadns(), "runbook", path]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=30).stdout


def commands(text, where):
    """The lines that stand below a heading, without their indentation."""
    found = re.search(rf"^ *{re.escape(where)}:\n\n((?: {{4}}.*\n|\n(?= {{4}}))+)", text, re.MULTILINE)
    assert found, f"there is no {where!r}"
    return textwrap.dedent(found[1])


@pytest.fixture(scope="module")
def site():
    with Site() as site:
        yield site


@contextlib.contextmanager
def haproxy(site, directory, configuration):
    """HAProxy on "dublin", whose log is what it writes about itself."""
    path = directory / "haproxy.cfg"
    path.write_text(configuration)
    program = environment.server("haproxy")
    checked = subprocess.run([program, "-c", "-f", path], capture_output=True, text=True, timeout=30)
    assert checked.returncode == 0, checked.stderr
    process = Process("haproxy", [*site["dublin"].wrapper, program, "-db", "-f", path], directory / "haproxy.log")
    try:
        yield process
    finally:
        process.kill()


def until(site, deployment, status, seconds=15):
    """Probes until the exit status is that."""
    deadline = time.monotonic() + seconds
    while True:
        done = site.run(site.command(deployment, "--json"))
        if done.returncode == status or time.monotonic() > deadline:
            assert done.returncode == status, done.stdout
            return json.loads(done.stdout)
        time.sleep(0.2)


def test_haproxy(site, directory):
    """The virtual server for TCP 80 serves the probe as long as one member does."""
    text = runbook(directory, EXTERNAL.replace("vip: 10.0.0.10", f"vip: {BALANCER}"))
    deployment = directory / "deployment.yaml"
    records = A + AAAA + f"{PROBE} A {BALANCER}\n"
    with site.resolver(records, directory=directory):
        assert site.probe(deployment).status == CRITICAL
        with haproxy(site, directory, commands(text, "HAProxy, haproxy.cfg")):
            with site.webs("da2") as (second,):
                with site.webs("da1"):
                    until(site, deployment, OK)
                until(site, deployment, OK)
                assert {host for _, host in second.requests} == {f"{PROBE}.{SUFFIX}"}  # checks and probes alike
            until(site, deployment, CRITICAL)


def test_linux_neighbour(directory):
    text = runbook(directory, NLB.replace("kind: nlb", "kind: nlb, nlb-mode: multicast"))
    namespace = Namespace()
    try:
        namespace.run("ip", "link", "add", "inside", "up", "type", "veth")
        namespace.run("ip", "address", "add", "10.0.0.1/24", "dev", "inside")
        lines = commands(text, "Linux as a router or host of the servers' subnet").replace("YOUR-INTERFACE", "inside")
        namespace.run("sh", "-ec", lines)
        _, shown = namespace.run("ip", "neigh", "show", "10.0.0.10")
        assert shown.split()[:6] == ["10.0.0.10", "dev", "inside", "lladdr", "03:bf:0a:00:00:0a", "PERMANENT"]
    finally:
        namespace.close()


MACS = {"multicast": "03:bf:0a:00:00:0a", "igmp-multicast": "01:00:5e:7f:00:0a"}

# Sends a frame for the VIP to a MAC address from "host1", and prints which of the others get it.
SEND = """
import socket, struct, sys, time
mac = bytes.fromhex(sys.argv[1].replace(":", ""))
def open_at(name):
    opened = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
    opened.bind((name, 0))
    opened.settimeout(0.3)
    return opened
hosts = {name: open_at(name) for name in ("host1", "host2", "host3")}
head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20, 1, 0, 64, 254, 0, bytes((10, 0, 0, 5)), bytes((10, 0, 0, 10)))
total = sum(struct.unpack("!10H", head))
total = (total & 0xffff) + (total >> 16)
head = head[:10] + struct.pack("!H", ~total & 0xffff) + head[12:]
hosts["host1"].send(mac + b"\\2\\0\\0\\0\\0\\1\\x08\\0" + head + bytes(26))
for name in ("host2", "host3"):
    end = time.monotonic() + 0.5
    while time.monotonic() < end:
        try:
            if hosts[name].recv(2000)[:6] == mac:
                print(name)
                break
        except TimeoutError:
            break
"""


def until_reached(namespace, mac, expected, seconds=20):
    """Sends until the frame gets to those hosts, and to no others."""
    deadline = time.monotonic() + seconds
    while True:
        _, shown = namespace.run(sys.executable, "-c", SEND, mac)
        if shown.split() == expected or time.monotonic() > deadline:
            assert shown.split() == expected
            return


@pytest.mark.parametrize("mode", MACS)
def test_linux_bridge(directory, mode):
    """A bridge that snoops and has heard a querier drops the cluster's frames; the lines cure it."""
    text = runbook(directory, NLB.replace("kind: nlb", f"kind: nlb, nlb-mode: {mode}"))
    bridge = ("vlan", "type", "bridge")
    namespace = Namespace()
    try:
        namespace.run("ip", "link", "add", *bridge, "mcast_query_response_interval", "10")
        namespace.run("ip", "link", "set", *bridge, "mcast_querier", "1")
        namespace.run("ip", "link", "set", "vlan", "up")
        for number in "123":
            veth = ("type", "veth", "peer", "name", f"host{number}")
            namespace.run("ip", "link", "add", f"port{number}", "master", "vlan", "up", *veth)
            namespace.run("ip", "link", "set", f"host{number}", "up")
        until_reached(namespace, MACS[mode], [])
        lines = commands(text, "Linux as a bridge of the VLAN, hypervisors included")
        namespace.run("sh", "-ec", lines.replace("YOUR-BRIDGE", "vlan").replace("YOUR-OTHER-PORT", "port3"))
        until_reached(namespace, MACS[mode], ["host2"])
    finally:
        namespace.close()
