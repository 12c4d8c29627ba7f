/* conclude.h - what a client concludes from what was seen. Nothing here asks anybody.
 *
 * For each resolver, suffix and entry point, as if the client had come in through that entry point:
 *
 * 1. corpConnectivityHost. Behind a resolver of the internal network (no dns64), on an IPv4-only network: the A RRset
 *    is 127.0.0.1 and nothing else, as the DNS64 of the server asks for it alone. Where there is an AAAA RRset, it has
 *    the entry point's mapped address and none that no entry point has, since other DNS64s hand it on as it is
 *    (RFC 6147 section 5.1.1); that there is none, or that it fails, is a remark (section 5.1.2 takes most failures for
 *    none). Through a DNS64 (dns64): the same of the AAAA RRset, which must be there; A is not looked at. On an IPv6
 *    network: the AAAA RRset is ::1 and nothing else; an A RRset is a remark.
 *    Anything else, no reply included: the client takes its DNS servers for out of reach: tunnel would be given up.
 * 2. WebProbeHost, of the types that count: A on an IPv4-only network; AAAA through a DNS64; both on an IPv6 network.
 * It leads nowhere: Connecting. It leads to an address of the entry point's own (the VIP, else the server): what the
 * best of them serves decides. It leads elsewhere: what is served there decides, best of all, and a remark says so; a
 *    server's own address behind a balancer is named as such. Not right: Connecting.
 * 3. Connected, else.
 *
 * A resolver that has no answer to any question, but failures or silence, is down or not for us: that alone is said of
 * it. A remark is a warning: it does not stop the client today. What blocked names answer is told once for each
 * resolver and name: an address is critical, since hosts would use it; NODATA or a failure are warnings. */
#ifndef DA_PROBE_CONCLUDE_H
#define DA_PROBE_CONCLUDE_H

#include "command.h"
#include "deployment.h"
#include "probe/view.h"
#include "record_set.h"

enum da_state {
    DA_STATE_CONNECTED,
    DA_STATE_CONNECTING, /* the tunnel stands, and the client says "Connecting" for ever */
    DA_STATE_GIVEN_UP,   /* 6to4, Teredo, IP-HTTPS: one after the other is given up */
};

/* Stable identifiers of JSON output and of the manual. */
enum da_reason {
    DA_REASON_RESOLVER_SILENT,      /* given up */
    DA_REASON_CONNECTIVITY_FAILS,   /* given up: SERVFAIL, REFUSED, no reply */
    DA_REASON_CONNECTIVITY_MISSING, /* given up: NXDOMAIN, or no address of the type that counts */
    DA_REASON_CONNECTIVITY_WRONG,   /* given up: another address */
    DA_REASON_CONNECTIVITY_PREFIX,  /* given up: an address that is 127.0.0.1 within another prefix */
    DA_REASON_CONNECTIVITY_EXTRA,   /* given up: the right one and a wrong one beside it */
    DA_REASON_CONNECTIVITY_A,       /* remark: A where only ::1 may be */
    DA_REASON_CONNECTIVITY_NO_AAAA, /* remark: IPv4-only, without dns64: no AAAA */
    DA_REASON_WEB_FAILS,            /* Connecting: SERVFAIL, no reply */
    DA_REASON_WEB_MISSING,          /* Connecting: no address */
    DA_REASON_WEB_UNREACHABLE,      /* Connecting: refused, silent, unreachable, broken */
    DA_REASON_WEB_REDIRECTED,       /* Connecting */
    DA_REASON_WEB_PORTAL,           /* Connecting: 511, or the body lacks what is expected */
    DA_REASON_WEB_STATUS,           /* Connecting */
    DA_REASON_WEB_SERVER_ADDRESS,   /* remark or beside Connecting: a server's own address stands for the VIP */
    DA_REASON_WEB_OTHER_ADDRESS,    /* remark or beside Connecting: no address of this entry point */
    DA_REASON_WEB_UNKNOWN_ADDRESS,  /* remark: an address besides, of no entry point, or AAAA on an IPv4-only network */
    DA_REASON_SLOW,                 /* remark: an answer or a page took longer than the limit */
    DA_REASON_BLOCKED_RESOLVES,     /* critical */
    DA_REASON_BLOCKED_NODATA,       /* warning: NODATA where NXDOMAIN was expected */
    DA_REASON_BLOCKED_FAILS,        /* warning */
    DA_REASON_COUNT,
};

/* "web-probe-unreachable": lower case, never changed once released. */
const char *da_reason_code(enum da_reason reason);

/* "Connected", "Connecting", "tunnel would be given up": the client's words, and ours for what it does unseen. */
const char *da_state_words(enum da_state state);

#define DA_BECAUSE_MAX 512

/* Why, in a sentence of plain text that names values: what is, what was expected, and what to look at:
 * "web probe unreachable at 10.0.0.10:80: connection refused; is there a virtual server for TCP 80?". */
struct da_because {
    enum da_reason reason;
    uint16_t type;              /* of the RRset it is about; 0 = none, or the page */
    enum da_monitored severity; /* critical: the state is no better because of it; warning: a remark */
    char text[DA_BECAUSE_MAX];
};

#define DA_CONCLUSION_BECAUSE_MAX 8

/* What a client of one resolver, of one suffix, through one entry point, concludes. */
struct da_conclusion {
    size_t resolver, suffix, entry_point;
    enum da_state state;
    struct da_because *because; /* the decisive first; NULL where all is well */
    size_t because_count;       /* up to DA_CONCLUSION_BECAUSE_MAX */
};

/* What was found of a blocked name through one resolver; none where it is NXDOMAIN as it should be. */
struct da_blocked {
    size_t resolver, suffix; /* suffix SIZE_MAX = the bare name */
    const char *label;
    struct da_because because;
};

struct da_expectations {
    const struct da_deployment *deployment;
    const struct da_record_set *set; /* its suffixes are those that were asked */
    size_t entry_point;              /* the only one asked about; SIZE_MAX = all */
    bool dns64;                      /* the resolvers are a DNS64, or stand behind one */
    unsigned port;                   /* of the web probe */
    unsigned slow;                   /* milliseconds that an answer or page may take */
};

struct da_conclusions {
    struct da_conclusion *conclusions; /* by resolver, suffix, entry point */
    size_t count;
    struct da_blocked *blocked; /* by resolver, bare first, then suffix */
    size_t blocked_count;
    size_t blocked_asked;        /* names asked, over all resolvers that are not silent */
    const char **silent;         /* by resolver: why it counts as silent; NULL = it does not */
    struct da_because *silences; /* by resolver: the one reason that all its conclusions have, and share */
};

/* conclusions is to be cleared whatever is returned. Returns DA_OK or DA_ERR_MEMORY. */
enum da_status da_conclude(const struct da_expectations *expectations, const struct da_view *view,
                           struct da_conclusions *conclusions);
void da_conclusions_clear(struct da_conclusions *conclusions);

/* The worst: critical for Connecting, given up and blocked names that resolve; warning for remarks; else ok. */
enum da_monitored da_conclusions_severity(const struct da_conclusions *conclusions);

#endif
