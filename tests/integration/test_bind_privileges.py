"""named that gives up root, and named in a chroot: the deployment is read after both.

At the start and at every reload, the file is read with the rights of named's user, and below the new root.
"""

import os
import pathlib
import pwd
import re
import shutil
import subprocess

import pytest

from harness import environment
from harness.named import Named, Settings, plugin
from harness.unbound import NO_LEAK_CHECK
from table import deployments
from table.transition import Transition

OLD, NEW = deployments.NLB, deployments.MULTISITE
TRANSITION = Transition(OLD, NEW)
USER = "nobody"

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give up root")


class UnprivilegedNamed(Named):
    def prepare(self):
        super().prepare()
        shutil.chown(self.directory, USER)
        self._key.chmod(0o644)


def side(server):
    with server.client() as client:
        (found,) = {TRANSITION.side(query, client.udp(query)) for query in TRANSITION.queries}
    return found


def assert_user(server):
    status = pathlib.Path(f"/proc/{server.process.pid}/status").read_text()
    assert re.search(r"^Uid:\t(\d+)", status, re.MULTILINE)[1] == str(pwd.getpwnam(USER).pw_uid)


def assert_reloads(server, path):
    assert side(server) == "old"
    path.write_text(NEW.yaml)
    server.reload()
    assert side(server) == "new"


def test_user(nsd, public):
    path = OLD.write(public)
    settings = Settings(plugins=(plugin(path, shutil.copy(environment.bind_plugin(), public)),), arguments=("-u", USER))
    with UnprivilegedNamed(public / "run", nsd, settings) as server:
        assert_user(server)
        assert_reloads(server, path)


def test_user_may_not_read(nsd, public):
    """A file that root alone may read is refused, at the start with the reason, and at a reload the old one stays."""
    path = OLD.write(public)
    settings = Settings(plugins=(plugin(path, shutil.copy(environment.bind_plugin(), public)),), arguments=("-u", USER))
    with UnprivilegedNamed(public / "run", nsd, settings) as server:
        path.chmod(0o600)
        assert server.rndc("reconfig", check=False)[0] != 0
        assert side(server) == "old"
        assert server.process.log_lines(f"directaccess: {path}: .*Permission denied")
    log = UnprivilegedNamed(public / "again", nsd, settings).start_refused()
    assert re.search(f"directaccess: {path}: .*Permission denied", log), log


def test_chroot(nsd, public):
    """In a chroot the plugin and its libraries, and the deployment file, are those below the new root."""
    root = public / "root"
    (root / "etc/bind").mkdir(parents=True)
    path = OLD.write(root / "etc/bind").rename(root / "etc/bind/directaccess.yaml")
    shutil.copy(environment.bind_plugin(), root / "plugin.so")
    for library in libraries(environment.bind_plugin()):
        target = root / library.relative_to("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(library, target)
    settings = Settings(
        plugins=(plugin("/etc/bind/directaccess.yaml", "/plugin.so"),),
        arguments=("-u", USER, "-t", root),
        environ=NO_LEAK_CHECK,
    )
    with ChrootNamed(root / "run", nsd, settings) as server:
        assert_user(server)
        assert os.readlink(f"/proc/{server.process.pid}/root") == str(root)
        assert_reloads(server, path)
    assert "deployment /etc/bind/directaccess.yaml, " in server.process.log()


class ChrootNamed(UnprivilegedNamed):
    """Its root is the parent of its directory, and the paths in named.conf are those below it."""

    def prepare(self):
        super().prepare()
        text = self.configuration.read_text()
        self.configuration.write_text(text.replace(str(self.directory.parent) + "/", "/"))

    def command(self):
        inside = "/" / self.configuration.relative_to(self.directory.parent)
        return [inside if part == self.configuration else part for part in super().command()]


def libraries(module):
    """The shared libraries that the plugin needs, where the linker finds them."""
    linked = subprocess.run(["ldd", module], capture_output=True, text=True, check=True).stdout
    return [pathlib.Path(found) for found in re.findall(r"=> (/\S+)", linked)]
