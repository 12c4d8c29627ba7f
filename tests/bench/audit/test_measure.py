"""What bench_audit_measure says of programs whose cost is known."""

import os
import pathlib
import signal
import subprocess
import sys
import time

import pytest

MEASURE = pathlib.Path(os.environ["BENCH_BUILD"]) / "tests/bench/bench_audit_measure"


def measure(tmp_path, *command, times=1):
    """Rows of (nanoseconds, microseconds of CPU, KiB, blocks, status), and what was printed."""
    output = tmp_path / "output"
    done = subprocess.run([MEASURE, str(times), output, tmp_path / "errors", *command], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    return [tuple(map(int, line.split())) for line in done.stdout.splitlines()], output.read_text()


def test_memory_is_the_programs_own(tmp_path):
    # This interpreter has more than true, and than what is measured with it.
    ((_, _, peak, _, status),), _ = measure(tmp_path, "true")
    assert status == 0 and 200 < peak < 3000
    ((_, _, peak, _, _),), _ = measure(tmp_path, sys.executable, "-c", "x = b'x' * (64 << 20)")
    assert 64 << 10 < peak < 90 << 10


def test_time_is_from_start_to_end(tmp_path):
    rows, _ = measure(tmp_path, "sleep", "0.2", times=2)
    assert len(rows) == 2
    for nanoseconds, cpu, *_ in rows:
        assert 0.2e9 <= nanoseconds < 2e9 and cpu < 100_000


def test_cpu_time(tmp_path):
    spin = "import time\nwhile time.process_time() < 0.3: pass"
    ((nanoseconds, cpu, *_),), _ = measure(tmp_path, sys.executable, "-c", spin)
    assert 300_000 <= cpu < 2_000_000 and nanoseconds >= 0.3e9


@pytest.mark.parametrize("end, status", [("exit 7", 7), ("kill -TERM $$", 128 + signal.SIGTERM)])
def test_status(tmp_path, end, status):
    rows, _ = measure(tmp_path, "sh", "-c", end, times=3)
    assert [row[4] for row in rows] == [status] * 3


def test_output_is_that_of_the_last_run(tmp_path):
    _, output = measure(tmp_path, "sh", "-c", "echo said; cat", times=3)
    assert output == "said\n"


def test_program_that_is_not_there(tmp_path):
    command = [MEASURE, "1", tmp_path / "output", tmp_path / "errors", "/nonexistent/program"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (1, "/nonexistent/program: No such file or directory\n")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_program_ends_with_it(tmp_path, number):
    marker = tmp_path / "pid"
    command = [MEASURE, "1", tmp_path / "output", tmp_path / "errors", "sh", "-c", f"echo $$ >{marker}; exec sleep 60"]
    with subprocess.Popen(command) as running:
        while not (marker.exists() and marker.read_text().endswith("\n")):
            assert running.poll() is None
            time.sleep(0.01)
        running.send_signal(number)
        assert running.wait(10) == 128 + number
    assert not pathlib.Path("/proc", marker.read_text().strip()).exists()
