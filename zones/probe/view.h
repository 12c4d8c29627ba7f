/* view.h - all that was seen from where a client would be: what each resolver answered, and what each address served.
 *
 * Asking fills it (ask.h, fetch.h), conclusions are drawn from it (conclude.h), reports show both. */
#ifndef DA_PROBE_VIEW_H
#define DA_PROBE_VIEW_H

#include "address.h"
#include "probe/questions.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DA_SEEN_WHY_MAX 160

enum da_answered {
    DA_ANSWERED_NOTHING, /* no usable reply, or not asked: why tells */
    DA_ANSWERED_ADDRESSES,
    DA_ANSWERED_NODATA,
    DA_ANSWERED_NXDOMAIN,
    DA_ANSWERED_FAILURE, /* SERVFAIL, REFUSED, …: why tells */
};

struct da_seen_address {
    uint8_t octets[DA_IPV6_LEN];
    uint8_t length; /* DA_IPV4_LEN or DA_IPV6_LEN */
};

/* One name and type, as one resolver answered it. Addresses are those the name leads to, through aliases too. */
struct da_seen {
    size_t resolver; /* index in the view */
    size_t suffix;   /* index in the record set; DA_PROBE_BARE = the bare name */
    enum da_asked asked;
    const char *label; /* the leftmost label; the record set's or static */
    uint16_t type;     /* DA_TYPE_A or DA_TYPE_AAAA */
    enum da_answered answered;
    bool alias; /* a CNAME led elsewhere */
    struct da_seen_address *addresses;
    size_t address_count;
    unsigned milliseconds;
    char *why; /* NULL = nothing to tell */
};

enum da_fetched {
    DA_FETCHED_NOTHING,     /* not fetched */
    DA_FETCHED_RIGHT,       /* status 2xx, and the body has what was expected */
    DA_FETCHED_REFUSED,     /* the port is closed */
    DA_FETCHED_SILENT,      /* no connection, or no whole reply, in the time allowed */
    DA_FETCHED_UNREACHABLE, /* no route, or the network says so */
    DA_FETCHED_REDIRECTED,  /* to another host, scheme or port: it was not followed */
    DA_FETCHED_PORTAL,      /* status 511 (RFC 6585) */
    DA_FETCHED_STATUS,      /* any other status */
    DA_FETCHED_BODY,        /* the body lacks what was expected */
    DA_FETCHED_BROKEN,      /* what came is no HTTP, or the connection broke */
};

/* One GET of http://directaccess-WebProbeHost.SUFFIX/ from one address: at most one for each suffix and address,
 * whichever resolvers named it. */
struct da_fetch {
    size_t suffix;                  /* index in the record set */
    struct da_seen_address address; /* connected to */
    enum da_fetched fetched;
    unsigned status; /* HTTP; 0 = none came */
    unsigned milliseconds;
    char why[DA_SEEN_WHY_MAX]; /* where it is not right: libcurl's words, or where the redirect leads */
};

struct da_view {
    const char *const *resolvers; /* borrowed: as given; NULL = the system's */
    size_t resolver_count;
    struct da_probe_questions questions;
    struct da_seen
        *seen; /* a question number and resolver each: by resolver, then bare names, then suffix, asked, label, type */
    size_t seen_count;
    struct da_fetch *fetches; /* by suffix, then address */
    size_t fetch_count;
};

/* Lets go of what was seen. */
void da_view_clear(struct da_view *view);

/* What a resolver answered; NULL = it was not asked. label: of DA_ASKED_BLOCKED; else NULL. */
const struct da_seen *da_view_seen(const struct da_view *view, size_t resolver, size_t suffix, enum da_asked asked,
                                   const char *label, uint16_t type);

/* What an address served for a suffix; NULL = it was not fetched. */
const struct da_fetch *da_view_fetch(const struct da_view *view, size_t suffix, const struct da_seen_address *address);

#endif
