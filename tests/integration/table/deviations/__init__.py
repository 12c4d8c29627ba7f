"""What each way in is known to do otherwise. Measured, and looked up in the server's source or documentation.

A tuple for each way in, a file for each server. The order matters: a deviation sees what the ones ahead have left.
"""

from .bind import BIND_PLUGIN, BIND_PLUGIN_AUTHORITATIVE, BIND_RPZ
from .dnsmasq import DNSMASQ
from .hosted import BIND_ZONE, KNOT_ZONE, NSD_ZONE
from .knot_resolver import KRESD_RPZ, KRESD_RULES
from .powerdns import RECURSOR_RPZ
from .unbound import UNBOUND_INCLUDE, UNBOUND_MODULE, UNBOUND_RPZ

__all__ = [
    "BIND_PLUGIN",
    "BIND_PLUGIN_AUTHORITATIVE",
    "BIND_RPZ",
    "BIND_ZONE",
    "DNSMASQ",
    "KNOT_ZONE",
    "KRESD_RPZ",
    "KRESD_RULES",
    "NSD_ZONE",
    "RECURSOR_RPZ",
    "UNBOUND_INCLUDE",
    "UNBOUND_MODULE",
    "UNBOUND_RPZ",
]
