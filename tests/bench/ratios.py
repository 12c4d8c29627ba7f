"""Ratios of what was measured side by side, round by round, and how sure they are. Nothing here measures or prints."""

import dataclasses
import random
import statistics

RESAMPLES = 2000  # of the bootstrap
CONFIDENCE = 0.95


@dataclasses.dataclass(frozen=True)
class Ratio:
    value: float  # the median of the rounds' ratios
    low: float  # and the interval that it is in with CONFIDENCE
    high: float


def interval(values, numbers):
    """The bootstrap interval of the median."""
    medians = sorted(statistics.median(numbers.choices(values, k=len(values))) for _ in range(RESAMPLES))
    aside = int(RESAMPLES * (1 - CONFIDENCE) / 2)
    return medians[aside], medians[-1 - aside]


def ratio(ours, others):
    """The n-th value of one and the n-th of the other are of the same round."""
    numbers = random.Random(1)  # equal values, equal intervals
    rounds = [one / two for one, two in zip(ours, others, strict=True)]
    return Ratio(statistics.median(rounds), *interval(rounds, numbers))
