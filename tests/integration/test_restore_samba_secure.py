"""`dadns restore` and a domain controller that takes updates signed by GSS-TSIG alone: what --print prints, run by
nsupdate. Run in tests/testbeds/samba-ad --secure."""

import os
import subprocess

import pytest

from harness import samba
from table.deployments import CORP, PROBE, SINGLE

A, AAAA = ("A", "127.0.0.1"), ("AAAA", "fd12:3456:789a:7777::7f00:1")
ADDRESS = ("A", "10.0.0.11")
EVERYTHING = {CORP: {A, AAAA}, PROBE: {ADDRESS}}


@pytest.fixture(autouse=True)
def clean():
    samba.remove(CORP, PROBE)


def restore(directory, *options):
    return samba.dadns("restore", "--server", samba.HOST, *options, SINGLE.write(directory))


def nsupdate(script, user):
    """Runs a script as its head says, but on the controller's clock. What it says of signatures is no proof."""
    ticket = samba.login(user, "with-clock")
    command = ["with-clock", "nsupdate", "-g"]
    done = subprocess.run(
        command, input=script, capture_output=True, text=True, timeout=60, env=os.environ | ticket, check=False
    )
    return [line for line in done.stderr.splitlines() if "tsig verify failure" not in line]


def there():
    return {label: set(samba.stamps(label)) for label in (CORP, PROBE)}


def test_unsigned(directory):
    """Nothing is written, and what is said leads on."""
    done = restore(directory)
    assert done.status == 1 and done.stdout.count(": failed: REFUSED") == 3
    assert len(done.stderr.splitlines()) == 1
    assert "GSS-TSIG" in done.stderr and "--print" in done.stderr and "nsupdate -g" in done.stderr
    assert there() == {CORP: set(), PROBE: set()}


def test_print(directory):
    """The script restores everything, and once more it has nothing to do."""
    before = samba.hour()
    script = restore(directory, "--print")
    assert (script.status, script.stderr, script.stdout.count("\nsend\n")) == (0, "", 3)
    assert there() == {CORP: set(), PROBE: set()}
    assert nsupdate(script.stdout, samba.DNS_ADMIN) == []
    assert there() == EVERYTHING
    assert {stamp for label in EVERYTHING for stamp in samba.stamps(label).values()} <= {before, samba.hour()}
    assert restore(directory).status == 0
    again = restore(directory, "--print")
    assert again.status == 0 and "There is nothing to add." in again.stdout and "\nsend\n" not in again.stdout


def test_print_what_is_missing(directory):
    """What is there is not in the script, and stays static."""
    samba.store(CORP, samba.value(*A))
    script = restore(directory, "--print").stdout
    assert f"update add {CORP}.{samba.ZONE}. 1200 IN AAAA" in script and "IN A 127.0.0.1" not in script
    assert nsupdate(script, samba.DNS_ADMIN) == []
    assert there() == EVERYTHING and samba.stamps(CORP)[A] == 0


def test_another_accounts_name(directory):
    """The node of a name stays its account's when it is tombstoned: others cannot restore it, and DnsAdmins can."""
    samba.register(PROBE, " ".join(ADDRESS))
    samba.jump(samba.LIMIT)
    samba.scavenge()
    samba.store(CORP, samba.value(*A), samba.value(*AAAA))
    script = restore(directory, "--print").stdout
    assert script.count("\nsend\n") == 1
    assert nsupdate(script, samba.READER) != []
    assert samba.stored(PROBE).tombstoned
    assert nsupdate(script, samba.DNS_ADMIN) == []
    assert there() == EVERYTHING
    assert restore(directory).status == 0
