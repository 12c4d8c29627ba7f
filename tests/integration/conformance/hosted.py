"""The zones of an authoritative server: the suffixes, and one of other people's."""

import dns.zone

from harness import upstream

OTHER = "other.example"


def rogue_zones(suffixes):
    """Zone name → file: as upstream has them."""
    return {zone: upstream.PLAIN[zone] for zone in (*suffixes, OTHER)}


def write(directory, suffixes, fragments):
    """The same without the rogue records, each with its fragment where it has one. Returns zone name → file."""
    directory.mkdir(parents=True, exist_ok=True)
    zones = rogue_zones(suffixes)
    for suffix in suffixes:
        text = _without_rogue_records(suffix)
        if suffix in fragments:
            text += f"$INCLUDE {fragments[suffix]}\n"  # NSD 4.6 takes quotes as part of the path
        zones[suffix] = directory / f"{suffix}.zone"
        zones[suffix].write_text(text)
    return zones


def named_statements(zones):
    """Owners that are no hostnames are allowed, as they are in the other servers."""
    return tuple(
        f'zone "{name}" {{ type primary; file "{path}"; check-names ignore; }};' for name, path in zones.items()
    )


def _without_rogue_records(suffix):
    zone = dns.zone.from_file(str(upstream.PLAIN[suffix]), suffix + ".", relativize=False)
    rogue = [
        name
        for name, node in zone.nodes.items()
        if any(rdata.to_text() in upstream.ROGUE for rdataset in node for rdata in rdataset)
    ]
    for name in rogue:
        zone.delete_node(name)
    return zone.to_text(relativize=False)
