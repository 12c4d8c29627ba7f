/* live_endpoint.h - what a user writes for a server: ADDRESS, ADDRESS@PORT, NAME or NAME@PORT. Private to the live
 * sources. */
#ifndef DA_LIVE_ENDPOINT_H
#define DA_LIVE_ENDPOINT_H

#include <netdb.h>
#include <stdbool.h>

struct da_endpoint {
    char host[256]; /* an address, of which IPv6 may have a zone (RFC 4007), or a hostname */
    char port[6];   /* "53" where none was given */
    bool is_address;
};

/* Reads it; false where text is none of these. */
bool da_endpoint_parse(const char *text, struct da_endpoint *endpoint);

/* Looks its addresses up, which takes as long as the system's resolver is patient. addresses is set on success only,
 * and freed with freeaddrinfo(3). Returns NULL, or why there are none. */
const char *da_endpoint_look_up(const struct da_endpoint *endpoint, int socket_type, struct addrinfo **addresses);

#endif
