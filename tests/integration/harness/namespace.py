"""Hosts in network namespaces of their own, joined by a bridge in one more: the machine's network stays as it is.

A namespace here has neither name nor process. This process holds it open, so that it is gone, with all that was made in
it, when this process and the servers inside have ended, however that happened.
"""

import contextlib
import ctypes
import dataclasses
import os
import subprocess

from . import environment
from .host import Host

BRIDGE = "bridge0"
INTERFACE = "eth0"  # of every host
DNS_PORT = 53

_CLONE_NEWNET = 0x40000000  # linux/sched.h
_OWN = "/proc/thread-self/ns/net"
_libc = ctypes.CDLL(None, use_errno=True)  # os.unshare() and os.setns() came with Python 3.12


class Namespace:
    """A new network namespace, its loopback interface up."""

    def __init__(self):
        with _returning():
            _call("unshare", _CLONE_NEWNET)
            self._descriptor = os.open(_OWN, os.O_RDONLY | os.O_CLOEXEC)
        self.run("ip", "link", "set", "lo", "up")

    @property
    def path(self):
        """Names it for other processes, as long as this one has it open."""
        return f"/proc/{os.getpid()}/fd/{self._descriptor}"

    @property
    def wrapper(self):
        """A command that runs the rest of its line inside, in its own place: the process stays the same."""
        return (environment.tool("nsenter", "util-linux"), f"--net={self.path}")

    @contextlib.contextmanager
    def entered(self):
        """The calling thread is inside for that long; what it opens stays inside."""
        with _returning():
            _call("setns", self._descriptor, _CLONE_NEWNET)
            yield

    def run(self, *command, seconds=30, check=True):
        """Runs a command inside. Returns (exit status, output); with check, an error of it is an exception."""
        command = [*self.wrapper, *map(str, command)]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=seconds)
        if check and done.returncode != 0:
            raise environment.Missing(f"{' '.join(command)}: {done.stderr}{done.stdout}")
        return done.returncode, done.stdout + done.stderr

    def close(self):
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


@dataclasses.dataclass(frozen=True)
class NetworkHost(Host):
    """A host on a Network: its address and port 53 are its own."""

    port: int = DNS_PORT
    name: str = ""
    namespace: Namespace = None

    def socket(self, kind):
        with self.namespace.entered():
            return super().socket(kind)

    def seen_from(self, other):
        """This address, for a client on another host."""
        return dataclasses.replace(self, namespace=other.namespace)

    def at(self, **changes):
        """Another address or port of this host."""
        return dataclasses.replace(self, **changes)


class Network:
    """Hosts by name, every one with a cable to one bridge. addresses: name → IPv4 address, all in one /24."""

    def __init__(self, addresses):
        self._stack = contextlib.ExitStack()
        try:
            self._bridge = self._namespace()
            self._bridge.run("ip", "link", "add", BRIDGE, "up", "type", "bridge")
            self.hosts = {name: self._host(name, address) for name, address in addresses.items()}
        except BaseException:
            self.close()
            raise

    def __getitem__(self, name):
        return self.hosts[name]

    def cut(self, name):
        """Pulls the cable out of the bridge: the host keeps its address and sees that the line is dead."""
        self._bridge.run("ip", "link", "set", name, "down")

    def join(self, name):
        self._bridge.run("ip", "link", "set", name, "up")

    def close(self):
        self._stack.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _namespace(self):
        namespace = Namespace()
        self._stack.callback(namespace.close)
        return namespace

    def _host(self, name, address):
        namespace = self._namespace()
        cable = ("type", "veth", "peer", "name", INTERFACE, "netns", namespace.path)
        self._bridge.run("ip", "link", "add", name, *cable)
        self._bridge.run("ip", "link", "set", name, "master", BRIDGE, "up")
        namespace.run("ip", "address", "add", f"{address}/24", "dev", INTERFACE)
        namespace.run("ip", "link", "set", INTERFACE, "up")
        return NetworkHost(address=address, wrapper=namespace.wrapper, name=name, namespace=namespace)


@contextlib.contextmanager
def _returning():
    """Brings the calling thread back to the network namespace that it is in."""
    before = os.open(_OWN, os.O_RDONLY | os.O_CLOEXEC)
    try:
        yield
    finally:
        try:
            _call("setns", before, _CLONE_NEWNET)
        finally:
            os.close(before)


def _call(function, *arguments):
    if getattr(_libc, function)(*arguments) != 0:
        reason = os.strerror(ctypes.get_errno())
        raise environment.Missing(f"{function}: {reason}; network namespaces need root")
