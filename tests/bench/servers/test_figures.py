"""The arithmetic, and which targets are judged."""

import random

import figures
import pytest
import ratios
from load import Sample


def samples(*cpu):
    return [Sample(cpu=value, qps=1e6 / value, busy=1.0, lost=0, disturbed=False) for value in cpu]


def measured(ours, other):
    """Both servers of the first target, and nothing else."""
    target = figures.TARGETS[0]
    return {(target.ours, target.kind): samples(*ours), (target.other, target.kind): samples(*other)}


def test_ratio_is_of_the_rounds_not_of_the_medians():
    # The machine was three times slower in the second round and twice slower in the third; the ratio was always 1.1.
    (judged,) = figures.judge(measured((1.1, 3.3, 2.2), (1.0, 3.0, 2.0)))
    assert judged.ratio.value == pytest.approx(1.1)
    assert (judged.ratio.low, judged.ratio.high) == pytest.approx((1.1, 1.1))


def test_one_round_out_of_line_does_not_decide():
    (judged,) = figures.judge(measured((1.1, 1.1, 1.1, 9.0, 1.1), (1.0, 1.0, 1.0, 1.0, 1.0)))
    assert judged.ratio.value == pytest.approx(1.1)
    assert judged.met


@pytest.mark.parametrize("ratio, met", [(1.14, True), (1.15, True), (1.151, False)])
def test_limit_itself_is_met(ratio, met):
    assert figures.TARGETS[0].limit == 1.15
    (judged,) = figures.judge(measured((ratio,) * 3, (1.0,) * 3))
    assert judged.met is met


def test_rounds_that_do_not_pair_are_refused():
    with pytest.raises(ValueError):
        figures.judge(measured((1.0, 1.0), (1.0,)))


def test_targets_of_servers_that_were_not_measured_are_left_out():
    target = figures.TARGETS[0]
    assert figures.judge({(target.ours, target.kind): samples(1.0)}) == []


def test_interval_holds_the_median_and_shrinks_with_rounds():
    numbers = random.Random(7)
    few = [numbers.gauss(1.0, 0.05) for _ in range(10)]
    many = [numbers.gauss(1.0, 0.05) for _ in range(200)]
    widths = []
    for values in (few, many):
        low, high = ratios.interval(values, numbers)
        assert low <= sorted(values)[len(values) // 2] <= high
        assert min(values) <= low and high <= max(values)
        widths.append(high - low)
    assert widths[1] < widths[0] / 2
    # The standard error of the median of 200 normal values is 1.25 * 0.05 / sqrt(200); 95 % are within twice that.
    assert 0.012 < widths[1] < 0.024
