"""Unbound that gives up root, and Unbound in a chroot: the module starts after both.

The file is therefore read, at start and later, with the rights of Unbound's user, and below the new root.
"""

import os
import pathlib
import pwd
import re
import shutil
import subprocess
import time

import pytest

from harness import environment
from harness.unbound import NO_LEAK_CHECK, Unbound, with_module
from table import deployments
from table.transition import Transition

OLD, NEW = deployments.NLB, deployments.MULTISITE
TRANSITION = Transition(OLD, NEW)
USER = "nobody"

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give up root")


def side(client):
    (found,) = {TRANSITION.side(query, client.udp(query)) for query in TRANSITION.queries}
    return found


def assert_replaceable(server, path):
    """Replacement and reload work with the rights and the root that are left."""
    with server.client() as client:
        assert side(client) == "old"
        path.write_text(NEW.yaml)
        time.sleep(2.5)
        assert side(client) == "new"
        path.write_text(OLD.yaml)
        server.reload()
        assert side(client) == "old"
    assert not server.process.log_lines("error")


def test_user(nsd, public):
    path = OLD.write(public)
    module = shutil.copy(environment.module(), public)
    settings = with_module(path, dynlib=(module,), server=(f'username: "{USER}"',))
    with Unbound(public / "run", nsd, settings) as server:
        status = pathlib.Path(f"/proc/{server.process.pid}/status").read_text()
        assert re.search(r"^Uid:\t(\d+)", status, re.MULTILINE)[1] == str(pwd.getpwnam(USER).pw_uid)
        assert_replaceable(server, path)


def test_user_may_not_read(nsd, public):
    """A file that root alone may read is refused, with the reason."""
    path = OLD.write(public)
    path.chmod(0o600)
    module = shutil.copy(environment.module(), public)
    settings = with_module(path, dynlib=(module,), server=(f'username: "{USER}"',))
    log = Unbound(public / "run", nsd, settings).start_refused()
    (line,) = [line for line in log.splitlines() if "error: directaccess" in line]
    assert str(path) in line and "Permission denied" in line, line


def test_chroot(nsd, public):
    """In a chroot the module and its libraries, and the default deployment file, are those below the new root."""
    root = public / "root"
    etc = root / "etc/unbound"
    etc.mkdir(parents=True)
    path = OLD.write(etc).rename(etc / "directaccess.yaml")
    module = shutil.copy(environment.module(), root / "module.so")
    for library in libraries(module):
        target = root / library.relative_to("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(library, target)
    settings = with_module(
        None,
        dynlib=("/module.so",),
        server=(f'username: "{USER}"', f'chroot: "{root}"', f'directory: "{root}"'),
        environ=NO_LEAK_CHECK,
    )
    with Unbound(root / "run", nsd, settings) as server:
        assert_replaceable(server, path)
    assert "deployment /etc/unbound/directaccess.yaml, " in server.process.log()


def libraries(module):
    """The shared libraries that the module needs, where the linker finds them."""
    linked = subprocess.run(["ldd", module], capture_output=True, text=True, check=True).stdout
    return [pathlib.Path(found) for found in re.findall(r"=> (/\S+)", linked)]
