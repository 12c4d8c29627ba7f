"""Passwords go to the right server, over TLS, and nowhere else."""

import os
import pty
import select
import signal
import subprocess
import termios
import time

import pytest

from harness import environment, ldap
from harness.audit import OK, UNKNOWN
from harness.directory import PASSWORD, TIMEOUT, Bench, contents
from table.deployments import SINGLE

SECONDS = 10  # for a prompt, or an end


@pytest.fixture(scope="module")
def certificate(work):
    return ldap.Certificate(work / "certificate")


@pytest.fixture
def bench(directory, certificate):
    return Bench(directory, certificate)


def run(bench, server, *options, environ=None, password=None):
    """An audit that need not trust the certificate."""
    login = ("--user", "reader", "--password-file", password or bench.password_file(), *options)
    command = [environment.dadns(), "audit", SINGLE.write(bench.directory), "--directory", server.url(), *login]
    return subprocess.run(
        [str(word) for word in (*command, "--timeout", TIMEOUT)],
        capture_output=True,
        text=True,
        cwd=bench.directory,
        env={**os.environ, **(environ or {})},
        timeout=SECONDS,
    )


def loosen(bench, how, certificate):
    """What would make another LDAP client trust anything. Returns the environment."""
    settings = f"TLS_REQCERT never\nTLS_CACERT {certificate.path}\nTLS_REQSAN never\n"
    if how == "variables":
        return {"LDAPTLS_REQCERT": "never", "LDAPTLS_CACERT": str(certificate.path), "LDAPTLS_REQSAN": "never"}
    if how == "ldap.conf":
        (bench.directory / "ldap.conf").write_text(settings)
        return {"LDAPCONF": str(bench.directory / "ldap.conf")}
    (bench.directory / ("ldaprc" if how == "ldaprc here" else ".ldaprc")).write_text(settings)
    return {"HOME": str(bench.directory)} if how == "ldaprc at home" else {}


@pytest.mark.parametrize("how", ["not at all", "variables", "ldap.conf", "ldaprc here", "ldaprc at home"])
def test_untrusted(bench, certificate, how):
    """Nothing makes a certificate trusted but --ca-file and the system's authorities."""
    environ = {} if how == "not at all" else loosen(bench, how, certificate)
    with ldap.Server(ldap.serve(contents()), certificate) as server:
        done = run(bench, server, environ=environ)
        assert done.returncode == UNKNOWN and "is not trusted" in done.stdout and "--ca-file" in done.stdout
        assert server.requests == []
        assert run(bench, server, "--ca-file", certificate.path, environ=environ).returncode == OK


@pytest.mark.parametrize("subject", ["DNS:localhost", "IP:127.0.0.2", "DNS:127.0.0.1.example"])
def test_certificate_of_another(bench, work, subject):
    other = ldap.Certificate(work / "other", subject)
    with ldap.Server(ldap.serve(contents()), other) as server:
        done = run(bench, server, "--ca-file", other.path)
    assert done.returncode == UNKNOWN and "is for another name" in done.stdout and server.requests == []


NO_CERTIFICATES = {"empty": b"", "text": b"no certificate\n", "DER": b"\x30\x82\x01\x00" * 40}


@pytest.mark.parametrize("case", NO_CERTIFICATES)
def test_ca_file(bench, certificate, case):
    path = bench.directory / "ca"
    path.write_bytes(NO_CERTIFICATES[case])
    with ldap.Server(ldap.serve(contents()), certificate) as server:
        done = run(bench, server, "--ca-file", path)
        assert done.returncode == UNKNOWN and "expected certificates in PEM form" in done.stdout
        done = run(bench, server, "--ca-file", "nowhere")
        assert done.returncode == UNKNOWN and "--ca-file nowhere: cannot be opened" in done.stdout
    assert server.connections == 0


def test_never_in_clear(bench, certificate):
    """Not one connection is made."""
    with ldap.Server(ldap.serve(contents()), certificate) as server:
        password = bench.password_file()
        command = [environment.dadns(), "audit", SINGLE.write(bench.directory), "--directory", server.url("ldap")]
        command += ["--user", "reader", "--password-file", password]
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=SECONDS)
    assert done.returncode == UNKNOWN and "not sent in clear" in done.stderr
    assert server.connections == 0


def test_start_tls(bench):
    def script(connection):
        request = connection.request()
        assert request.tag == ldap.EXTENDED
        connection.send(request.answer())
        ldap.serve(contents(), PASSWORD)(connection)

    _, done, _ = bench.audit(script, "ldap", "--start-tls")
    assert (done.status, done.failures()) == (OK, [""])


def test_answered_in_clear(bench):
    """What a man in the middle puts behind the reply to StartTLS is not taken for the server's."""

    def script(connection):
        request = connection.request()
        connection.send(request.answer() + ldap.message(2, ldap.result(ldap.BIND_DONE)))
        ldap.serve(contents(), PASSWORD)(connection)

    server, done, _ = bench.audit(script, "ldap", "--start-tls")
    assert done.status == UNKNOWN and "no TLS with" in done.failures()[0]
    assert {request.tag for request in server.requests} == {ldap.EXTENDED}


