"""What a server is known to do otherwise, and why.

A deviation says which cases it is about and what the reply is instead, as exactly as the server is predictable. So the
test fails where a server does something else than the table and its deviations say, be it better or worse: a deviation
that is gone must leave the table, too.
"""

import dataclasses
import typing

from . import cases, rows


@dataclasses.dataclass(frozen=True)
class Deviation:
    title: str  # what an operator reads in a footnote
    reason: str  # why it is so, with what says so
    applies: typing.Callable  # (case, expected) → bool
    change: typing.Callable  # (case, expected) → expected: a whole reply, or rows.PASS
    aspect: cases.Question = None  # its line in the table; None: the lines of the cases where it occurs

    def __post_init__(self):
        assert self.aspect in (None, *cases.ASPECTS), self.title


def expectation(case, authoritative, deviations):
    """(what the table says, what is expected here, the deviations that made the difference)."""
    ideal = expected = case.expected(authoritative)
    occurred = []
    for deviation in deviations:
        if deviation.applies(case, expected):
            changed = deviation.change(case, expected)
            if changed != expected:
                expected = changed
                occurred.append(deviation)
    return ideal, expected, tuple(occurred)


def passes(_case, _expected):
    """A change: the name is resolved as without us."""
    return rows.PASS


def changed(**fields):
    """A change: these fields of the reply; a callable gets the case and the reply."""

    def change(case, expected):
        values = {key: value(case, expected) if callable(value) else value for key, value in fields.items()}
        return dataclasses.replace(expected, **values)

    return change


def less_flag(flag):
    """A change: the flag is not set."""
    return changed(flags=lambda _case, expected: expected.flags - {flag})


def ours(_case, expected):
    """A condition: every reply that comes from us."""
    return expected is not rows.PASS


def positive(case, expected):
    return ours(case, expected) and bool(expected.answer)


def negative(case, expected):
    return ours(case, expected) and not expected.answer
