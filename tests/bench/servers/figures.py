"""From samples to figures: medians, ratios of what was measured side by side, and the targets they are held against.

Nothing here measures, prints or knows a server.
"""

import dataclasses
import random
import statistics

RESAMPLES = 2000  # of the bootstrap
CONFIDENCE = 0.95

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
    ratio: float  # the median of the rounds' ratios
    low: float  # and the interval that it is in with CONFIDENCE
    high: float

    @property
    def met(self):
        return self.ratio <= self.target.limit


def interval(values, numbers):
    """The bootstrap interval of the median."""
    medians = sorted(statistics.median(numbers.choices(values, k=len(values))) for _ in range(RESAMPLES))
    aside = int(RESAMPLES * (1 - CONFIDENCE) / 2)
    return medians[aside], medians[-1 - aside]


def judge(samples):
    """Holds (server, kind) → samples against the targets; those whose servers were not measured are left out.

    The n-th sample of one server and the n-th of the other are of the same round.
    """
    numbers = random.Random(1)  # equal samples, equal intervals
    judged = []
    for target in TARGETS:
        ours, other = (samples.get((name, target.kind)) for name in (target.ours, target.other))
        if ours and other:
            ratios = [one.cpu / two.cpu for one, two in zip(ours, other, strict=True)]
            judged.append(Judged(target, statistics.median(ratios), *interval(ratios, numbers)))
    return judged


def median(samples, field):
    return statistics.median(getattr(sample, field) for sample in samples)
