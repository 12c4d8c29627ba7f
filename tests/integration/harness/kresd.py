"""Knot Resolver. Everything is forwarded to the upstream server, so that nothing is ever asked elsewhere.

kresd finds its Lua under compiled-in paths below /usr, and the package is unpacked, not installed: it runs in a mount
namespace of its own, in which the unpacked files lie over /usr.
"""

import dataclasses

from . import environment
from .client import Query
from .host import LOCAL
from .server import Server

OVERLAY = 'mount -t overlay overlay -o "lowerdir=$1/usr:/usr" /usr && shift && exec "$@"'


@dataclasses.dataclass
class Settings:
    """What differs between the kresd of the tests."""

    lua: tuple = ()  # further lines of the configuration, ahead of the rule that forwards


class Kresd(Server):
    def __init__(self, directory, upstream, settings=None, name="kresd", host=LOCAL):
        super().__init__(name, directory, host)
        self.upstream = upstream
        self.settings = settings or Settings()

    @property
    def configuration(self):
        return self.directory / f"{self.name}.conf"

    @property
    def _cache(self):
        return self.directory / f"{self.name}.cache"

    def prepare(self):
        self._cache.mkdir(exist_ok=True)
        lines = [
            f"net.listen('{self.host.address}', {self.port}, {{ kind = 'dns' }})",
            "net.ipv6 = false",
            "log_target('stderr')",
            "cache.size = 10 * MB",
            # What asks the root by itself.
            "trust_anchors.remove('.')",
            *(f"modules.unload('{name}')" for name in ("ta_signal_query", "priming", "detect_time_skew")),
            *self.settings.lua,
            f"policy.add(policy.all(policy.STUB('{self.upstream.host.address}@{self.upstream.port}')))",
        ]
        self.configuration.write_text("\n".join(lines) + "\n")

    def command(self):
        return [
            *environment.unshare("--mount"),
            "sh", "-c", OVERLAY, "sh", environment.servers(),
            "/usr/sbin/kresd", "-n", "-c", self.configuration, self._cache,
        ]

    def environ(self):
        return {"KRESD_NO_LISTEN": "1"}  # on nothing but the address above: no control socket

    def ready(self, client):
        """What it answers without looking at the name: it refuses queries that do not ask for recursion."""
        client.timeout = 0.5
        return client.udp(Query(".", "NS", rd=False)).rcode == "REFUSED"
