"""What an answer costs each server: see scripts/bench, which builds first and tells the options.

One more is --build DIR, a build directory other than that of scripts/build release.
"""

import contextlib
import pathlib
import shutil
import signal
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / "tests/bench"), str(ROOT / "tests/integration")]
sys.dont_write_bytecode = True

import arguments  # noqa: E402
import contenders  # noqa: E402
import figures  # noqa: E402
import load  # noqa: E402
import memory  # noqa: E402
import progress  # noqa: E402
import questions  # noqa: E402
import report  # noqa: E402
import rounds  # noqa: E402
from harness import environment, process  # noqa: E402
from harness.client import Timeout  # noqa: E402


def parse(words):
    parser = arguments.Parser()
    parser.add_argument("--rounds", type=arguments.positive, default=12)
    parser.add_argument("--queries", type=arguments.positive, default=30_000)
    parser.add_argument("--only", default="")
    parser.add_argument("--memory", action="store_true")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build/release")
    options = parser.parse_args(words)
    if options.memory and options.check:
        parser.error("--check is about the targets, which --memory does not measure")
    parts = [part.strip().lower() for part in options.only.split(",") if part.strip()]
    options.names = [name for name in contenders.ALL if not parts or any(part in name.lower() for part in parts)]
    if not options.names:
        parser.error(f"--only: '{options.only}': expected parts of {', '.join(contenders.ALL)}")
    return options


def measure_cpu(options, cpus, work):
    """Prints the figures and the targets; True where all of them are met."""
    with contextlib.ExitStack() as stack:
        field = contenders.start(stack, options.names, contenders.deploy(work, 1), work, cpus)
        questions.verify(field)
        samples = rounds.run(field, load.Load(work, cpus), options.rounds, options.queries, progress.Progress())
    report.print_cost(samples, field)
    return report.print_targets(figures.judge(samples))


def main(words):
    options = parse(words)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C: the servers are stopped
    work = pathlib.Path(tempfile.mkdtemp(prefix="directaccess-bench-"))
    try:
        environment.take_from_build(options.build.resolve())
        cpus = load.two_cpus()
        if options.memory:
            report.print_memory(memory.measure(options.names, work, cpus))
            return 0
        met = measure_cpu(options, cpus, work)
        return 1 if options.check and not met else 0
    except (process.Failure, environment.Missing, questions.Wrong, load.Failed, Timeout) as failure:
        print(f"bench: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
