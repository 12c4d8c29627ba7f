#!/usr/bin/python3
"""usage: samba_accounts.py CONFIGURATION KEYTABS PASSWORD_FILE

Makes the accounts of the testbed samba-ad in a domain that is not served yet, and writes a keytab for each.
"""

import importlib
import pathlib
import sys

import ldb
from samba.auth import system_session
from samba.net import Net
from samba.param import LoadParm
from samba.samdb import SamDB

importlib.import_module("samba.dckeytab")  # gives Net its export_keytab()

COMPUTER = "DA1"


def never_expires(database, account):
    """Tests move the clock by years."""
    database.setexpiry(f"(sAMAccountName={account})", 0, no_expiry_req=True)


def make_accounts(database, password):
    database.set_minPwdAge("0")
    database.set_maxPwdAge("0")
    for user in ("dnsadmin", "reader"):
        database.newuser(user, password)
    database.add_remove_group_members("DnsAdmins", ["dnsadmin"])
    database.newcomputer(COMPUTER)
    database.setpassword(f"(sAMAccountName={COMPUTER}$)", password)
    for account in ("Administrator", "dnsadmin", "reader", f"{COMPUTER}$"):
        never_expires(database, account)


def add_service(database, host):
    """The name by which LDAP clients ask for a ticket; a service of Samba that does not run here would add it."""
    (controller,) = database.search(expression="(sAMAccountName=DC1$)", attrs=["servicePrincipalName"])
    change = ldb.Message(controller.dn)
    change["servicePrincipalName"] = ldb.MessageElement(f"ldap/{host}", ldb.FLAG_MOD_ADD, "servicePrincipalName")
    database.modify(change)


def main():
    configuration, keytabs, password_file = map(pathlib.Path, sys.argv[1:])
    lp = LoadParm()
    lp.load(str(configuration))
    database = SamDB(lp=lp, session_info=system_session())
    password = password_file.read_text().strip()
    make_accounts(database, password)
    add_service(database, f"dc1.{lp.get('realm').lower()}")
    net = Net(None, lp)
    for account in ("Administrator", "dnsadmin", "reader", f"{COMPUTER}$"):
        net.export_keytab(keytab=str(keytabs / f"{account}.keytab"), principal=account)


main()
