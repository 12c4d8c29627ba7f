/* parts.h - what the values of a client policy are made of. Private to zones/ncsi. */
#ifndef DA_NCSI_PARTS_H
#define DA_NCSI_PARTS_H

#include "address.h"
#include "name.h"

#include <stdbool.h>
#include <stddef.h>

#define DA_URL_HOST_MAX 256 /* octets of a host, with its NUL */

struct da_url {
    bool secure; /* https */
    char host[DA_URL_HOST_MAX];
    unsigned port;
    bool root; /* the path is "/", and there is no query */
};

/* Reads http://HOST[:PORT]/… or https (RFC 3986), without user and password. */
bool da_url_parse(const char *text, struct da_url *url);

/* Splits a name behind its leftmost label. False for the root. */
bool da_name_split(const struct da_name *name, char label[static DA_LABEL_MAX + 1], struct da_name *parent);

/* Any IPv6 prefix; its length is 0 to 128 bits. */
struct da_site_prefix {
    struct da_ipv6 network;
    unsigned length;
};

enum da_site_prefix_kind {
    DA_SITE_PREFIX_END, /* no more */
    DA_SITE_PREFIX_RIGHT,
    DA_SITE_PREFIX_WRONG, /* no ADDRESS/LENGTH, or bits behind the length are set */
    DA_SITE_PREFIX_CUT,   /* "...": PowerShell has left out the rest */
};

/* Takes the next prefix of a list: separated by commas, semicolons or blanks; in braces where PowerShell prints an
 * array. *list goes on behind it. text and length, which may be NULL: what stands there. */
enum da_site_prefix_kind da_site_prefix_next(const char **list, struct da_site_prefix *prefix, const char **text,
                                             size_t *length);

/* True where the first bits of address are those of the prefix, and length, of what begins there, is no shorter. */
bool da_site_prefix_covers(const struct da_site_prefix *prefix, const struct da_ipv6 *address, unsigned length);

#endif
