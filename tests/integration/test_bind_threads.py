"""Two threads answer from one policy."""

import pathlib

from harness.named import side_by_side, with_plugin
from table import compare, deployments, rows
from test_bind_answers import queries

DEPLOYMENT = deployments.NLB


def thread_times(pid):
    """Nanoseconds of CPU by thread."""
    tasks = pathlib.Path(f"/proc/{pid}/task").iterdir()
    return {task.name: int((task / "schedstat").read_text().split()[0]) for task in tasks}


def test_both_threads_answer(nsd, directory):
    """The kernel chooses the thread by the client's port: with a new socket for each row both get their share."""
    settings = with_plugin(DEPLOYMENT.write(directory), threads=2)
    with side_by_side(directory, nsd, settings) as (server, _, plain):
        before = thread_times(server.process.pid)
        found = []
        for row in rows.for_deployment(DEPLOYMENT):
            with server.client() as fresh:
                found += compare.wrong_replies(DEPLOYMENT, [row], fresh.ask, plain.ask, queries)
        assert not found, compare.report(found)
        after = thread_times(server.process.pid)
    # Others there are, for timers and the like, have next to nothing.
    spent = sorted((after[thread] - before[thread] for thread in after), reverse=True)
    assert spent[1] > 0.2 * sum(spent), f"CPU time by thread: {spent}"
