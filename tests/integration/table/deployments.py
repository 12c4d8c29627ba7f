"""Deployment files, and beside each the records that must follow from it.

corp.example.net and emea.corp.example.net are the suffixes throughout: one lies below the other.
"""

import dataclasses
import re

CORP = "directaccess-corpConnectivityHost"
PROBE = "directaccess-WebProbeHost"
NLS = "directaccess-NLS"
ROUTER = "isatap-da"


@dataclasses.dataclass(frozen=True)
class Deployment:
    name: str
    yaml: str
    records: dict  # label → type → addresses; the same under every suffix
    suffixes: tuple = ("corp.example.net",)
    ttl: int = 1200
    negative_ttl: int = 300
    block: tuple = ("isatap",)

    def write(self, directory):
        """Writes the deployment file and returns its path."""
        directory.mkdir(parents=True, exist_ok=True)
        path = directory / f"{self.name}.yaml"
        path.write_text(self.yaml)
        return path

    def spelled(self, suffix):
        """The suffix with the spelling that the file has."""
        return re.search(re.escape(suffix), self.yaml, re.IGNORECASE)[0]

    def __str__(self):
        return self.name


# One server, every option at its default.
SINGLE = Deployment(
    name="single",
    yaml="""\
suffixes: [corp.example.net]
network: ipv4-only
entry-points:
  - name: seattle
    nat64-prefix: fd12:3456:789a:7777::/96
    servers:
      - {name: da1, address: 10.0.0.11}
""",
    records={
        CORP: {"A": ["127.0.0.1"], "AAAA": ["fd12:3456:789a:7777::7f00:1"]},
        PROBE: {"A": ["10.0.0.11"]},
    },
)

# Two servers behind NLB, everything published, two suffixes.
NLB = Deployment(
    name="nlb",
    yaml="""\
suffixes:
  - corp.example.net
  - emea.corp.example.net
network: ipv4-only
ttl: 600
negative-ttl: 60
entry-points:
  - name: seattle
    nat64-prefix: fd12:3456:789a:7777::/96
    servers:
      - {name: da1, address: 10.0.0.11}
      - {name: da2, address: 10.0.0.12}
    load-balancer: {kind: nlb, vip: 10.0.0.10, nlb-mode: multicast}
isatap-router: isatap-da
network-location-server: true
""",
    suffixes=("corp.example.net", "emea.corp.example.net"),
    ttl=600,
    negative_ttl=60,
    records={
        CORP: {"A": ["127.0.0.1"], "AAAA": ["fd12:3456:789a:7777::7f00:1"]},
        PROBE: {"A": ["10.0.0.10"]},
        NLS: {"A": ["10.0.0.10"]},
        ROUTER: {"A": ["10.0.0.10", "10.0.0.11", "10.0.0.12"]},
    },
)

# Three entry points behind external load balancers. Two share a NAT64 prefix; the third's is a /64. The lower suffix is
# listed first, spelled in capitals, and wpad is blocked as well.
MULTISITE = Deployment(
    name="multisite",
    yaml="""\
suffixes: [EMEA.corp.example.net, corp.example.net]
network: ipv4-only
ttl: 86400
negative-ttl: 10800
entry-points:
  - name: seattle
    nat64-prefix: fd12:3456:789a:7777::/96
    servers:
      - {name: sea1, address: 10.1.0.11}
      - {name: sea2, address: 10.1.0.12}
    load-balancer: {kind: external, vip: 10.1.0.10}
  - name: dublin
    nat64-prefix: fd12:3456:789a:8888::/64
    servers:
      - {name: dub1, address: 10.2.0.11}
      - {name: dub2, address: 10.2.0.12}
    load-balancer: {kind: external, vip: 10.2.0.10}
  - name: sydney
    nat64-prefix: fd12:3456:789a:7777::/96
    servers:
      - {name: syd1, address: 10.3.0.11}
network-location-server: true
block: [isatap, wpad]
""",
    suffixes=("corp.example.net", "emea.corp.example.net"),
    ttl=86400,
    negative_ttl=10800,
    block=("isatap", "wpad"),
    records={
        # RFC 6052 section 2.2: in a /64 the address is behind the zero octet of bits 64 to 71.
        CORP: {"A": ["127.0.0.1"], "AAAA": ["fd12:3456:789a:7777::7f00:1", "fd12:3456:789a:8888:7f:0:100:0"]},
        PROBE: {"A": ["10.1.0.10", "10.2.0.10", "10.3.0.11"]},
        NLS: {"A": ["10.1.0.10", "10.2.0.10", "10.3.0.11"]},
    },
)

# Native IPv6, one dual-stack server.
NATIVE = Deployment(
    name="native",
    yaml="""\
suffixes: [corp.example.net]
network: ipv6
ttl: 1
negative-ttl: 1
entry-points:
  - name: seattle
    servers:
      - {name: da1, address: 10.0.0.11, ipv6-address: "2001:db8:1::11"}
isatap-router: isatap-da
network-location-server: true
""",
    ttl=1,
    negative_ttl=1,
    records={
        CORP: {"AAAA": ["::1"]},
        PROBE: {"A": ["10.0.0.11"], "AAAA": ["2001:db8:1::11"]},
        NLS: {"A": ["10.0.0.11"], "AAAA": ["2001:db8:1::11"]},
        ROUTER: {"A": ["10.0.0.11"]},
    },
)

# Native IPv6 behind balancers: one VIP in both families, one in IPv4 alone, whose servers' IPv6 addresses stay private.
NATIVE_BALANCED = Deployment(
    name="native-balanced",
    yaml="""\
suffixes: [corp.example.net, emea.corp.example.net]
network: ipv6
entry-points:
  - name: seattle
    servers:
      - {name: sea1, address: 10.1.0.11, ipv6-address: "2001:db8:1::11"}
      - {name: sea2, address: 10.1.0.12, ipv6-address: "2001:db8:1::12"}
    load-balancer: {kind: nlb, vip: 10.1.0.10, ipv6-vip: "2001:db8:1::10", nlb-mode: unicast}
  - name: dublin
    servers:
      - {name: dub1, address: 10.2.0.11, ipv6-address: "2001:db8:2::11"}
      - {name: dub2, address: 10.2.0.12, ipv6-address: "2001:db8:2::12"}
    load-balancer: {kind: external, vip: 10.2.0.10}
""",
    suffixes=("corp.example.net", "emea.corp.example.net"),
    records={
        CORP: {"AAAA": ["::1"]},
        PROBE: {"A": ["10.1.0.10", "10.2.0.10"], "AAAA": ["2001:db8:1::10"]},
    },
)

ALL = (SINGLE, NLB, MULTISITE, NATIVE, NATIVE_BALANCED)
