"""What is printed on standard output: a table a zone, and the targets."""

import figures


def _interval(ratio):
    return f"{_figure(ratio.low)}–{_figure(ratio.high)}"


def _figure(value):
    """Three digits, and no fewer in front of the point than there are."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}" if value >= 1 else f"{value:.2f}"


def _milliseconds(seconds):
    return f"{seconds * 1000:,.1f}" if seconds >= 0.01 else f"{seconds * 1000:.2f}"


def _row(cells, widths=(25, 12, 9, 11, 10, 17, 10)):
    first, *rest = zip(cells, widths, strict=True)
    return first[0].ljust(first[1]) + "".join(cell.rjust(width) for cell, width in rest)


def print_zone(zone, found, base):
    """base: the tool that the others' times are held against."""
    print(f"{zone.title}: {zone.octets / 1e6:,.1f} MB, {zone.lines:,} lines")
    print(_row((f"times {base}", "ms", "MB/s", "M rec/s", "times", "interval", "MiB")))
    for name, samples in found.items():
        if not samples:
            continue
        seconds = figures.seconds(samples)
        times = interval = "-"
        if found.get(base):
            ratio = figures.ratio(samples, found[base])
            times, interval = _figure(ratio.value), _interval(ratio) if len(samples) > 1 else "-"
        speeds = f"{zone.octets / 1e6 / seconds:,.0f}", _figure(zone.records / 1e6 / seconds)
        memory = f"{figures.peak(samples) / figures.MIB:,.1f}"
        print(_row((name, _milliseconds(seconds), *speeds, times, interval, memory)))
    print()


def print_conditions(results):
    """What made the figures worse than they need to be."""
    samples = [sample for found in results.values() for each in found.values() for sample in each.values()]
    disturbed, cold = (sum(getattr(sample, field) for sample in samples) for field in ("disturbed", "cold"))
    if disturbed:
        print(
            f"Programs waited for a CPU or a disk in {disturbed} of {len(samples)} measurements: the figures are "
            "better on a quiet machine."
        )
    if cold:
        print(f"Zones were read from a disk in {cold} of {len(samples)} measurements: the page cache is too small.")
    if disturbed or cold:
        print()


def print_targets(judged, left_out):
    """True where there are some and all are met."""
    print("Ratio of times, the median of the rounds, and its 95 % bootstrap interval; of memory, most and least:\n")
    print(f"{'':<44}{'limit':>8}{'ratio':>9}{'interval':>17}")
    for one in judged:
        limit = f"{'>=' if one.at_least else '<='} {one.limit:g}"
        verdict = "met" if one.met else "not met"
        print(f"{one.what:<44}{limit:>8}{_figure(one.ratio.value):>9}{_interval(one.ratio):>17}  {verdict}")
    if left_out:
        print(
            f"\nLeft out, because what they are about was not measured: {left_out}. Those about speed need "
            f"--records {figures.JUDGED_RECORDS}."
        )
    return bool(judged) and not left_out and all(one.met for one in judged)
