"""What a small Active Directory holds, for harness.ldap to serve; and audits of it with a password."""

import dataclasses
import struct
import time

from table.deployments import CORP, PROBE, SINGLE

from . import ldap
from .audit import audit

TIMEOUT = 1  # seconds, of dadns
PASSWORD = "secret of tests"

DOMAIN = "DC=corp,DC=example,DC=net"
ROOT = {
    "defaultNamingContext": [DOMAIN],
    "rootDomainNamingContext": [DOMAIN],
    "configurationNamingContext": [f"CN=Configuration,{DOMAIN}"],
}
CONTAINERS = {
    "DomainDnsZones": f"CN=MicrosoftDNS,DC=DomainDnsZones,{DOMAIN}",
    "ForestDnsZones": f"CN=MicrosoftDNS,DC=ForestDnsZones,{DOMAIN}",
    "System": f"CN=MicrosoftDNS,CN=System,{DOMAIN}",
}
ZONE = "corp.example.net"
ZONE_DN = f"DC={ZONE},{CONTAINERS['DomainDnsZones']}"


def address(octets, stamp=0, kind=1):
    """A value of dnsRecord: TTL 1200, rank of the zone's own data."""
    head = struct.pack("<HHBBHI", len(octets), kind, 5, 0xF0, 0, 1)
    return head + struct.pack(">I", 1200) + struct.pack("<II", 0, stamp) + octets


CONNECTIVITY = [address(bytes([127, 0, 0, 1])), address(bytes.fromhex("fd123456789a7777000000007f000001"), kind=28)]
WEB = [address(bytes([10, 0, 0, 11]))]


def node(name, values, tombstoned=False, zone_dn=ZONE_DN):
    mark = {"dNSTombstoned": ["TRUE"]} if tombstoned else {}
    return f"DC={name},{zone_dn}", {"name": [name], "dnsRecord": values, **mark}


def zone(container="DomainDnsZones", name=ZONE, properties=()):
    return f"DC={name},{CONTAINERS[container]}", {"name": [name], "dNSProperty": list(properties)}


def contents(nodes=None, zones=None):
    """What a directory holds: the records of SINGLE if nothing else is said."""
    held = {"": [("", ROOT)], CONTAINERS["DomainDnsZones"]: [zone()] if zones is None else zones}
    held[ZONE_DN] = [node(CORP, CONNECTIVITY), node(PROBE, WEB)] if nodes is None else nodes
    return held


@dataclasses.dataclass
class Bench:
    """Audits of a server that runs a script, which has the certificate."""

    directory: object
    certificate: ldap.Certificate

    def password_file(self, octets=PASSWORD.encode() + b"\n"):
        path = self.directory / "password"
        path.write_bytes(octets)
        path.chmod(0o600)
        return path

    def audit(self, script, scheme="ldaps", *options):
        """Returns the server, what came of the audit, and the seconds it took."""
        login = ("--user", "reader", "--password-file", self.password_file(), "--ca-file", self.certificate.path)
        with ldap.Server(script, self.certificate) as server:
            begun = time.monotonic()
            deployment = SINGLE.write(self.directory)
            done = audit(deployment, "--directory", server.url(scheme), *login, *options, timeout=TIMEOUT)
            return server, done, time.monotonic() - begun
