/* What failures of LDAP, SASL, Kerberos and the connection mean: one line each. */
#include "unit.h"

#include "directory/directory_explain.h"

#include <errno.h>
#include <ldap.h>

#define GSSAPI                                                                                                         \
    "SASL(-1): generic failure: GSSAPI Error: Unspecified GSS failure.  Minor code may provide more information "
#define AD "80090308: LdapErr: DSID-0C09044E, comment: AcceptSecurityContext error, data "

static const struct da_directory_stream good = {.timeout = 5}, brief = {.timeout = 1, .end = DA_STREAM_TIMED_OUT},
                                        closed = {.end = DA_STREAM_CLOSED}, much = {.end = DA_STREAM_TOO_MUCH},
                                        broken = {.end = DA_STREAM_BROKEN, .fault = ECONNRESET};

static void phrases(void **state)
{
    static const struct {
        struct da_directory_fault fault;
        const char *means;
    } rows[] = {
        {{LDAP_SERVER_DOWN, NULL, .stream = &brief}, "no reply within 1 second"},
        {{LDAP_TIMEOUT, "", .stream = &good}, "no reply within 5 seconds"},
        {{LDAP_SERVER_DOWN, "x", .stream = &closed}, "the server closed the connection"},
        {{LDAP_SERVER_DOWN, NULL, .stream = &broken}, "the connection broke off: Connection reset by peer"},
        {{LDAP_SERVER_DOWN, NULL, .stream = &much}, "the reply is longer than is read"},
        {{LDAP_SERVER_DOWN, NULL, .stream = &good}, "what came is no LDAP"},
        {{LDAP_DECODING_ERROR, NULL, .stream = &good}, "what came is no LDAP, or not what was asked for"},
        {{LDAP_INVALID_CREDENTIALS, AD "52e, v4563", .stream = &good}, "the user's name or the password is wrong"},
        {{LDAP_INVALID_CREDENTIALS, NULL, .stream = &good}, "the user's name or the password is wrong"},
        {{LDAP_INVALID_CREDENTIALS, AD "532, v4563", .stream = &good}, "the password has expired"},
        {{LDAP_INVALID_CREDENTIALS, AD "533, v4563", .stream = &good}, "the account is disabled"},
        {{LDAP_INVALID_CREDENTIALS, AD "775, v4563", .stream = &good}, "the account is locked"},
        {{LDAP_INVALID_CREDENTIALS, AD "80090346, v4563", .stream = &good},
         "the server wants channel binding, and this login had none"},
        {{LDAP_STRONG_AUTH_REQUIRED, "BindSimple: Transport encryption required.", .stream = &good},
         "the server takes this login only over TLS: use ldaps:// or --start-tls"},
        {{LDAP_STRONG_AUTH_REQUIRED, NULL, .stream = &good, .in_tls = true},
         "the server takes no Kerberos login within TLS: use ldap:// without --start-tls"},
        {{LDAP_LOCAL_ERROR, GSSAPI "(No Kerberos credentials available (default cache: FILE:/tmp/krb5cc_0))",
          .stream = &good},
         "there is no Kerberos ticket: run kinit, or give --keytab"},
        {{LDAP_LOCAL_ERROR, GSSAPI "(No Kerberos credentials available: Key table file 'k' not found)", .stream = &good,
          .by_keytab = true},
         "--keytab gives no Kerberos ticket: it is no keytab, or has no key that serves"},
        {{LDAP_LOCAL_ERROR, GSSAPI "(Ticket expired)", .stream = &good}, "the Kerberos ticket has expired: run kinit"},
        {{LDAP_LOCAL_ERROR, GSSAPI "(Cannot contact any KDC for realm 'CORP.EXAMPLE.NET')", .stream = &good},
         "no Kerberos server (KDC) of the realm replies"},
        {{LDAP_LOCAL_ERROR, GSSAPI "(Server not found in Kerberos database)", .stream = &good},
         "Kerberos does not know the server by this name: give the name that the domain controller has in its domain, "
         "not an address or an alias"},
        {{LDAP_LOCAL_ERROR, GSSAPI "(Client 'x@Y' not found in Kerberos database)", .stream = &good},
         "Kerberos does not know the account of --keytab"},
        {{LDAP_LOCAL_ERROR, GSSAPI "(Clock skew too great)", .stream = &good},
         "this machine's clock and the domain controller's are too far apart for Kerberos"},
        {{LDAP_LOCAL_ERROR, "SASL(-15): mechanism too weak for this user: ", .stream = &good},
         "Kerberos would not seal the connection, and nothing is sent in clear: use TLS"},
        {{LDAP_AUTH_UNKNOWN, "SASL(-4): no mechanism available: No worthy mechs found", .stream = &good},
         "SASL has no GSSAPI on this machine: install its module for MIT Kerberos"},
        {{LDAP_BUSY, NULL, .stream = &good}, "Server is busy"},
        {{LDAP_UNWILLING_TO_PERFORM, "no\x1b[31m\nthanks", .stream = &good},
         "Server is unwilling to perform: \"no\\x1b[31m\\x0athanks\""},
    };
    (void)state;

    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        char text[DA_EXPLANATION_MAX];
        assert_string_equal(da_directory_explain(&rows[i].fault, text), rows[i].means);
    }
}

/* However much a server says, it is one line that fits. */
static void longest(void **state)
{
    char said[4096], text[DA_EXPLANATION_MAX];
    const struct da_directory_fault fault = {LDAP_OTHER, said, .stream = &good};
    (void)state;

    memset(said, '\x80', sizeof(said) - 1);
    said[sizeof(said) - 1] = '\0';
    da_directory_explain(&fault, text);
    assert_true(strlen(text) < sizeof(text));
    for (const char *at = text; *at != '\0'; at++)
        assert_in_range(*at, 0x20, 0x7e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(phrases),
        cmocka_unit_test(longest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
