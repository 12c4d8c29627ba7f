"""The order of the measurements.

Each round measures every server with every kind of names once, in an order of its own, so that what the machine does
meanwhile hits all alike. Servers that are compared by the percent, one with us and the same one without, are measured
side by side, and some more times in each round.
"""

import dataclasses
import random

import contenders
import questions

# The one with us, and the same server without.
PAIRS = (
    (contenders.UNBOUND_MODULE, contenders.UNBOUND_WITHOUT),
    (contenders.BIND_PLUGIN, contenders.BIND_WITHOUT),
)
PAIR_TIMES = 3  # in each round
WARM_UP = 4  # times the queries of one measurement, of names that nobody has asked for: until caches are full


@dataclasses.dataclass(frozen=True)
class Step:
    contender: contenders.Contender
    kind: questions.Kind


def _in_pairs(name, kind):
    return kind.unrelated and any(name in pair for pair in PAIRS)


def groups(field):
    """Lists of steps; the steps of each have to stay together."""
    by_name = {contender.name: contender for contender in field}
    for kind in questions.KINDS:
        yield [Step(one, kind) for one in field if one.takes(kind) and not _in_pairs(one.name, kind)]
        for pair in PAIRS if kind.unrelated else ():
            steps = [Step(by_name[name], kind) for name in pair if name in by_name]
            yield from [steps] * PAIR_TIMES


def shuffled(field, numbers):
    """The steps of one round."""
    order = [numbers.sample(steps, len(steps)) for steps in groups(field)]
    numbers.shuffle(order)
    return [step for steps in order for step in steps]


def warm_up(field, load, queries):
    """Goes through all kinds once, unmeasured, and fills the caches."""
    for contender in field:
        for kind in questions.KINDS:
            if contender.takes(kind):
                times = 1 if kind.questions else WARM_UP
                load.measure(contender, kind, queries * times // kind.share or 1)


def run(field, load, rounds, queries, progress):
    """Returns (name of the server, title of the kind) → its samples, in the order of the rounds."""
    numbers = random.Random()
    samples = {}
    progress.say("warming up")
    warm_up(field, load, queries)
    for number in range(rounds):
        progress.say(f"round {number + 1} of {rounds}")
        for step in shuffled(field, numbers):
            questions.warm(step.contender, step.kind)
            sample = load.measure(step.contender, step.kind, queries // step.kind.share or 1)
            samples.setdefault((step.contender.name, step.kind.title), []).append(sample)
    progress.done()
    return samples
