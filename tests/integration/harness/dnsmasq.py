"""dnsmasq as a forwarder of the upstream server; neither /etc/hosts nor /etc/resolv.conf is read."""

import dataclasses

from . import environment
from .client import Query
from .host import LOCAL
from .server import Server


@dataclasses.dataclass
class Settings:
    """What differs between the dnsmasq of the tests."""

    lines: tuple = ()  # further lines of the configuration


class Dnsmasq(Server):
    def __init__(self, directory, upstream, settings=None, name="dnsmasq", host=LOCAL):
        super().__init__(name, directory, host)
        self.upstream = upstream
        self.settings = settings or Settings()

    @property
    def configuration(self):
        return self.directory / f"{self.name}.conf"

    def prepare(self):
        lines = [
            f"listen-address={self.host.address}",
            f"port={self.port}",
            "bind-interfaces",
            "user=root",
            "pid-file=",
            "no-resolv",
            "no-hosts",
            f"server={self.upstream.host.address}#{self.upstream.port}",
            *self.settings.lines,
        ]
        self.configuration.write_text("\n".join(lines) + "\n")

    def command(self):
        return [
            environment.server("dnsmasq"),
            "--keep-in-foreground",
            "--log-facility=-",
            f"--conf-file={self.configuration}",
        ]

    def ready(self, client):
        """A name that it answers about itself."""
        client.timeout = 0.5
        return client.udp(Query("version.bind.", "TXT", "CH")).rcode == "NOERROR"
