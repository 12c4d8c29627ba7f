"""From samples to figures, and the targets they are held against. Nothing here measures or prints.

Results are name of the tool → number of the round → sample, for each zone.
"""

import dataclasses
import statistics

import ratios
import tools
import zones

JUDGED_RECORDS = 10_000_000  # targets about speed are about an enterprise zone of that size
FASTEST_PARSER = "fastest parser"
MIB = 2**20
PEAK_LIMIT = 12.0  # MiB, whatever the zone


@dataclasses.dataclass(frozen=True)
class Target:
    """The time of `one` is so many times that of `other`, at least or at most."""

    one: str
    other: str
    limit: float
    at_least: bool = True
    kind: str = zones.ENTERPRISE
    records: int = JUDGED_RECORDS


TARGETS = (
    Target(tools.KNOT, tools.DADNS, 200),
    Target(tools.LDNS_LOOP, tools.DADNS, 100),
    Target(tools.BIND, tools.DADNS, 400),
    Target(tools.GREP, tools.DADNS, 1.8),
    Target(tools.DADNS, tools.WC, 2, at_least=False),
    Target(FASTEST_PARSER, tools.PORTABLE, 2.5),
    Target(tools.DADNS, tools.GREP, 3, at_least=False, kind=zones.TINY, records=zones.TINY_RECORDS),
)


@dataclasses.dataclass(frozen=True)
class Judged:
    what: str
    limit: float
    at_least: bool
    ratio: ratios.Ratio

    @property
    def met(self):
        return self.ratio.value >= self.limit if self.at_least else self.ratio.value <= self.limit


def seconds(samples):
    """The median of the rounds."""
    return statistics.median(sample.seconds for sample in samples.values())


def peak(samples):
    return max(sample.peak for sample in samples.values())


def ratio(one, other):
    """Of the times of two tools, in the rounds that both took part in."""
    both = sorted(one.keys() & other.keys())
    return ratios.ratio([one[number].seconds for number in both], [other[number].seconds for number in both])


def _fastest_parser(found):
    """The name of the one with least time, or None."""
    measured = [name for name in tools.PARSERS if found.get(name)]
    return min(measured, key=lambda name: seconds(found[name]), default=None)


def _judge(target, results):
    """None where one of them was not measured."""
    for zone, found in results.items():
        if (zone.kind, zone.records) != (target.kind, target.records):
            continue
        name = _fastest_parser(found) if target.one == FASTEST_PARSER else target.one
        if found.get(name) and found.get(target.other):
            suffix = ", tiny" if target.kind == zones.TINY else ""
            title = f"{name} / {target.other}{suffix}"
            return Judged(title, target.limit, target.at_least, ratio(found[name], found[target.other]))
    return None


def _judge_peak(results):
    peaks = [peak(found[tools.DADNS]) / MIB for found in results.values() if found.get(tools.DADNS)]
    if not peaks:
        return None
    worst = max(peaks)
    return Judged(f"{tools.DADNS}, peak memory, MiB", PEAK_LIMIT, False, ratios.Ratio(worst, min(peaks), worst))


def judge(results):
    """(what was judged, number of targets that could not be)."""
    every = [*(_judge(target, results) for target in TARGETS), _judge_peak(results)]
    judged = [one for one in every if one is not None]
    return judged, len(every) - len(judged)
