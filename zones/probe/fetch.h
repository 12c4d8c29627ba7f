/* fetch.h - the web probe: fills da_view.fetches, with libcurl.
 *
 * HTTP/1.1 GET of http://NAME/ as a client sends it (Host without port), no proxy, no cookies, no name looked up. A
 * redirect to the same host, scheme and port is followed, five at the most; every other is not. At most 64 KiB of a
 * body are read. */
#ifndef DA_PROBE_FETCH_H
#define DA_PROBE_FETCH_H

#include "deployment.h"
#include "probe/view.h"
#include "record_set.h"

#include <stdio.h>

struct da_fetching {
    unsigned port;    /* 80, but for tests */
    unsigned timeout; /* seconds: of the connection, and of the whole fetch */
    const char *body; /* what a right body has in it, octet by octet; NULL = any will do */
    bool dns64;       /* addresses within a NAT64 prefix of the deployment stand for the IPv4 address inside: a NAT64
                         would connect there, and so does this. Else addresses are connected to as they are. */
};

/* Fetches from each address that any resolver gave for WebProbeHost under each suffix: at most 32 at once. The address
 * of a fetch is that connected to. Returns DA_OK, DA_ERR_MEMORY, or DA_ERR_IO where libcurl cannot be used. */
enum da_status da_probe_fetch(const struct da_deployment *deployment, const struct da_record_set *set,
                              const struct da_fetching *fetching, FILE *progress, struct da_view *view,
                              struct da_error *error);

/* Where an address of WebProbeHost is connected to: itself, or with dns64 the IPv4 address inside. */
struct da_seen_address da_fetch_target(const struct da_deployment *deployment, bool dns64,
                                       const struct da_seen_address *address);

#endif
