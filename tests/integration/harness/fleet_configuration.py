"""The configuration that makes a fleet out of servers: what is added to each one's own.

The tests and the demonstration run it with directories of theirs; the manual's fleet chapter shows it with Debian's,
and test_fleet compares.
"""

import dataclasses

ZONE = "directaccess.rpz"
PRIMARY = "primary"
BIND_HOSTS = ("r1", "r2")
UNBOUND_HOSTS = ("r3", "r4")
RESOLVERS = BIND_HOSTS + UNBOUND_HOSTS

NETWORK = "198.51.100.0/24"  # RFC 5737
ADDRESSES = {PRIMARY: "198.51.100.1"} | {name: f"198.51.100.{11 + i}" for i, name in enumerate(RESOLVERS)}
NSD_PORT = 5354  # beside Unbound, which has port 53

KEY_ALGORITHM = "hmac-sha256"


@dataclasses.dataclass(frozen=True)
class Site:
    """What differs between two fleets: directories that the servers may write to, and secrets by name of the host."""

    knot: str
    bind: str
    nsd: str
    unbound: str
    secrets: dict


# Debian's directories. A reader makes secrets of his own, with tsig-keygen.
DEBIAN = Site(
    knot="/var/lib/knot",
    bind="/var/cache/bind",
    nsd="/var/lib/nsd",
    unbound="/var/lib/unbound",
    secrets={name: f"SECRET-OF-{name.upper()}" for name in RESOLVERS},
)


def deployment(vip, suffixes):
    """A deployment file."""
    return f"""\
suffixes:
{"".join(f"  - {suffix}{chr(10)}" for suffix in suffixes)}network: ipv4-only
entry-points:
  - name: seattle
    nat64-prefix: fd12:3456:789a:7777::/96
    servers:
      - {{name: da1, address: 10.0.0.11}}
      - {{name: da2, address: 10.0.0.12}}
    load-balancer: {{kind: nlb, vip: {vip}, nlb-mode: multicast}}
isatap-router: isatap-da
block: [isatap, wpad]
"""


def key_name(host):
    return f"{host}.fleet"


def zone_file(site):
    """Where the primary finds what `dadns generate --format rpz --output` wrote."""
    return f"{site.knot}/{ZONE}.zone"


def knot(site):
    """For knot.conf of the primary."""
    keys = [
        f"  - id: {key_name(name)}\n    algorithm: {KEY_ALGORITHM}\n    secret: {site.secrets[name]}"
        for name in RESOLVERS
    ]
    remotes = [
        f"  - id: {name}\n    address: {ADDRESSES[name]}@{NSD_PORT if name in UNBOUND_HOSTS else 53}\n"
        f"    key: {key_name(name)}"
        for name in RESOLVERS
    ]
    fleet = f"[{', '.join(RESOLVERS)}]"
    return "\n".join(
        [
            "server:",
            "    tcp-remote-io-timeout: 500",
            "",
            "key:",
            *keys,
            "",
            "remote:",
            *remotes,
            "",
            "acl:",
            "  - id: fleet",
            f"    remote: {fleet}",
            "    action: transfer",
            "",
            "zone:",
            f"  - domain: {ZONE}",
            f"    file: {zone_file(site)}",
            "    zonefile-sync: -1",
            "    zonefile-load: difference",
            "    journal-content: all",
            "    acl: fleet",
            f"    notify: {fleet}",
            "    retry-max-interval: 15",
        ]
    )


def bind_options():
    """For the options statement of named.conf."""
    return "\n".join(
        [
            f'response-policy {{ zone "{ZONE}" max-policy-ttl 86400 log no; }}',
            "    qname-wait-recurse no recursive-only no break-dnssec yes min-update-interval 1;",
        ]
    )


def bind(site, host):
    """For named.conf, behind options."""
    key = key_name(host)
    return "\n".join(
        [
            f'key "{key}" {{ algorithm {KEY_ALGORITHM}; secret "{site.secrets[host]}"; }};',
            f'zone "{ZONE}" {{',
            "    type secondary;",
            f'    primaries {{ {ADDRESSES[PRIMARY]} key "{key}"; }};',
            f'    file "{site.bind}/{ZONE}";',
            "    allow-transfer { none; };",
            "};",
        ]
    )


def nsd(site, host):
    """For nsd.conf, whole clauses."""
    address, primary, key = ADDRESSES[host], ADDRESSES[PRIMARY], key_name(host)
    return "\n".join(
        [
            "server:",
            f"    ip-address: 127.0.0.1@{NSD_PORT}",
            f"    ip-address: {address}@{NSD_PORT}",
            "    zonefiles-write: 10",
            "key:",
            f"    name: {key}",
            f"    algorithm: {KEY_ALGORITHM}",
            f'    secret: "{site.secrets[host]}"',
            "zone:",
            f"    name: {ZONE}",
            f"    zonefile: {site.nsd}/{ZONE}.zone",
            f"    request-xfr: {primary} {key}",
            f"    allow-notify: {primary} {key}",
            "    store-ixfr: yes",
            "    provide-xfr: 127.0.0.1 NOKEY",
            "    notify: 127.0.0.1 NOKEY",
        ]
    )


def unbound(site):
    """For unbound.conf, whole clauses."""
    return "\n".join(
        [
            "server:",
            "    interface: 127.0.0.1",
            '    module-config: "respip validator iterator"',
            "rpz:",
            f"    name: {ZONE}",
            f"    primary: 127.0.0.1@{NSD_PORT}",
            f"    zonefile: {site.unbound}/{ZONE}.zone",
            "    for-downstream: yes",
        ]
    )