PASSWORD_FILES = {
    "no newline": b"pass word",
    "newline": b"pass word\n",
    "CR LF": b"pass word\r\n",
    "two lines": b"pass word\nsecond line\n",
    "octets behind": b"pass word\n" + bytes(9),
}


@pytest.mark.parametrize("case", PASSWORD_FILES)
def test_password_file(bench, certificate, case):
    """The first line, as it is, without its end."""
    password = bench.password_file(PASSWORD_FILES[case])
    with ldap.Server(ldap.serve(contents(), "pass word"), certificate) as server:
        done = run(bench, server, "--ca-file", certificate.path, password=password)
    assert done.returncode == OK, done.stdout + done.stderr


BAD_PASSWORD_FILES = {
    "empty": (b"", "is empty"),
    "empty line": (b"\nsecond line\n", "is empty"),
    "empty line, CR LF": (b"\r\n", "is empty"),
    "zero": (b"a\0b\n", "octet of zero"),
    "long": (b"x" * 1024, "is longer than 1023 octets"),
}


@pytest.mark.parametrize("case", BAD_PASSWORD_FILES)
def test_bad_password_file(bench, certificate, case):
    """An empty password would be an anonymous login."""
    octets, wrong = BAD_PASSWORD_FILES[case]
    with ldap.Server(ldap.serve(contents()), certificate) as server:
        done = run(bench, server, "--ca-file", certificate.path, password=bench.password_file(octets))
    assert done.returncode == UNKNOWN and wrong in done.stdout and server.connections == 0


# ---- the prompt ----


class Terminal:
    """An audit that has a terminal of its own, and the other end of that."""

    def __init__(self, bench, server):
        command = [environment.dadns(), "audit", SINGLE.write(bench.directory), "--directory", server.url()]
        command += ["--user", "reader", "--ca-file", bench.certificate.path]
        self.shown = b""
        self._pid, self.end = pty.fork()
        if self._pid == 0:
            os.execv(str(command[0]), [str(word) for word in command])

    def read_until(self, text):
        deadline = time.monotonic() + SECONDS
        while text not in self.shown:
            assert select.select([self.end], [], [], deadline - time.monotonic())[0], self.shown
            self.shown += os.read(self.end, 65536)

    def echoes(self):
        return bool(termios.tcgetattr(self.end)[3] & termios.ECHO)

    def wait_for_silence(self):
        deadline = time.monotonic() + SECONDS
        while self.echoes():
            assert time.monotonic() < deadline
            time.sleep(0.01)

    def wait(self):
        """Reads to the end. Returns the exit status, below zero of a signal."""
        deadline = time.monotonic() + SECONDS
        while True:
            try:
                assert select.select([self.end], [], [], deadline - time.monotonic())[0], self.shown
                octets = os.read(self.end, 65536)
            except OSError:  # EIO: nobody has the other end any more
                break
            if not octets:
                break
            self.shown += octets
        return os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])


def test_prompt(bench, certificate):
    """What is typed is not shown."""
    with ldap.Server(ldap.serve(contents(), PASSWORD), certificate) as server:
        terminal = Terminal(bench, server)
        terminal.read_until(b"Password of reader for 127.0.0.1:")
        terminal.wait_for_silence()
        os.write(terminal.end, PASSWORD.encode() + b"\n")
        status = terminal.wait()
    assert status == OK, terminal.shown
    assert PASSWORD.encode() not in terminal.shown


def test_empty_at_prompt(bench, certificate):
    with ldap.Server(ldap.serve(contents()), certificate) as server:
        terminal = Terminal(bench, server)
        terminal.read_until(b": ")
        terminal.wait_for_silence()
        os.write(terminal.end, b"\n")
        status = terminal.wait()
    assert status == UNKNOWN and b"is empty" in terminal.shown and server.connections == 0


def test_interrupted_at_prompt(bench, certificate):
    """The terminal echoes again."""
    with ldap.Server(ldap.serve(contents()), certificate) as server:
        terminal = Terminal(bench, server)
        terminal.read_until(b": ")
        terminal.wait_for_silence()
        os.write(terminal.end, b"\x03")
        deadline = time.monotonic() + SECONDS
        while not terminal.echoes():
            assert time.monotonic() < deadline
            time.sleep(0.01)
        status = terminal.wait()
    assert status == -signal.SIGINT and server.connections == 0


def test_no_terminal(bench, certificate):
    with ldap.Server(ldap.serve(contents()), certificate) as server:
        command = [environment.dadns(), "audit", SINGLE.write(bench.directory), "--directory", server.url()]
        done = subprocess.run(
            [str(word) for word in (*command, "--user", "reader", "--ca-file", certificate.path)],
            capture_output=True, text=True, start_new_session=True, timeout=SECONDS,
        )
    assert done.returncode == UNKNOWN and "expected --password-file" in done.stdout and server.connections == 0
