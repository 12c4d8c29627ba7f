"""From samples to figures: medians, ratios of what was measured side by side, and the targets they are held against.

Nothing here measures, prints or knows a server.
"""

import dataclasses
import statistics

import ratios

MODULE, LOCAL_DATA, UNBOUND = "Unbound module", "Unbound local-data", "Unbound without us"
PLUGIN, ZONE, RPZ, BIND = "BIND plugin", "BIND plain zone", "BIND RPZ", "BIND without us"


@dataclasses.dataclass(frozen=True)
class Target:
    """The CPU time a query of `ours` is at most `limit` times that of `other`, with this kind of names."""

    ours: str
    other: str
    kind: str
    limit: float


TARGETS = (
    Target(MODULE, LOCAL_DATA, "positive", 1.15),
    Target(MODULE, LOCAL_DATA, "NXDOMAIN", 1.18),
    Target(MODULE, LOCAL_DATA, "NODATA", 1.18),
    Target(MODULE, RPZ, "positive", 0.60),
    Target(MODULE, RPZ, "NXDOMAIN", 0.60),
    Target(MODULE, RPZ, "NODATA", 0.60),
    Target(MODULE, UNBOUND, "unrelated, cached", 1.01),
    Target(MODULE, UNBOUND, "unrelated, new", 1.01),
    Target(PLUGIN, ZONE, "positive", 1.00),
    Target(PLUGIN, ZONE, "NXDOMAIN", 1.00),
    Target(PLUGIN, ZONE, "NODATA", 1.00),
    Target(PLUGIN, BIND, "unrelated, cached", 1.01),
    Target(PLUGIN, BIND, "unrelated, new", 1.01),
)


@dataclasses.dataclass(frozen=True)
class Judged:
    target: Target
    ratio: ratios.Ratio

    @property
    def met(self):
        return self.ratio.value <= self.target.limit


def judge(samples):
    """Holds (server, kind) → samples against the targets; those whose servers were not measured are left out.

    The n-th sample of one server and the n-th of the other are of the same round.
    """
    judged = []
    for target in TARGETS:
        ours, other = (samples.get((name, target.kind)) for name in (target.ours, target.other))
        if ours and other:
            times = ([sample.cpu for sample in samples] for samples in (ours, other))
            judged.append(Judged(target, ratios.ratio(*times)))
    return judged


def median(samples, field):
    return statistics.median(getattr(sample, field) for sample in samples)
