"""NSD as the authoritative server behind the resolvers, or as a secondary that hands a zone on."""

import dataclasses

from . import environment
from .client import Query
from .host import LOCAL
from .server import Server


@dataclasses.dataclass
class Settings:
    """Further clauses of the configuration. listen: False: they say at which addresses."""

    clauses: tuple = ()
    listen: bool = True


class Nsd(Server):
    """zones: zone name → zone file."""

    def __init__(self, directory, zones, name="nsd", host=LOCAL, settings=None):
        super().__init__(name, directory, host)
        self.zones = zones
        self.settings = settings or Settings()

    def prepare(self):
        lines = [
            "server:",
            *([f"  ip-address: {self.host.address}@{self.port}"] if self.settings.listen else []),
            "  do-ip6: no",
            "  server-count: 1",
            '  username: ""',
            '  pidfile: ""',
            '  database: ""',
            f'  zonesdir: "{self.directory}"',
            f'  xfrdfile: "{self.directory}/xfrd.state"',
            f'  xfrdir: "{self.directory}"',
            f'  zonelistfile: "{self.directory}/zone.list"',
            "  verbosity: 1",
            "  rrl-ratelimit: 0",  # Debian's default of 200 answers a second would be met
            "remote-control:",
            "  control-enable: no",
        ]
        for zone, path in self.zones.items():
            lines += ["zone:", f'  name: "{zone}"', f'  zonefile: "{path}"']
        lines += self.settings.clauses
        (self.directory / "nsd.conf").write_text("\n".join(lines) + "\n")

    def command(self):
        return [environment.server("nsd"), "-d", "-c", self.directory / "nsd.conf"]

    def ready(self, client):
        """All zones are loaded: NSD answers SERVFAIL for one that is not."""
        client.timeout = 0.5
        return all(client.udp(Query(zone, "SOA", rd=False)).rcode == "NOERROR" for zone in self.zones)
