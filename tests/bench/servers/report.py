"""What is printed on standard output: the tables."""

import figures
import questions

NARROW = {"unrelated, cached": "cached", "unrelated, new": "new"}


def _row(name, cells, first=22, width=11):
    return (name.ljust(first) + "".join(cell.rjust(width) for cell in cells)).rstrip()


def _table(title, samples, field, form, figure):
    print(_row(title, [NARROW.get(kind.title, kind.title) for kind in questions.KINDS]))
    for contender in field:
        found = [samples.get((contender.name, kind.title)) for kind in questions.KINDS]
        print(_row(contender.name, [form.format(figures.median(each, figure)) if each else "-" for each in found]))
    print()


def print_cost(samples, field):
    """The medians of all servers and kinds, and what went wrong while they were measured."""
    print(_row("", ["our names:", "", "", "unrelated:", ""]))
    _table("CPU, us a query", samples, field, "{:.2f}", "cpu")
    _table("queries a second", samples, field, "{:.0f}", "qps")
    _table("server busy, of 1", samples, field, "{:.2f}", "busy")
    everything = [sample for each in samples.values() for sample in each]
    disturbed = sum(sample.disturbed for sample in everything)
    print(f"Queries lost: {sum(sample.lost for sample in everything)}.")
    if disturbed:
        print(
            f"Other programs took part of the servers' CPU in {disturbed} of {len(everything)} measurements: "
            "the figures are better on a quiet machine."
        )
    print()


def print_targets(judged):
    """True where there are some and all are met."""
    print("Ratio of CPU a query, the median of the rounds, and its 95 % bootstrap interval:\n")
    print(f"{'':<56}{'limit':>6}{'ratio':>8}{'interval':>16}")
    for one in judged:
        target = one.target
        what = f"{target.ours} / {target.other}, {NARROW.get(target.kind, target.kind)}"
        verdict = "met" if one.met else "not met"
        print(f"{what:<56}{target.limit:>6.2f}{one.ratio.value:>8.3f}{one.ratio.low:>8.3f}–{one.ratio.high:.3f}  {verdict}")
    left_out = len(figures.TARGETS) - len(judged)
    if left_out:
        print(f"\nLeft out, because a server of theirs was not measured: {left_out}.")
    return bool(judged) and all(one.met for one in judged)


def print_memory(table):
    """table: name of the server → number of suffixes → octets."""
    sizes = list(next(iter(table.values())))
    print(_row("resident memory, MiB", [f"{size:,} suffix{'es' if size > 1 else ''}" for size in sizes], width=16))
    for name, found in table.items():
        print(_row(name, [f"{found[size] / 2**20:.1f}" for size in sizes], width=16))
