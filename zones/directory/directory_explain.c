#include "directory/directory_explain.h"

#include <ldap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SAID_MAX 110 /* octets of what a server says */

struct phrase {
    const char *within, *means;
};

/* What MIT Kerberos says through SASL, the special before the general. */
static const struct phrase kerberos[] = {
    {"Ticket expired", "the Kerberos ticket has expired: run kinit"},
    {"Cannot contact any KDC", "no Kerberos server (KDC) of the realm replies"},
    {"Cannot find KDC", "no Kerberos server (KDC) of the realm is known: see krb5.conf, or DNS"},
    {"Cannot determine realm", "the Kerberos realm of the server's name is not known: see krb5.conf"},
    {"does not specify default realm", "no Kerberos realm is known: see krb5.conf"},
    {"Server not found in Kerberos database",
     "Kerberos does not know the server by this name: give the name that the domain controller has in its domain, "
     "not an address or an alias"},
    {"Clock skew too great", "this machine's clock and the domain controller's are too far apart for Kerberos"},
    {"Preauthentication failed", "Kerberos refuses the key of --keytab: the account's password has changed since"},
    {"not found in Kerberos database", "Kerberos does not know the account of --keytab"},
    {"have been revoked", "the account is disabled or locked"},
    {"entry in database has expired", "the account has expired"},
    {"Password has expired", "the account's password has expired"},
    {"mechanism too weak", "Kerberos would not seal the connection, and nothing is sent in clear: use TLS"},
    {"no mechanism available", "SASL has no GSSAPI on this machine: install its module for MIT Kerberos"},
    {"No worthy mechs found", "SASL has no GSSAPI on this machine: install its module for MIT Kerberos"},
};

/* What it says where there is no ticket, and where a keytab does not lead to one. */
static const char *const ticketless[] = {
    "No Kerberos credentials available",
    "No credentials cache found",
    "No credentials were supplied",
    "Credentials cache file",
    "credentials cache is empty",
    "Matching credential not found",
    "no suitable keys",
    "Key table",
    "keytab",
    "key table",
};

/* Why Active Directory refuses a login: the number behind "data" is a Windows error. */
static const struct {
    unsigned long data;
    const char *means;
} refusals[] = {
    {0x525, "the user is not known"},
    {0x52e, "the user's name or the password is wrong"},
    {0x52f, "the account may not log in: its policy forbids it"},
    {0x530, "the account may not log in at this time"},
    {0x531, "the account may not log in from this machine"},
    {0x532, "the password has expired"},
    {0x533, "the account is disabled"},
    {0x701, "the account has expired"},
    {0x773, "the password must be changed first"},
    {0x775, "the account is locked"},
    {0x80090346, "the server wants channel binding, and this login had none"},
};

static const char *find_kerberos(const struct da_directory_fault *fault)
{
    for (size_t i = 0; i < sizeof(kerberos) / sizeof(*kerberos); i++)
        if (strstr(fault->diagnostic, kerberos[i].within) != NULL)
            return kerberos[i].means;
    for (size_t i = 0; i < sizeof(ticketless) / sizeof(*ticketless); i++)
        if (strstr(fault->diagnostic, ticketless[i]) != NULL)
            return fault->by_keytab ? "--keytab gives no Kerberos ticket: it is no keytab, or has no key that serves"
                                    : "there is no Kerberos ticket: run kinit, or give --keytab";
    return NULL;
}

static const char *find_refusal(const char *diagnostic)
{
    const char *at = strstr(diagnostic, ", data ");
    unsigned long data = at != NULL ? strtoul(at + strlen(", data "), NULL, 16) : 0;

    for (size_t i = 0; i < sizeof(refusals) / sizeof(*refusals); i++)
        if (data == refusals[i].data)
            return refusals[i].means;
    return "the user's name or the password is wrong";
}

/* What the code alone tells; NULL = nothing more than its name. */
static const char *find_code(const struct da_directory_fault *fault)
{
    switch (fault->code) {
    case LDAP_INVALID_CREDENTIALS:
        return find_refusal(fault->diagnostic);
    case LDAP_STRONG_AUTH_REQUIRED:
        return fault->in_tls ? "the server takes no Kerberos login within TLS: use ldap:// without --start-tls"
                             : "the server takes this login only over TLS: use ldaps:// or --start-tls";
    case LDAP_CONFIDENTIALITY_REQUIRED:
        return "the server wants the connection to be encrypted: use ldaps:// or --start-tls";
    case LDAP_DECODING_ERROR:
    case LDAP_PROTOCOL_ERROR:
        return "what came is no LDAP, or not what was asked for";
    case LDAP_AUTH_UNKNOWN:
        return "SASL has no GSSAPI on this machine: install its module for MIT Kerberos";
    case LDAP_NO_MEMORY:
        return "out of memory";
    default:
        return NULL;
    }
}

/* NULL = it is not the stream's fault. */
static const char *find_stream(const struct da_directory_fault *fault, char text[static DA_EXPLANATION_MAX])
{
    const struct da_directory_stream *stream = fault->stream;

    if (stream->end == DA_STREAM_TIMED_OUT || fault->code == LDAP_TIMEOUT) {
        snprintf(text, DA_EXPLANATION_MAX, "no reply within %u second%s", stream->timeout,
                 stream->timeout == 1 ? "" : "s");
        return text;
    }
    switch (stream->end) {
    case DA_STREAM_CLOSED:
        return "the server closed the connection";
    case DA_STREAM_BROKEN:
        snprintf(text, DA_EXPLANATION_MAX, "the connection broke off: %s", strerror(stream->fault));
        return text;
    case DA_STREAM_TOO_MUCH:
        return "the reply is longer than is read";
    default:
        return fault->code == LDAP_SERVER_DOWN ? "what came is no LDAP" : NULL;
    }
}

/* The code's name, and what the server says to it. */
static void quote(const struct da_directory_fault *fault, char text[static DA_EXPLANATION_MAX])
{
    char said[SAID_MAX];

    if (fault->diagnostic[0] == '\0')
        snprintf(text, DA_EXPLANATION_MAX, "%s", ldap_err2string(fault->code));
    else
        snprintf(text, DA_EXPLANATION_MAX, "%s: %s", ldap_err2string(fault->code),
                 da_error_quote(fault->diagnostic, said, sizeof(said)));
}

const char *da_directory_explain(const struct da_directory_fault *fault, char text[static DA_EXPLANATION_MAX])
{
    struct da_directory_fault told = *fault;

    told.diagnostic = told.diagnostic != NULL ? told.diagnostic : "";
    const char *means = find_stream(&told, text);
    if (means == NULL)
        means = find_kerberos(&told);
    if (means == NULL)
        means = find_code(&told);
    if (means == NULL)
        quote(&told, text);
    else if (means != text)
        snprintf(text, DA_EXPLANATION_MAX, "%s", means);
    return text;
}
