"""The arithmetic, which targets are judged, and in which rounds programs take part."""

import figures
import measure
import pathlib
import pytest
import rounds
import tools
import zones


def samples(*seconds, peak=1 << 20):
    return {
        number: measure.Sample(seconds=value, peak=peak, cold=False, disturbed=False)
        for number, value in enumerate(seconds)
    }


def zone(kind=zones.ENTERPRISE, records=figures.JUDGED_RECORDS):
    return zones.Zone(kind, records, pathlib.Path("/nowhere"), 1, 1)


def tool(name, slow):
    return tools.Tool(name, command=None, fault=None, kinds=zones.ALL, slow=slow)


def test_ratio_is_of_the_rounds_that_both_took_part_in():
    # The machine was three times slower in round 1, and the slow program did not run in round 2.
    ratio = figures.ratio(samples(100.0, 300.0), samples(1.0, 3.0, 7.0))
    assert (ratio.value, ratio.low, ratio.high) == pytest.approx((100, 100, 100))


@pytest.mark.parametrize("grep, met", [(1.79, False), (1.8, True), (2.5, True)])
def test_at_least(grep, met):
    (speed, _), _ = figures.judge({zone(): {tools.DADNS: samples(1.0), tools.GREP: samples(grep)}})
    assert (speed.what, speed.met) == ("grep -ci directaccess / dadns audit", met)


@pytest.mark.parametrize("dadns, met", [(2.0, True), (2.01, False)])
def test_at_most(dadns, met):
    (speed, _), _ = figures.judge({zone(): {tools.DADNS: samples(dadns), tools.WC: samples(1.0)}})
    assert (speed.what, speed.met) == ("dadns audit / wc -l", met)


def test_speed_is_judged_at_one_size_only():
    (peak,), left_out = figures.judge({zone(records=1000): {tools.DADNS: samples(1.0), tools.GREP: samples(9.0)}})
    assert (peak.what, left_out) == ("dadns audit, peak memory, MiB", len(figures.TARGETS))


def test_portable_way_is_held_against_the_fastest_parser():
    found = {tools.PORTABLE: samples(1.0), tools.KNOT: samples(4.0), tools.LDNS_LOOP: samples(3.0)}
    (speed,), _ = figures.judge({zone(): found})
    assert speed.what == "ldns loop / scan, portable"
    assert speed.ratio.value == pytest.approx(3.0)


def test_most_memory_of_all_zones_counts():
    results = {zone(): {tools.DADNS: samples(1.0)}, zone(zones.WORST, 40): {tools.DADNS: samples(1.0, peak=13 << 20)}}
    (peak,), _ = figures.judge(results)
    assert not peak.met and (peak.ratio.value, peak.ratio.low) == (13.0, 1.0)


def test_slow_programs_take_part_in_some_rounds():
    plan = rounds.Plan(rounds=15, slow_rounds=3)
    knot, nsd, wc = tool(tools.KNOT, True), tool(tools.NSD, True), tool(tools.WC, False)
    assert plan.of(wc, zone()) == set(range(15))
    assert plan.of(knot, zone()) == {0, 5, 10}
    assert plan.of(nsd, zone(records=rounds.LARGE)) == {0, 5, 10}
    assert plan.of(nsd, zone()) == {0}
    assert plan.of(knot, zone(zones.SIGNED)) == {0}
    assert rounds.Plan(rounds=2, slow_rounds=3).of(knot, zone()) == {0, 1}
