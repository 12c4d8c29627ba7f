/* directory_url.h - what a user writes for a directory: ldap://HOST[:PORT] or ldaps://HOST[:PORT] (RFC 4516 section 2,
 * of which a server is all that is wanted). */
#ifndef DA_DIRECTORY_URL_H
#define DA_DIRECTORY_URL_H

#include "audit/live_endpoint.h"

#include <stdbool.h>

/* "[", a host, "]:", a port and NUL. */
#define DA_DIRECTORY_SERVER_MAX 272
#define DA_DIRECTORY_URL_MAX    (DA_DIRECTORY_SERVER_MAX + 8)

struct da_directory_url {
    bool is_tls;                          /* ldaps:// */
    struct da_endpoint endpoint;          /* port 389 or 636 where none was given */
    char server[DA_DIRECTORY_SERVER_MAX]; /* HOST:PORT, for messages; IPv6 in brackets */
    char text[DA_DIRECTORY_URL_MAX];      /* as libldap wants it */
};

/* Reads it. IPv6 addresses are in brackets; one final slash is allowed. False where text is none of these. */
bool da_directory_url_parse(const char *text, struct da_directory_url *url);

#endif
