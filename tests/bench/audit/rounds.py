"""The order of the measurements.

One zone after another; with each, every round measures the programs in an order of its own, so that what the machine
does meanwhile hits all alike. The slow ones take part in some rounds only, spread over them.
"""

import dataclasses
import random

import measure
import tools
import zones

LARGE = 1_000_000  # records: in larger zones what no target is about is measured once
JUDGED = (tools.LDNS_LOOP, tools.KNOT, tools.BIND)  # of the slow ones


@dataclasses.dataclass(frozen=True)
class Plan:
    rounds: int
    slow_rounds: int

    def of(self, tool, zone):
        """Numbers of the rounds that the tool takes part in."""
        count = self.rounds
        if tool.slow:
            once = zone.kind != zones.ENTERPRISE or (zone.records > LARGE and tool.name not in JUDGED)
            count = 1 if once else min(self.slow_rounds, self.rounds)
        return {number * self.rounds // count for number in range(count)}


def run(plan, field, zone, programs, work, progress):
    """Returns name of the tool → number of the round → Sample."""
    numbers = random.Random()
    takes_part = {tool: plan.of(tool, zone) for tool in field if zone.kind in tool.kinds}
    samples = {tool.name: {} for tool in takes_part}
    for tool in takes_part:
        if not tool.slow:
            measure.measure(programs, tool, zone, work)  # warms up
    for number in range(plan.rounds):
        due = [tool for tool in takes_part if number in takes_part[tool]]
        for tool in numbers.sample(due, len(due)):
            progress.say(f"{zone.title}: round {number + 1} of {plan.rounds}: {tool.name}")
            samples[tool.name][number] = measure.measure(programs, tool, zone, work)
    progress.done()
    return samples
