"""What an audit of a zone file costs: see scripts/bench, which builds first and tells the options.

One more is --build DIR, a build directory other than that of scripts/build release.
"""

import argparse
import pathlib
import shutil
import signal
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / "tests/bench"), str(ROOT / "tests/integration")]
sys.dont_write_bytecode = True

import arguments  # noqa: E402
import figures  # noqa: E402
import measure  # noqa: E402
import progress  # noqa: E402
import report  # noqa: E402
import rounds  # noqa: E402
import tools  # noqa: E402
import zones  # noqa: E402
from harness import environment  # noqa: E402


def sizes(text):
    """--records: numbers of records, smallest first."""
    found = {int(part) if part.strip().isdecimal() else 0 for part in text.split(",")}
    if not all(size in zones.RECORDS for size in found):
        raise argparse.ArgumentTypeError(
            f"'{text}': expected numbers from {zones.RECORDS.start} to {zones.RECORDS.stop - 1}, separated by commas"
        )
    return sorted(found)


def kinds(text):
    found = [part.strip() for part in text.split(",") if part.strip()]
    if not found or not set(found) <= set(zones.ALL):
        raise argparse.ArgumentTypeError(f"'{text}': expected some of {','.join(zones.ALL)}")
    return [kind for kind in zones.ALL if kind in found]


def parse(words):
    parser = arguments.Parser()
    parser.add_argument("--records", type=sizes, default="1000000,10000000")
    parser.add_argument("--rounds", type=arguments.positive, default=15)
    parser.add_argument("--slow-rounds", type=arguments.positive, default=3)
    parser.add_argument("--only", default="")
    parser.add_argument("--zones", type=kinds, default=",".join(zones.ALL))
    parser.add_argument("--ways", action="store_true")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--work", type=pathlib.Path, default=ROOT / "build/bench-audit")
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build/release")
    options = parser.parse_args(words)
    if options.ways and options.check:
        parser.error("--check is about the targets, which --ways does not measure")
    every = tools.FOR_WAYS if options.ways else tools.FOR_AUDIT
    parts = [part.strip().lower() for part in options.only.split(",") if part.strip()]
    options.names = [name for name in every if not parts or any(part in name.lower() for part in parts)]
    if not options.names:
        parser.error(f"--only: '{options.only}': expected parts of {'; '.join(every)}")
    return options


def wanted(options):
    """(kind, records) of the zones: the enterprise zone in all sizes, the others in the smallest."""
    for kind in options.zones:
        for records in options.records if kind == zones.ENTERPRISE else options.records[:1]:
            yield kind, records


def prepare(options):
    """The programs of the build; Missing where it is none."""
    build = options.build.resolve()
    environment.take_from_build(build)
    options.work.mkdir(parents=True, exist_ok=True)
    deployment = options.work / "deployment.yaml"
    deployment.write_text(zones.DEPLOYMENT)
    return tools.Programs(str(environment.dadns()), build / "tests/bench", deployment)


def measure_all(options, programs, scratch):
    """Prints a table for each zone; returns the results."""
    line = progress.Progress()
    field = tools.make(options.names, programs)
    plan = rounds.Plan(options.rounds, options.slow_rounds)
    base = field[0].name if options.ways else tools.DADNS
    results = {}
    try:
        for kind, records in wanted(options):
            line.say(f"{kind}: writing the zone")
            zone = zones.make(programs.generator, kind, records, options.work)
            if tools.DADNS in options.names:
                tools.verify(programs, zone)
            results[zone] = rounds.run(plan, field, zone, programs, scratch, line)
            report.print_zone(zone, results[zone], base)
    finally:
        line.done()
    return results


def main(words):
    options = parse(words)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C: what is measured is stopped
    scratch = None
    try:
        programs = prepare(options)
        scratch = pathlib.Path(tempfile.mkdtemp(prefix="run-", dir=options.work))
        results = measure_all(options, programs, scratch)
        report.print_conditions(results)
        if options.ways:
            return 0
        met = report.print_targets(*figures.judge(results))
        return 1 if options.check and not met else 0
    except (environment.Missing, zones.Failed, tools.Wrong, measure.Failed) as failure:
        print(f"bench: {failure}", file=sys.stderr)
        return 1
    except OSError as failure:
        print(f"bench: {failure.filename or options.work}: {failure.strerror}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("bench: interrupted", file=sys.stderr)
        return 130
    finally:
        if scratch:
            shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
