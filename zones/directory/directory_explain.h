/* directory_explain.h - what a failed LDAP operation means to its user, as a phrase. Nothing allocates. */
#ifndef DA_DIRECTORY_EXPLAIN_H
#define DA_DIRECTORY_EXPLAIN_H

#include "directory/directory_stream.h"

#include <stddef.h>

#define DA_EXPLANATION_MAX 200 /* octets, with the NUL */

/* A failure, as libldap tells it. */
struct da_directory_fault {
    int code;               /* of LDAP, or libldap's own */
    const char *diagnostic; /* what the server, SASL or TLS says to it; NULL or "" = nothing */
    const struct da_directory_stream *stream;
    bool in_tls;    /* TLS was in place */
    bool by_keytab; /* the login is by --keytab */
};

/* Writes why it failed. What a server says is made fit for a terminal. Returns text. */
const char *da_directory_explain(const struct da_directory_fault *fault, char text[static DA_EXPLANATION_MAX]);

#endif
