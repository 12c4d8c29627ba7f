"""Fixtures that several files use, and the servers' logs in the report of a failure."""

import pathlib
import shutil
import tempfile

import pytest

from harness import process, upstream
from harness.nsd import Nsd

LOG_TAIL = 40  # lines


@pytest.fixture(scope="session")
def work(tmp_path_factory):
    """The directory of everything that the servers write; it stays until the next run."""
    return tmp_path_factory.getbasetemp()


@pytest.fixture(scope="session")
def nsd(work):
    """The upstream server with the plain zones."""
    with Nsd(work / "nsd", upstream.PLAIN) as server:
        yield server


@pytest.fixture
def directory(work, request):
    """A directory of the test's own, named as the test."""
    name = "".join(letter if letter.isalnum() else "-" for letter in request.node.name)
    path = pathlib.Path(work / name)
    path.mkdir(parents=True, exist_ok=True)
    return path


@pytest.fixture
def public():
    """A directory that every user can reach, as the build directory need not be."""
    path = pathlib.Path(tempfile.mkdtemp(prefix="directaccess-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    report = outcome.get_result()
    if report.failed:
        for child in process.started[-4:]:
            if child.log_path.exists():
                tail = "\n".join(child.log().splitlines()[-LOG_TAIL:])
                report.sections.append((f"end of {child.log_path}", tail))
