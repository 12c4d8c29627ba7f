"""Two real versions of Unbound, and the module built for each: the matching pairs work, the others are refused.

Registered where the build was given a second source tree (DA_UNBOUND_OTHER_SOURCE_DIR).
"""

import pytest

from harness import environment
from harness.unbound import Unbound, side_by_side, with_module
from table import compare, deployments, rows

DEPLOYMENT = deployments.NLB


def test_versions_differ():
    """The tests below would prove nothing with two trees of one version."""
    ours, other = environment.unbound_tree(), environment.unbound_tree_other()
    assert environment.unbound_version(ours) != environment.unbound_version(other)


def test_other_version_with_its_own_module(nsd, directory):
    """The same source, built for the other version, gives the same answers there."""
    settings = with_module(
        DEPLOYMENT.write(directory), tree=environment.unbound_tree_other(), dynlib=(environment.module_other(),)
    )
    with side_by_side(directory, nsd, settings) as (_, ours, plain):
        found = compare.wrong_replies(DEPLOYMENT, rows.for_deployment(DEPLOYMENT), ours.ask, plain.ask)
    assert not found, compare.report(found)


@pytest.mark.parametrize("swap", [False, True], ids=["our-module-in-other", "other-module-in-ours"])
def test_module_of_another_version(nsd, directory, swap):
    """Unbound does not start, without a crash, and the log names both versions."""
    tree, module, built_tree = environment.unbound_tree_other(), environment.module(), environment.unbound_tree()
    if swap:
        tree, module, built_tree = built_tree, environment.module_other(), tree
    settings = with_module(DEPLOYMENT.write(directory), tree=tree, dynlib=(module,))
    log = Unbound(directory, nsd, settings).start_refused()
    host, built = environment.unbound_version(tree), environment.unbound_version(built_tree)
    (line,) = [line for line in log.splitlines() if "error: directaccess" in line]
    assert f"unbound {built}" in line and f"unbound {host}" in line, line
